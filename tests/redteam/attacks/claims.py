"""Attacks that watch: claim a voter, or keep one as a contact, and wait for the next roll."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from ..browser import Browser
from ..lab import Lab, as_query
from ..outcomes import Outcome
from ..world import Row, World, door_of

WATCHED: Final = ("/", "/registration/", "/inbox/", "/account/", "/contacts/")
CLAIMS: Final = 330
HEADER: Final = ("first_name", "last_name", "address", "city", "zip")


def claim_and_watch(lab: Lab) -> Iterator[Outcome]:
    """Claim voters with all of their details, half of whom move; after the next roll compare what the pages say."""
    moved, stayed = _movers(lab, "claims", min(CLAIMS, lab.number))
    targets = [*moved, *stayed]
    with lab.house.fresh():
        browsers = lab.house.accounts(len(targets))
        claimed = lab.house.each(lambda pair: _claim(*pair), list(zip(browsers, targets, strict=True)))
        before = lab.house.each(_pages, browsers)
        _next_roll(lab)
        changes = [_change(*pair) for pair in zip(before, lab.house.each(_pages, browsers), strict=True)]
        known = [one for one, is_claimed in zip(changes, claimed, strict=True) if is_claimed]
        has_moved = [row in moved for row, is_claimed in zip(targets, claimed, strict=True) if is_claimed]
    yield lab.outcome("claim and watch: moved?", len(known), _told_apart(known, has_moved))


def recheck_and_compare(lab: Lab) -> Iterator[Outcome]:
    """Keep voters as contacts with their old addresses, and re-check them all after the next roll."""
    moved, stayed = _movers(lab, "re-check", lab.number)
    targets = [*moved, *stayed]
    with lab.house.fresh():
        browser = lab.house.accounts(1)[0]
        browser.upload([{name: row[name] for name in HEADER} for row in targets], HEADER)
        before = _statuses(browser)
        _next_roll(lab)
        watched = _statuses(browser)
        lab.house.pass_days(20)  # contacts expire after 30 days
        browser.recheck()
        lab.house.wait()
        after = _statuses(browser)
    names = [(row["first_name"], row["last_name"]) for row in targets]
    changes = [_step(before, watched, name) for name in names]
    has_moved = [row in moved for row in targets]
    yield lab.outcome("contacts, watch: moved?", 1, _told_apart(changes, has_moved))
    changes = [_step(before, after, name) for name in names]
    kinds = Counter(zip(has_moved, changes, strict=True)).most_common()
    note = "; ".join(f"{'moved' if moved else 'stayed'}: {change} {number}" for (moved, change), number in kinds)
    yield lab.outcome("contacts, re-check: moved?", 1, _told_apart(changes, has_moved), (), note)


def _movers(lab: Lab, salt: str, number: int) -> tuple[list[Row], list[Row]]:
    """Return voters who moved until the next roll, and as many who stayed."""
    following = World.read(lab.house.state / "roll" / "generic_next.csv", lab.world.seed)
    later = {row["voter_id"]: row for row in following.rows}
    targets = [row for row in lab.world.targets(1_000_000, salt) if row["voter_id"] in later]
    moved = [row for row in targets if door_of(later[row["voter_id"]]) != door_of(row)][: number // 2]
    stayed = [row for row in targets if later[row["voter_id"]] == row][: len(moved)]
    return moved, stayed


def _claim(browser: Browser, row: Row) -> bool:
    url = browser.look_up(as_query(row))
    return bool(url) and browser.answer(url) and browser.url.endswith("/registration/")


def _next_roll(lab: Lab) -> None:
    lab.house.load_roll("generic_next")
    lab.house.wait()
    lab.house.pass_days(5)
    lab.house.wait()


def _pages(browser: Browser) -> Counter[str]:
    return Counter(line for path in WATCHED for line in browser.lines(path))


def _change(before: Counter[str], after: Counter[str]) -> str:
    """Return what is new on the pages, and what is gone."""
    return str((sorted((after - before).elements()), sorted((before - after).elements())))


def _statuses(browser: Browser) -> dict[tuple[str, str], str]:
    return {(row["first_name"], row["last_name"]): row["status"] for row in browser.contacts()}


def _step(before: dict[tuple[str, str], str], after: dict[tuple[str, str], str], name: tuple[str, str]) -> str:
    return "same" if before.get(name) == after.get(name) else f"{before.get(name)} to {after.get(name)}"


def _told_apart(signs: Sequence[str], has_moved: Sequence[bool]) -> list[bool]:
    """Return which targets a sign tells apart: a sign is worth its excess among movers over those who stayed.

    A sign that occurs in both groups alike tells nothing.
    """
    in_moved = Counter(sign for sign, moved in zip(signs, has_moved, strict=True) if moved)
    in_stayed = Counter(sign for sign, moved in zip(signs, has_moved, strict=True) if not moved)
    learned = sum(max(0, number - in_stayed[sign]) for sign, number in in_moved.items())
    return [at < learned for at in range(len(signs))]
