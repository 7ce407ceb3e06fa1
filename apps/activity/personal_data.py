"""Personal data of the activity feed, in whichever backend ACTIVITY_URL names."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from apps.privacy import registry as privacy

from .base import activity
from .models import ActivityDocument


def register_personal_data() -> None:
    """Register the feed's personal data and its retention; called in AppConfig.ready."""
    privacy.register(
        ActivityDocument,
        title=_("What you did here: the kind of each act and its time"),
        export=_export_rows,
        erase=lambda member: activity().erase(member.pk),
        keep=_("one year"),
    )
    privacy.register_retention("activity", days=365, purge=lambda before: activity().purge(before))


def _export_rows(member: AbstractBaseUser) -> Iterator[dict[str, Any]]:
    for entry in activity().whole_feed(member.pk):
        yield {"kind": entry.kind, "at": entry.at, **entry.facts}
