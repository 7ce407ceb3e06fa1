"""Feature flags: who sees an unfinished feature. Every change is logged with its reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from waffle import get_waffle_flag_model

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core import page_cache
from apps.core.errors import Refused

STATE_LABELS = {"off": _("Nobody"), "staff": _("Staff only"), "everyone": _("Everyone")}

# Waffle's fields for each state. `superusers` is always off, so that off includes owners.
_WAFFLE_FIELDS: dict[str, dict[str, bool | None]] = {
    "off": {"everyone": False, "staff": False},
    "staff": {"everyone": None, "staff": True},
    "everyone": {"everyone": True, "staff": False},
}


@dataclass(frozen=True)
class Flag:
    """Hold a flag; `state` is empty if waffle was configured in another way."""

    name: str
    state: str
    created_at: datetime
    note: str

    @property
    def label(self) -> Any:
        """Return the label of the state."""
        return STATE_LABELS.get(self.state, _("Some accounts"))


def all_flags() -> list[Flag]:
    """Return all flags by name."""
    return [Flag(row.name, _flag_state(row), row.created, row.note) for row in _flag_rows().order_by("name")]


def _flag_rows() -> Any:
    return get_waffle_flag_model().objects.all()


def _flag_state(row: Any) -> str:
    if row.everyone is not None:
        return "everyone" if row.everyone else "off"
    return "staff" if row.staff else ""


def change_flag(*, actor: User, name: str, state: str, reason: str) -> None:
    """Set who sees a feature from the next request on; raise Refused without a valid flag, state and reason."""
    if state not in _WAFFLE_FIELDS:
        raise Refused(_("Choose who sees it: nobody, staff, or everyone."))
    if not reason.strip():
        raise Refused(_("Say why. The reason is kept."))
    with transaction.atomic():
        flag = _flag_rows().select_for_update().filter(name=name).first()
        if flag is None:
            raise Refused(_("There is no such feature."))
        before = _flag_state(flag) or "other"
        for field, value in _WAFFLE_FIELDS[state].items():
            setattr(flag, field, value)
        flag.percent, flag.superusers, flag.authenticated, flag.testing = None, False, False, False
        flag.save()
        page_cache.published()
        facts = {"flag": name, "before": before, "after": state}
        audit.log_write(actor=actor, action="flag.changed", subject=flag, facts=facts, reason=reason)
