"""Offices, their holders and coming elections, as site search finds them. Public facts of public office only."""

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

AT_ONCE = 500


def register_search_documents() -> None:
    """Offer what can be found; called in AppConfig.ready."""
    sitesearch.register_source("officials", officials, existing=sitting)
    sitesearch.register_source("elections", elections, existing=coming)


def officials() -> Iterator[Document]:
    """Yield whoever holds an office today, once an office. Party is left out: the site belongs to none."""
    rows = _held().select_related("office", "official").order_by("pk")
    for holding in rows.iterator(chunk_size=AT_ONCE):
        division = lookup.division(holding.office.division)
        if division is None:
            continue  # it has no page
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


def _held() -> HoldingQuerySet:
    day = timezone.localdate()
    begun, goes_on = Q(start=None) | Q(start__lte=day), Q(end=None) | Q(end__gt=day)
    held: HoldingQuerySet = Holding.objects.live().filter(begun, goes_on)
    return held


def sitting(keys: Sequence[str]) -> set[str]:
    """Return which of these holdings are still held."""
    return {str(pk) for pk in _held().filter(pk__in=[int(key) for key in keys]).values_list("pk", flat=True)}


def elections() -> Iterator[Document]:
    """Yield the coming elections of divisions that have a page."""
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


def coming(keys: Sequence[str]) -> set[str]:
    """Return which of these elections are still to come."""
    rows = Election.objects.from_day(timezone.localdate()).filter(pk__in=[int(key) for key in keys])
    return {str(pk) for pk in rows.values_list("pk", flat=True)}
