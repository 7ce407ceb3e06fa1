"""What each source permits, and who accepted that text: a button never loads a source whose text nobody accepted."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from apps.audit import services as audit
from apps.core.errors import Refused

from .layout import known_layouts, load_layout
from .models import PermittedUse


@dataclass(frozen=True)
class Terms:
    """The text of a layout's source; `accepted_at` is None where nobody accepted it as it stands."""

    layout: str
    title: str
    source: str
    text: str
    accepted_at: datetime | None

    @property
    def digest(self) -> str:
        """The hash of the text: other words have to be accepted again."""
        return sha256(f"{self.source}\n{self.text}".encode()).hexdigest()


def get_terms(name: str) -> Terms:
    """Return the terms of a layout; raises BadInput where there is none."""
    layout = load_layout(name)
    terms = Terms(name, layout.title, layout.source, layout.permitted_use, None)
    row = PermittedUse.objects.filter(layout=name, text_hash=terms.digest).first()
    return Terms(name, layout.title, layout.source, layout.permitted_use, row.accepted_at) if row else terms


def all_terms() -> list[Terms]:
    """Return the terms of every layout."""
    return [get_terms(name) for name in known_layouts()]


def accept(*, actor: Any, layout: str, digest: str) -> PermittedUse:
    """Write down that somebody accepted a text; raises Refused where it is another one by now."""
    terms = get_terms(layout)
    if terms.digest != digest:
        raise Refused("The text has changed. Read it again.")
    with transaction.atomic():
        row, made = PermittedUse.objects.get_or_create(layout=layout, text_hash=digest)
        if made:
            facts = {"layout": layout, "text": digest[:16]}
            audit.log_write(actor=actor, action="roll.terms_accepted", subject=row, facts=facts)
    return row


def check_accepted(layouts: list[str]) -> None:
    """Raise Refused naming the first layout whose terms nobody accepted."""
    for name in layouts:
        if get_terms(name).accepted_at is None:
            raise Refused(f"Nobody accepted what the source of {name} permits. Read and accept it under Sources first.")
