"""Who sees an unfinished feature: nobody, staff, or everyone. Each change is written down with its reason."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from waffle import get_waffle_flag_model

from apps.audit import services as audit
from apps.core import page_cache
from apps.core.errors import Refused

STATES = {"off": _("Nobody"), "staff": _("Staff only"), "everyone": _("Everyone")}

# How waffle writes each state. `superusers` is off in all: what is off is off for owners, too.
_STORED: dict[str, dict[str, bool | None]] = {
    "off": {"everyone": False, "staff": False},
    "staff": {"everyone": None, "staff": True},
    "everyone": {"everyone": True, "staff": False},
}


@dataclass(frozen=True)
class Flag:
    """A feature and who sees it; `state` is empty where somebody set waffle up in another way."""

    name: str
    state: str
    made: datetime
    note: str

    @property
    def words(self) -> Any:
        """Return the state in words."""
        return STATES.get(self.state, _("Some accounts"))


def all_flags() -> list[Flag]:
    """Return every flag by name."""
    return [Flag(row.name, _state(row), row.created, row.note) for row in _rows().order_by("name")]


def _rows() -> Any:
    return get_waffle_flag_model().objects.all()


def _state(row: Any) -> str:
    if row.everyone is not None:
        return "everyone" if row.everyone else "off"
    return "staff" if row.staff else ""


def change(*, actor: Any, name: str, state: str, reason: str) -> None:
    """Set who sees a feature, from the next request on; Refused where flag, state or reason is missing."""
    if state not in _STORED:
        raise Refused(_("Choose who sees it: nobody, staff, or everyone."))
    if not reason.strip():
        raise Refused(_("Say why. The reason is kept."))
    with transaction.atomic():
        flag = _rows().select_for_update().filter(name=name).first()
        if flag is None:
            raise Refused(_("There is no such feature."))
        before = _state(flag) or "other"
        for field, value in _STORED[state].items():
            setattr(flag, field, value)
        flag.percent, flag.superusers, flag.authenticated, flag.testing = None, False, False, False
        flag.save()
        page_cache.published()
        facts = {"flag": name, "before": before, "after": state}
        audit.log_write(actor=actor, action="flag.changed", subject=flag, facts=facts, reason=reason)
