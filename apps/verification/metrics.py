"""Metrics of lookups."""

from collections.abc import Iterable

from django.db.models import Count

from apps.core.metrics import Sample

from .models import Attempt


def attempts_by_state() -> Iterable[Sample]:
    """Yield the number of attempts per state."""
    for state, count in Attempt.objects.values_list("state").annotate(n=Count("id")).order_by("state"):
        yield "verification_state", f'state="{state}"', count
