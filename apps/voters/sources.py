"""Permitted uses of sources. The refresh button loads a source only after a steward accepted its permitted use."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from apps.audit import services as audit
from apps.core.errors import Refused

from .layout import known_layouts, load_layout
from .models import PermittedUse


@dataclass(frozen=True)
class Terms:
    """The permitted use of a layout's source; `accepted_at` is None until the current text is accepted."""

    layout: str
    title: str
    source: str
    text: str
    accepted_at: datetime | None

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the text; a changed text has to be accepted again."""
        return sha256(f"{self.source}\n{self.text}".encode()).hexdigest()


def get_terms(name: str) -> Terms:
    """Return the terms of a layout; raise BadInput if there is no such layout."""
    layout = load_layout(name)
    terms = Terms(name, layout.title, layout.source, layout.permitted_use, None)
    row = PermittedUse.objects.filter(layout=name, text_hash=terms.digest).first()
    return Terms(name, layout.title, layout.source, layout.permitted_use, row.accepted_at) if row else terms


def all_terms() -> list[Terms]:
    """Return the terms of every layout."""
    return [get_terms(name) for name in known_layouts()]


def accept(*, actor: AbstractBaseUser, layout: str, digest: str) -> PermittedUse:
    """Record that `actor` accepted a text; raise Refused if the text has changed since."""
    terms = get_terms(layout)
    if terms.digest != digest:
        raise Refused("The text has changed. Read it again.")
    with transaction.atomic():
        permitted_use, created = PermittedUse.objects.get_or_create(layout=layout, text_hash=digest)
        if created:
            facts = {"layout": layout, "text": digest[:16]}
            audit.log_write(actor=actor, action="roll.terms_accepted", subject=permitted_use, facts=facts)
    return permitted_use


def check_accepted(layouts: list[str]) -> None:
    """Raise Refused that names the first layout whose terms are not accepted."""
    for name in layouts:
        if get_terms(name).accepted_at is None:
            raise Refused(f"The permitted use of {name} is not accepted yet. Read and accept it under Sources first.")
