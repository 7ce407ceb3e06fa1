"""One fault under load, and the invariant at its end.

Whoever was told to be in has one account and one mail, and nothing waits. A refused sign-up is allowed where the
database or the web server itself was away, and nowhere else; so is the same mail twice under one Message-ID, after a
worker was killed between the mail server's answer and its own mark.
"""

import time
from collections.abc import Callable

from tests.demo_server import until
from tests.faults.installation import House
from tests.faults.load import Load
from tests.faults.results import ROWS, Row

PEOPLE = 120
RECOVERY_SECONDS = 60
# What a request may take while one server is away, its own work included.
REQUEST_SECONDS = 3.0


def held_for(seconds: float) -> None:
    """Let a fault last."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end, seconds + 1)


def ride(
    house: House,
    name: str,
    fault: Callable[[House], object],
    *,
    may_refuse: bool = False,
    people: int = PEOPLE,
    hands: int = 4,
    dead: int = 0,
    slowest: float = REQUEST_SECONDS,
) -> Load:
    """Let the fault come once a quarter of the people is in; check that nothing was lost and nothing doubled."""
    letters = house.count("SELECT count(*) FROM jobs_job WHERE state = 'dead'")
    load = Load(house, people, hands=hands)
    load.wait_for(0.25)
    fault(house)
    over = time.monotonic()
    load.wait()
    # Where people still came after the fault, recovery is what was left to do when the last of them was in.
    over = max(over, load.ended)
    finished = until(house.idle, RECOVERY_SECONDS + 30)
    recovery = time.monotonic() - over
    lost, doubled, refused = load.lost(), load.doubled(), sum(load.refused.values())
    ROWS.append(Row(name, people, refused, recovery, load.slowest, len(lost), len(doubled), load.again()))
    assert finished, house.tail()
    assert lost == []
    assert doubled == []
    assert load.half_done() == 0
    assert house.count("SELECT count(*) FROM jobs_job WHERE state = 'dead'") == letters + dead
    assert recovery < RECOVERY_SECONDS
    assert may_refuse or not load.refused, load.refused
    assert load.slowest < slowest
    return load
