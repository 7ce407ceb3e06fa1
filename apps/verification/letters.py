"""Letters: a code printed by staff and sent by postal mail to the registered address confirms a claim."""

import secrets
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.crypto import keyed_hash
from apps.core.errors import Refused

from . import claims
from .models import Claim, Letter

MAX_ATTEMPTS: Final = 5
MAX_LETTERS_PER_CLAIM: Final = 3
# No vowels, so that no word appears; no character that resembles another.
CODE_ALPHABET: Final = "BCDFGHJKMNPQRTVWXYZ23456789"
CODE_LENGTH: Final = 8


@dataclass(frozen=True)
class PrintedLetter:
    """Hold what is printed: the code, visible only here, and the registered name and address."""

    code: str
    name: str
    lines: list[str]

    def __repr__(self) -> str:
        return "Printed(…)"


def request_letter(*, member: User) -> Letter:
    """Request a letter; return the open one if there is one. Raises Refused without a claim or after three letters."""
    with transaction.atomic():
        claim = Claim.objects.select_for_update().current_of(member).first()
        if claim is None or claim.state == Claim.State.CONFIRMED:
            raise Refused(_("There is no registration that needs a code."))
        open_letter: Letter | None = claim.letters.open().first()
        if open_letter:
            return open_letter
        claim.letters.filter(state=Letter.State.PRINTED).update(state=Letter.State.ENDED, ended_at=timezone.now())
        if claim.letters.count() >= MAX_LETTERS_PER_CLAIM:
            raise Refused(_("Three letters were sent. Write to us, and a person will look at it."))
        return Letter.objects.create(claim=claim)


def print_letter(*, letter: Letter, actor: User, reason: str) -> PrintedLetter:
    """Create a code and return what is printed; printing again creates a new code.

    The access is logged first. Raises Refused if the record is gone or the letter has ended.
    """
    audit.log_read(actor=actor, subject=letter.claim.member, fields=["name", "mailing address"], reason=reason)
    row = claims.claimed_record(letter.claim)
    if row is None:
        raise Refused(_("This registration is no longer on the roll. No letter can be sent."))
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    with transaction.atomic():
        open_letter = Letter.objects.filter(pk=letter.pk, state__in=[Letter.State.REQUESTED, Letter.State.PRINTED])
        if not open_letter.update(
            state=Letter.State.PRINTED, printed_at=timezone.now(), code_hash=code_hash(letter.pk, code), attempts=0
        ):
            raise Refused(_("This letter has ended. The member can ask for a new one."))
    voter = row.record
    name = " ".join(part for part in (voter.first_name, voter.middle_name, voter.last_name, voter.suffix) if part)
    lines = [voter.address, " ".join(part for part in (f"{voter.city},", row.state, voter.zip) if part)]
    if row.mailing_address:
        lines = row.mailing_address.split("\n")
    return PrintedLetter(f"{code[:4]}-{code[4:]}", name, lines)


def code_hash(letter_id: int, code: str) -> bytes:
    """Return the stored hash of a code; case, blanks and hyphens do not matter."""
    normalized = "".join(character for character in code.upper() if character.isalnum())
    return keyed_hash(settings.LOOKUP_KEY, "letter", str(letter_id), normalized)


def confirm_code(*, member: User, code: str) -> bool:
    """Return whether a code confirms the member's claim; raise Refused without a printed letter.

    Each attempt is counted before the comparison; the fifth wrong one ends the letter.
    """
    with transaction.atomic():
        letter = (
            Letter.objects.select_for_update()
            .open()
            .filter(state=Letter.State.PRINTED, claim__in=Claim.objects.current_of(member))
            .first()
        )
        if letter is None or letter.attempts >= MAX_ATTEMPTS:
            raise Refused(_("There is no code to type. Ask for a new letter."))
        Letter.objects.filter(pk=letter.pk).update(attempts=F("attempts") + 1)
        is_correct = secrets.compare_digest(bytes(letter.code_hash), code_hash(letter.pk, code))
        if is_correct:
            _end_letter(letter, Letter.State.USED)
            claims.settle_claim(letter.claim, confirmed=True)
        elif letter.attempts + 1 >= MAX_ATTEMPTS:
            _end_letter(letter, Letter.State.ENDED)
    return is_correct


def _end_letter(letter: Letter, state: str) -> None:
    Letter.objects.filter(pk=letter.pk).update(state=state, ended_at=timezone.now())
