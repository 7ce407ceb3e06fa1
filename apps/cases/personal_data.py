"""Personal data of cases: export and erasure."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from apps.privacy import registry as privacy

from .models import Case

if TYPE_CHECKING:
    from apps.accounts.models import User


def register_personal_data() -> None:
    """Declare the data; called from AppConfig.ready."""
    privacy.register(
        Case,
        title=_("Questions about you that a person of our staff looked at"),
        keep=_("until your account goes; after that only their number and kind"),
        fields=("kind", "state", "opened_at", "closed_at", "answer"),
        erase=_anonymize,
    )


def _anonymize(member: "User") -> int:
    """Delete open cases about a member; strip member, facts and note from closed ones. Return the rows touched."""
    cases = Case.objects.filter(member=member)
    deleted = cases.exclude(state=Case.State.CLOSED).delete()[0]
    return deleted + cases.update(member=None, facts={}, note="")
