"""Search documents of office holders and upcoming elections. Public data of public office only."""

from collections.abc import Iterator, Sequence

from django.db.models import Q
from django.utils import timezone

from apps import sitesearch
from apps.districts import lookup
from apps.sitesearch import Document
from apps.sitesearch.division_documents import division_name, division_state, division_url

from .managers import HoldingQuerySet
from .models import Election, Holding
from .representation import TITLES

BATCH_SIZE = 500


def register_search_documents() -> None:
    """Register officials and elections with site search; called in AppConfig.ready."""
    sitesearch.register_source("officials", officials, existing=current_holdings)
    sitesearch.register_source("elections", elections, existing=upcoming_keys)


def officials() -> Iterator[Document]:
    """Yield current office holders, once per office, without their party: the site is nonpartisan."""
    rows = _current_holdings().select_related("office", "official").order_by("pk")
    for holding in rows.iterator(chunk_size=BATCH_SIZE):
        division = lookup.division(holding.office.division)
        if division is None:
            continue  # a division without boundaries has no page
        title = str(TITLES.get(holding.office.role, holding.office.role.replace("_", " ").capitalize()))
        state = division_state(division.ocd_id)
        yield Document(
            kind="official",
            key=str(holding.pk),
            title=holding.official.name,
            text=", ".join(filter(None, [title, division_name(division), state.upper()])),
            url=division_url(division.ocd_id),
            facets={"state": state} if state else {},
        )


def _current_holdings() -> HoldingQuerySet:
    day = timezone.localdate()
    started, not_ended = Q(start=None) | Q(start__lte=day), Q(end=None) | Q(end__gt=day)
    current: HoldingQuerySet = Holding.objects.live().filter(started, not_ended)
    return current


def current_holdings(keys: Sequence[str]) -> set[str]:
    """Return which of these holdings are current."""
    return {
        str(pk) for pk in _current_holdings().filter(pk__in=[int(key) for key in keys]).values_list("pk", flat=True)
    }


def elections() -> Iterator[Document]:
    """Yield the upcoming elections of divisions that have a page."""
    for election in Election.objects.from_day(timezone.localdate()):
        division = lookup.division(election.division)
        if division is None:
            continue
        state = division_state(division.ocd_id)
        yield Document(
            kind="election",
            key=str(election.pk),
            title=election.name,
            text=f"{division_name(division)}, {election.date.isoformat()}",
            url=division_url(division.ocd_id),
            facets={"state": state} if state else {},
        )


def upcoming_keys(keys: Sequence[str]) -> set[str]:
    """Return which of these elections are upcoming."""
    rows = Election.objects.from_day(timezone.localdate()).filter(pk__in=[int(key) for key in keys])
    return {str(pk) for pk in rows.values_list("pk", flat=True)}
