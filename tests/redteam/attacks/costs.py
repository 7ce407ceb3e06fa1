"""What the rules cost honest people, and whether the time of an answer tells its kind."""

import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

from .. import honest_books, honest_cost
from ..browser import Browser
from ..lab import Lab, as_query
from ..outcomes import Outcome
from ..world import Row

VICTIMS: Final = 50
TIMINGS: Final = 1000
LARGEST_DISTANCE: Final = 0.08
EVENING: Final = 60
# Never used to tune the matcher or the rules.
HONEST_SEED: Final = 20_261_128


def burned_counters(lab: Lab) -> Iterator[Outcome]:
    """Somebody who knows name and birth date uses up the five wrong doors: does the voter's own lookup still work?"""
    victims = lab.targets("burn", VICTIMS)
    doors = lab.world.doors
    with lab.house.fresh():
        strangers = lab.house.accounts(max(1, 5 * len(victims) // 3))
        place = ("address", "city", "zip")
        wrong = [as_query(row, **{name: doors[at][name] for name in place}) for row in victims for at in range(5)]
        lab.look_ups(strangers, wrong)
        lab.house.pass_days(1)
        own = lab.house.accounts(len(victims))
        burned = [not found for found in lab.look_ups(own, [as_query(row) for row in victims])]
        lab.house.pass_days(30)
        later = sum(lab.look_ups(own, [as_query(row) for row in victims]))
    note = (
        f"five lookups burn a voter for 30 days, so one account burns 18 voters a month; then {later} of "
        f"{len(victims)} find themselves again; a letter works all the time"
    )
    yield lab.outcome("burn counters: own lookup fails", 1, burned, [True] * len(victims), note)


def honest_look_ups(lab: Lab) -> Iterator[Outcome]:
    """2,000 lookups of the hard mix: who does not find the own registration within two tries, and why."""
    cost = honest_cost.measure(full_dates=lab.world.full_dates, seed=HONEST_SEED)
    missed = round(cost.lookups * (1 - cost.within_two))
    reasons = ", ".join(f"{reason}: {number}" for reason, number in cost.missed.most_common())
    note = (
        f"registered at the first try {cost.first:.3f}, within two {cost.within_two:.3f} "
        f"(must {honest_cost.WITHIN_TWO}); another voter {cost.wrong} of {2 * cost.lookups:,}. Not found: {reasons}"
    )
    allowed = round(cost.lookups * (1 - honest_cost.WITHIN_TWO))
    hits = [at < missed for at in range(cost.lookups)]
    yield lab.outcome("honest lookups: not within two", 0, hits, [at < allowed for at in range(cost.lookups)], note)


def honest_address_books(lab: Lab) -> Iterator[Outcome]:
    """Ordinary books of many accounts: rows that a counter lowers to the answer of the bare name."""
    books = honest_books.BOOKS if lab.number >= 100 else 10
    with lab.house.fresh():
        cost = honest_books.measure(lab.world, books)
    note = (
        f"{books} books; {cost.with_address:,} rows have an address, {cost.registered:,} are registered, "
        f"{cost.lowered:,} are lowered by a counter (must {honest_books.BOUND:.1%})"
    )
    allowed = [at < honest_books.BOUND * cost.rows for at in range(cost.rows)]
    hits = [at < cost.lowered for at in range(cost.rows)]
    yield lab.outcome("honest address books: rows lowered by a counter", books, hits, allowed, note)


def evening_on_one_network(lab: Lab) -> Iterator[Outcome]:
    """Sixty people look themselves up on one network, a third of them twice. Counts who was refused."""
    people = lab.targets("evening", EVENING)
    with lab.house.fresh():
        browsers = lab.house.accounts(len(people), one_network=True, invited=True)
        refused = []
        for at, (browser, row) in enumerate(zip(browsers, people, strict=True)):
            slips = [as_query(row, zip="00000", address="1 Nowhere Rd")] if at % 3 == 0 else []
            refused.append(any(not browser.look_up(query) for query in [*slips, as_query(row)]))
    yield lab.outcome("evening of 60 on one network: refused", len(people), refused)


def timing(lab: Lab) -> Iterator[Outcome]:
    """Time lookups of six kinds in random order; the largest Kolmogorov-Smirnov distance of two kinds.

    Only on the roll with full dates: the work is the same on both.
    """
    if not lab.world.full_dates:
        return
    number = min(TIMINGS, lab.number)
    kinds = _kinds(lab)
    rng = Random(lab.world.seed)
    order = [kind for kind in kinds for _ in range(number)]
    rng.shuffle(order)
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    pages: dict[str, list[float]] = {kind: [] for kind in kinds}
    with lab.house.fresh():
        _suppress(lab, kinds["suppressed"])
        browsers = lab.house.accounts(100)
        for start in range(0, len(order), 3 * len(browsers)):
            today = order[start : start + 3 * len(browsers)]
            pairs = [(browsers[at % len(browsers)], kind, rng.choice(kinds[kind])) for at, kind in enumerate(today)]
            asked = [(browser, kind, *_timed_look_up(browser, query)) for browser, kind, query in pairs]
            for browser, kind, url, seconds in asked:
                times[kind].append(seconds)
                pages[kind].append(_timed_answer(browser, url))
            lab.house.pass_days(1)
    for name, seen in (("question", times), ("answer", pages)):
        distance = max(ks_distance(seen[one], seen[other]) for one in seen for other in seen if one < other)
        # With few timings chance alone is above the bound: 1.95 is the critical value of one in a thousand.
        bound = max(LARGEST_DISTANCE, 1.95 * (2 / number) ** 0.5)
        note = f"largest distance of two kinds {distance:.3f}, must be below {bound:.3f}, {number} timings each"
        yield lab.outcome(f"timing of the {name}", 100, [distance >= bound] * number, (), note)


def _kinds(lab: Lab) -> dict[str, list[Row]]:
    known, wrong = lab.targets("timing", 300), lab.targets("timing wrong", 300)
    hidden = [as_query(row) for row in lab.targets("timing suppressed", 50)]
    return {
        "unknown": [as_query(row, first_name="Zed", last_name="Quillfeather") for row in known],
        "suppressed": hidden,
        "protected": [as_query(row) for row in lab.world.protected[:50]],
        "wrong door": [as_query(row, address="1 Nowhere Rd") for row in wrong],
        "wrong date": [as_query(row, born="1931-07-13" if lab.world.full_dates else "1931") for row in wrong],
        "overdrawn": [as_query(row, address="1 Nowhere Rd") for row in wrong[:5]],
    }


def _suppress(lab: Lab, queries: Sequence[Row]) -> None:
    from apps.voters import suppression

    for row in queries:
        suppression.suppress(state="HD", voter_id=row["voter_id"], by="operator")
    lab.house.wait()


def _timed_look_up(browser: Browser, query: Row) -> tuple[str, float]:
    began = time.perf_counter()
    url = browser.look_up(query)
    return url, time.perf_counter() - began


def _timed_answer(browser: Browser, url: str) -> float:
    """Return the seconds of the page of the answer, once it is there."""
    browser.answer(url)
    began = time.perf_counter()
    browser.get(url)
    return time.perf_counter() - began


def ks_distance(one: Sequence[float], two: Sequence[float]) -> float:
    """Return the Kolmogorov-Smirnov distance of two samples: the largest difference of their distributions."""
    one, two = sorted(one), sorted(two)
    return max(abs(bisect_right(one, at) / len(one) - bisect_right(two, at) / len(two)) for at in (*one, *two))
