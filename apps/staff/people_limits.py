"""Limit how many people on the roll a steward may see a day; counted before they are shown; owners are alerted at
half.
"""

from typing import Final

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.cases import services as cases
from apps.core import quotas
from apps.core.log import get_logger
from apps.core.quotas import Limit, key_for

log = get_logger(__name__)
# docs/privacy.md, What staff see.
PEOPLE_PER_DAY: Final = 50


def _limit(steward: User, amount: int = 1) -> Limit:
    return Limit("staff.people", key_for("people", steward.pk), PEOPLE_PER_DAY, amount=amount)


def reserve(steward: User, amount: int) -> int:
    """Count up to `amount` people; return how many may be shown, possibly 0. Exact under parallel requests."""
    return quotas.reserve(_limit(steward, amount))


def release(steward: User, amount: int) -> None:
    """Release people who were not shown, and alert the owners once a day if half of the day's limit is used."""
    with transaction.atomic():
        if amount:
            quotas.release(_limit(steward), amount)
        if 2 * quotas.used(_limit(steward)) >= PEOPLE_PER_DAY:
            _alert(steward)


def left(steward: User) -> int:
    """Return how many people a steward may still see today."""
    return quotas.left(_limit(steward))


def _alert(steward: User) -> None:
    key = f"{steward.pk}:{timezone.localdate().isoformat()}"
    if not cases.was_opened(kind="staff_search", key=key):
        log.warning("staff.people_half", count=PEOPLE_PER_DAY // 2)
        cases.open_case(kind="staff_search", subject_id=steward.pk, key=key)
