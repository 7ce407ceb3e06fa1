"""Letters: a code printed by staff and sent by postal mail to the registered address confirms a claim.

A member may request one whatever the lookup's result. It is printed only if name and birth date identify one voter;
the member sees "requested" either way.
"""

import secrets
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core import quotas as core_quotas
from apps.core.crypto import keyed_hash
from apps.core.errors import Refused
from apps.core.quotas import QuotaExceeded
from apps.jobs import jobs, task_names
from apps.voters import rolls

from . import candidates, claims, disclosure, quotas
from .models import Letter
from .query import VoterQuery

TASK: Final = task_names.ADDRESS_LETTER
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


def request_letter(*, member: User, query: VoterQuery, network: str) -> Letter:
    """Record a request for a letter and queue it; raise Refused beyond the limits of the account or the network."""
    try:
        with transaction.atomic():
            core_quotas.spend(*quotas.letter_limits(member, network))
            letter: Letter = Letter.objects.create(member=member, query=query.to_text())
            jobs.enqueue(TASK, key=str(letter.pk), args={"letter_id": letter.pk}, priority=6)
    except QuotaExceeded as error:
        raise Refused(_("No more letters can be requested for now. Ask your county office.")) from error
    return letter


def address_letter(letter_id: int) -> None:
    """Find the voter of a letter; called by the worker, safe to run twice. Without one, the request ends unprinted."""
    letter = Letter.objects.filter(pk=letter_id, state=Letter.State.ASKED).first()
    if letter is None:
        return
    query = VoterQuery.from_text(letter.query)
    row = disclosure.recipient(query, candidates.candidate_rows(query))
    this_letter = Letter.objects.filter(pk=letter_id, state=Letter.State.ASKED)
    with transaction.atomic():
        if row is not None and core_quotas.reserve(quotas.letter_recipient_limit((row.state, row.record.voter_id))):
            letter.roll_state, letter.voter_id, letter.state = row.state, row.record.voter_id, Letter.State.REQUESTED
            letter.save(update_fields=["roll_state", "voter_id", "state"])
        else:
            this_letter.update(state=Letter.State.ENDED, ended_at=timezone.now())


def print_letter(*, letter: Letter, actor: User, reason: str) -> PrintedLetter:
    """Create the code of a letter and return the printed text, once; the code is never shown again.

    The access is logged first. Raises Refused for the member's own letter, for one that was printed before, and if
    the record is gone.
    """
    if letter.member_id == actor.pk:
        raise Refused(_("This letter is your own. Another staff member has to print it."))
    audit.log_read(actor=actor, subject=letter.member, fields=["name", "mailing address"], reason=reason)
    row = rolls.get_own_voter(letter.roll_state, letter.voter_id)
    if row is None:
        raise Refused(_("This registration is no longer on the roll. No letter can be sent."))
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    now = timezone.now()
    with transaction.atomic():
        waiting = Letter.objects.filter(pk=letter.pk, state=Letter.State.REQUESTED)
        if not waiting.update(state=Letter.State.PRINTED, printed_at=now, code_hash=code_hash(letter.pk, code)):
            raise Refused(_("This letter was printed before, or has ended. The member can request a new one."))
        # A later letter replaces the earlier ones of the same member.
        Letter.objects.with_valid_code().filter(member=letter.member_id).exclude(pk=letter.pk).update(
            state=Letter.State.ENDED, ended_at=now
        )
    name = " ".join(
        part
        for part in (row.record.first_name, row.record.middle_name, row.record.last_name, row.record.suffix)
        if part
    )
    lines = [row.record.address, " ".join(part for part in (f"{row.record.city},", row.state, row.record.zip) if part)]
    return PrintedLetter(
        f"{code[:4]}-{code[4:]}", name, row.mailing_address.split("\n") if row.mailing_address else lines
    )


def code_hash(letter_id: int, code: str) -> bytes:
    """Return the stored hash of a code; case, blanks and hyphens do not matter."""
    normalized = "".join(character for character in code.upper() if character.isalnum())
    return keyed_hash(settings.LOOKUP_KEY, "letter", str(letter_id), normalized)


def confirm_code(*, member: User, code: str) -> bool:
    """Return whether a code confirms a record of the member; false also if no letter was printed.

    Each attempt is counted before the comparison; raises Refused beyond ten in 30 days.
    """
    try:
        core_quotas.spend(quotas.code_limit(member))
    except QuotaExceeded as error:
        raise Refused(_("Too many codes were typed. Try again in some days, or request a new letter.")) from error
    with transaction.atomic():
        letter = Letter.objects.select_for_update().with_valid_code().filter(member=member).first()
        expected = bytes(letter.code_hash) if letter else b"\0" * 16
        if not secrets.compare_digest(expected, code_hash(letter.pk if letter else 0, code)) or letter is None:
            return False
        row = rolls.get_own_voter(letter.roll_state, letter.voter_id)
        snapshot = rolls.live_snapshot(letter.roll_state)
        if row is None or snapshot is None:
            return False
        Letter.objects.filter(pk=letter.pk).update(state=Letter.State.USED, ended_at=timezone.now())
        claims.confirm_record(member=member, row=row, query=VoterQuery.from_text(letter.query), snapshot=snapshot)
    return True
