"""Personal data of notices and outgoing email: export, erasure and retention."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.privacy import registry as privacy

from .models import Notice, OutgoingEmail
from .services import page_of


def register_personal_data() -> None:
    """Declare the data; called from AppConfig.ready."""
    privacy.register(Notice, title=_("Notices in your inbox"), keep=_("one year"), row=_notice)
    privacy.register_retention("notifications.notices", days=365, purge=_purge_notices)
    privacy.register_retention("notifications.emails", days=2, purge=_purge_emails)


def _notice(notice: Notice) -> dict[str, Any]:
    page = page_of(notice)
    return {
        "title": page.title,
        "text": "\n\n".join(page.paragraphs),
        "made_at": notice.made_at,
        "read_at": notice.read_at,
        "mailed_at": notice.mailed_at,
    }


def _purge_notices(before: datetime) -> int:
    return privacy.delete_in_batches(Notice.objects.filter(made_at__lt=before))


def _purge_emails(before: datetime) -> int:
    return privacy.delete_in_batches(OutgoingEmail.objects.filter(made_at__lt=before))
