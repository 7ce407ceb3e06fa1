"""Personal data of the audit log: a member's own entries are exported, and stored for two years."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from apps.privacy import registry as privacy

from . import services
from .models import AuditEntry

if TYPE_CHECKING:
    from apps.accounts.models import User


def register_personal_data() -> None:
    """Declare the data; called from AppConfig.ready."""
    privacy.register(
        AuditEntry,
        title=_("Who looked at your data, and why"),
        keep=_("two years; it holds numbers instead of names"),
        export=_entries_about,
        erase=lambda _member: 0,
    )
    privacy.register_retention("audit.entries", days=730, purge=services.purge)


def _entries_about(member: "User") -> Iterator[dict[str, Any]]:
    subject = f"{get_user_model()._meta.label_lower}:{member.pk}"
    entries = AuditEntry.objects.filter(subject=subject).order_by("number")
    for row in entries.values("at", "role", "action", "fields", "reason"):
        yield {**row}
