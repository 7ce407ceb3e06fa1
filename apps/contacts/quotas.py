"""The limits of contacts: look-ups of an account, wrong details of a name, re-checks, and requests to be taken off.

Counting is in `apps.core.quotas`.
"""

from typing import Final, NamedTuple

from apps.core import quotas
from apps.core.quotas import LONGEST_DAYS, Limit, key_for

DAYS: Final = 30
# A first import of the full size does not use up the look-ups of later ones.
LOOKUPS: Final = 10_000
# Of each voter who bears a name: so many wrong addresses, of one account and of all accounts.
WRONG_ADDRESSES_OF_ACCOUNT: Final = 5
WRONG_ADDRESSES_OF_ALL: Final = 20
# Of each voter who bears a name: so many birth years that are wrong, or beside a wrong place, of all accounts. Five of
# 40 ZIP codes would be right for 7.5% of the voters where the best guess is right for 2.7%.
WRONG_YEARS: Final = 1
# Of each voter: so many wrong addresses in the right city or ZIP code, of all accounts in a year.
WRONG_NEAR_ADDRESSES: Final = 1
YEAR_DAYS: Final = 365
OPT_OUTS_OF_NETWORK: Final = 20
OPT_OUTS_OF_SITE: Final = 1000


class Guesser(NamedTuple):
    """Who tries details: an account, or a partner's key. Each scope has counters of its own."""

    id: int
    scope: str = "contacts"


def lookups(owner_id: int, *, first_import: bool = False, amount: int = 1) -> Limit:
    """Return the limit of an account's look-ups; those of its first import have a limit of their own."""
    key = key_for("account", owner_id)
    if first_import:
        return Limit("contacts.first_import", key, LOOKUPS, LONGEST_DAYS, amount)
    return Limit("contacts.lookups", key, LOOKUPS, DAYS, amount)


def spend_lookups(owner_id: int, number: int, *, first_import: bool = False) -> int:
    """Spend up to `number` look-ups; return how many were left."""
    return quotas.reserve(lookups(owner_id, first_import=first_import, amount=number)) if number else 0


def wrong_addresses(guesser: Guesser, name: tuple[str, ...], bearers: int) -> tuple[Limit, Limit]:
    """Return the limits of wrong addresses of a name: of one account, and of all. They grow with the bearers."""
    own, of_all = WRONG_ADDRESSES_OF_ACCOUNT * bearers, WRONG_ADDRESSES_OF_ALL * bearers
    return (
        Limit(f"{guesser.scope}.address_of_account", key_for("account", guesser.id, *name), own, DAYS),
        Limit(f"{guesser.scope}.address_of_all", key_for("name", *name), of_all, DAYS),
    )


def near_address(guesser: Guesser, voter: tuple[str, str]) -> Limit:
    """Return the limit of wrong addresses in the city or ZIP code of a voter, given as (state, voter id)."""
    return Limit(f"{guesser.scope}.near_address", key_for("voter", *voter), WRONG_NEAR_ADDRESSES, YEAR_DAYS)


def wrong_reach(guesser: Guesser, name: tuple[str, ...], bearers: int) -> tuple[Limit, Limit]:
    """Return the limits of wrong phones and email addresses of a name: as many as of wrong addresses."""
    own, of_all = WRONG_ADDRESSES_OF_ACCOUNT * bearers, WRONG_ADDRESSES_OF_ALL * bearers
    return (
        Limit(f"{guesser.scope}.reach_of_account", key_for("account", guesser.id, *name), own, DAYS),
        Limit(f"{guesser.scope}.reach_of_all", key_for("name", *name), of_all, DAYS),
    )


def wrong_years(guesser: Guesser, name: tuple[str, ...], bearers: int) -> Limit:
    """Return the limit of birth years of a name that did not agree; it grows with the bearers."""
    return Limit(f"{guesser.scope}.year_of_all", key_for("name", *name), WRONG_YEARS * bearers, DAYS)


def tried_detail(guesser: Guesser, *typed: str) -> Limit:
    """Return the counter that remembers a wrong detail, so that the same row counts once."""
    return Limit(f"{guesser.scope}.tried", key_for("account", guesser.id, *typed), 1, DAYS)


def recheck(owner_id: int) -> Limit:
    """Return the limit of an owner's re-checks of all contacts."""
    return Limit("contacts.recheck", key_for("account", owner_id), 1, DAYS)


def opt_out_recipient(email: str) -> Limit:
    """Return the limit of emails to one address."""
    return Limit("opt_out.recipient", key_for("email", email), 1)


def opt_out_requests(network: str) -> tuple[Limit, Limit]:
    """Return the limits of requests to be taken off: of a network, and of the site."""
    return (
        Limit("opt_out.network", key_for("network", network), OPT_OUTS_OF_NETWORK),
        Limit("opt_out.site", key_for("site"), OPT_OUTS_OF_SITE),
    )
