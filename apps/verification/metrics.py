"""What the metrics tell of look-ups."""

from collections.abc import Iterable

from django.db.models import Count

from apps.core.metrics import Sample

from .models import Attempt


def by_state() -> Iterable[Sample]:
    """Return how many look-ups stand in each state."""
    for state, number in Attempt.objects.values_list("state").annotate(n=Count("id")).order_by("state"):
        yield "verification_state", f'state="{state}"', number
