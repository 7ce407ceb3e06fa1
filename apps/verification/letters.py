"""The stronger proof: a code mailed on paper to the registered address. Staff print, the member types."""

import secrets
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit import services as audit
from apps.core.crypto import keyed_hash
from apps.core.errors import Refused

from . import claims
from .models import Claim, Letter

TRIES: Final = 5
LETTERS_A_CLAIM: Final = 3
# No vowels, so that no word comes about; no sign that reads like another.
SIGNS: Final = "BCDFGHJKMNPQRTVWXYZ23456789"
LENGTH: Final = 8


@dataclass(frozen=True)
class Printed:
    """What is printed: the code, seen here once, and the registered name and address."""

    code: str
    name: str
    lines: list[str]

    def __repr__(self) -> str:
        return "Printed(…)"


def request_letter(*, member: Any) -> Letter:
    """Ask for a code by mail; the same letter where one is under way."""
    with transaction.atomic():
        claim = Claim.objects.select_for_update().held_by(member).first()
        if claim is None or claim.state == Claim.State.CONFIRMED:
            raise Refused(_("There is no registration that needs a code."))
        under_way: Letter | None = claim.letters.open().first()
        if under_way:
            return under_way
        claim.letters.filter(state=Letter.State.PRINTED).update(state=Letter.State.SPENT, ended_at=timezone.now())
        if claim.letters.count() >= LETTERS_A_CLAIM:
            raise Refused(_("Three letters were sent. Write to us, and a person will look at it."))
        return Letter.objects.create(claim=claim)


def print_letter(*, letter: Letter, actor: Any, reason: str) -> Printed:
    """Make the code and return what goes on paper. The access is logged before; printing again makes a new code."""
    audit.log_read(actor=actor, subject=letter.claim.member, fields=["name", "mailing address"], reason=reason)
    row = claims.record_of(letter.claim)
    if row is None:
        raise Refused(_("This registration is no longer on the roll. Nothing can be mailed."))
    code = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    with transaction.atomic():
        open_ = Letter.objects.filter(pk=letter.pk, state__in=[Letter.State.ASKED, Letter.State.PRINTED])
        if not open_.update(
            state=Letter.State.PRINTED, printed_at=timezone.now(), code_hash=hash_of(letter.pk, code), tries=0
        ):
            raise Refused(_("This letter has ended. The member can ask for a new one."))
    voter = row.record
    name = " ".join(part for part in (voter.first_name, voter.middle_name, voter.last_name, voter.suffix) if part)
    home = [voter.address, " ".join(part for part in (f"{voter.city},", row.state, voter.zip) if part)]
    return Printed(f"{code[:4]}-{code[4:]}", name, row.mailing_address.split("\n") if row.mailing_address else home)


def hash_of(letter_id: int, code: str) -> bytes:
    """Return what is stored of a code; how it is typed (case, blanks, hyphens) does not matter."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return keyed_hash(settings.LOOKUP_KEY, "letter", str(letter_id), plain)


def type_code(*, member: Any, code: str) -> bool:
    """Try a code; returns whether it proved the claim. Each try is spent before it is compared; the fifth ends it."""
    with transaction.atomic():
        letter = (
            Letter.objects.select_for_update()
            .open()
            .filter(state=Letter.State.PRINTED, claim__in=Claim.objects.held_by(member))
            .first()
        )
        if letter is None or letter.tries >= TRIES:
            raise Refused(_("There is no code to type. Ask for a new letter."))
        Letter.objects.filter(pk=letter.pk).update(tries=F("tries") + 1)
        right = secrets.compare_digest(bytes(letter.code_hash), hash_of(letter.pk, code))
        if right:
            _end(letter, Letter.State.USED)
            claims.settle(letter.claim, confirmed=True)
        elif letter.tries + 1 >= TRIES:
            _end(letter, Letter.State.SPENT)
    return right


def _end(letter: Letter, state: str) -> None:
    Letter.objects.filter(pk=letter.pk).update(state=state, ended_at=timezone.now())
