"""Submit, decide, match and finish partners' lists. A part may run twice or be killed: its result is the same."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.contacts import matching as contact_matching
from apps.contacts.models import Status
from apps.contacts.quotas import Guesser
from apps.core.errors import Refused
from apps.core.log import get_logger
from apps.core.roles import Role
from apps.jobs import jobs, task_names
from apps.jobs.models import Job
from apps.matching import TypedPerson
from apps.verification import partner_lists
from apps.voters import snapshot_files

from ..models import ApiKey
from . import review
from .birth_dates import read_birth_dates
from .models import ListPart, PartnerList
from .place_lookup import divisions_of_people
from .rows import ListRow, typed_person, voter_query

log = get_logger(__name__)

PART_SIZE: Final = 500
RETENTION_DAYS: Final = 30
TASK: Final = task_names.MATCH_LIST_PART
# Of a list of contacts a partner learns what an owner of contacts learns, in three words.
STATUS_OF_CONTACT: Final = {Status.REGISTERED: "registered", Status.LIKELY: "unclear", Status.UNCLEAR: "unclear"}
NOT_FOUND: Final = "not_found"
OPEN_STATES: Final = (PartnerList.State.RUNNING, PartnerList.State.STOPPED)


def submit_list(*, key: ApiKey, purpose: str, kind: str, rows: Sequence[ListRow], date_order: str = "") -> PartnerList:
    """Store a list until it is decided. Each row has a query_id and fields of TypedPerson.

    The caller checks the names of the rows (review.check_names). Raises BadInput if birth dates cannot be read as they
    are.
    """
    rows, order, unread = read_birth_dates(rows, date_order)
    facts = review.review(rows)
    with transaction.atomic():
        partner_list = PartnerList.objects.create(
            key=key,
            purpose=" ".join(purpose.split()),
            kind=kind,
            people=len(rows),
            review=facts,
            date_order=order,
            unread_dates=unread,
        )
        ListPart.objects.bulk_create(
            ListPart(list=partner_list, number=start // PART_SIZE, rows=json.dumps(rows[start : start + PART_SIZE]))
            for start in range(0, len(rows), PART_SIZE)
        )
        audit.log_write(actor=None, action="partner_list.submit", subject=partner_list, facts={"people": len(rows)})
    if facts["canaries"]:
        log.warning("lists.canary", count=facts["canaries"])
    return partner_list


def decide(*, actor: User, list_id: UUID, approved: bool, reason: str) -> PartnerList:
    """Approve or refuse a waiting list. One person may refuse; an approval takes two, one of them an owner.

    Raises Refused if the list is decided already, no roll is live, or the actor approved it before.
    """
    if approved and not snapshot_files.live_snapshots():
        raise Refused(_("No roll is live, so no one can be looked up. Load one with load_roll first."))
    with transaction.atomic():
        waiting = PartnerList.objects.select_for_update().filter(pk=list_id, state=PartnerList.State.WAITING)
        partner_list = waiting.select_related("first_approver").first()
        if partner_list is None:
            raise Refused(_("This list is decided already."))
        facts = {"people": partner_list.people, "key": partner_list.key_id}
        if not approved:
            action = _refuse(partner_list)
        elif partner_list.first_approver is None:
            action = _approve_first(partner_list, actor)
        else:
            action = _approve(partner_list, partner_list.first_approver, actor)
        audit.log_write(actor=actor, action=action, subject=partner_list, facts=facts, reason=reason)
    return partner_list


def _refuse(partner_list: PartnerList) -> str:
    _set_decided(partner_list, PartnerList.State.REFUSED)
    partner_list.parts.all().delete()
    return "partner_list.refuse"


def _approve_first(partner_list: PartnerList, actor: User) -> str:
    waiting = PartnerList.objects.filter(pk=partner_list.pk, state=PartnerList.State.WAITING, first_approver=None)
    if not waiting.update(first_approver=actor):
        raise Refused(_("Another person has just decided. Open the page again."))
    return "partner_list.approve_first"


def _approve(partner_list: PartnerList, first: User, actor: User) -> str:
    if first.pk == actor.pk:
        raise Refused(_("You approved this list. It waits for a second person."))
    if Role.OWNER not in {first.role, actor.role}:
        raise Refused(_("One of the two who approve a list is an owner."))
    _set_decided(partner_list, PartnerList.State.RUNNING)
    _enqueue(partner_list.pk, range(-(-partner_list.people // PART_SIZE)), _live_rolls_hash())
    return "partner_list.approve"


def _set_decided(partner_list: PartnerList, state: str) -> None:
    waiting = PartnerList.objects.filter(pk=partner_list.pk, state=PartnerList.State.WAITING)
    if not waiting.update(state=state, decided_at=timezone.now()):
        raise Refused(_("This list is decided already."))
    partner_list.refresh_from_db()


def _enqueue(list_id: UUID, numbers: Sequence[int], rolls_hash: str) -> None:
    for number in numbers:
        args: dict[str, int | str] = {"list_id": str(list_id), "number": number}
        jobs.enqueue(TASK, key=f"{list_id}:{number}:{rolls_hash[:12]}", args=args, priority=7)


def match_part(list_id: str, number: int) -> None:
    """Match one part unless it was matched against the same rolls; the last part finishes the list. For the worker."""
    part = (
        ListPart.objects.filter(list_id=UUID(list_id), number=number, list__state__in=OPEN_STATES)
        .select_related("list")
        .first()
    )
    if part is None:
        return
    rolls_hash = _live_rolls_hash()
    if not part.results or part.rolls_hash != rolls_hash:
        # The counters are spent in the transaction that stores the answers: a part that runs again counts once.
        with transaction.atomic():
            part.results = json.dumps(_match_rows(part.list, json.loads(part.rows)))
            part.rolls_hash = rolls_hash
            part.save(update_fields=["results", "rolls_hash"])
    _finish_if_complete(part.list)


def _match_rows(partner_list: PartnerList, rows: Sequence[ListRow]) -> list[tuple[str, str, list[str]]]:
    people = [typed_person(row) for row in rows]
    statuses = (
        _statuses_of_contacts(partner_list.key_id, people) if partner_list.kind == "contact" else _one_bit(people)
    )
    return [
        (row["query_id"], status, divisions)
        for row, status, divisions in zip(rows, statuses, divisions_of_people(people), strict=True)
    ]


def _one_bit(people: Sequence[TypedPerson]) -> list[str]:
    """Return registered or not_found: a row is a lookup without a follow-up."""
    found = partner_lists.are_registered([voter_query(person) for person in people])
    return ["registered" if one else NOT_FOUND for one in found]


def _statuses_of_contacts(key_id: int, people: Sequence[TypedPerson]) -> list[str]:
    found = contact_matching.statuses_of_people(Guesser(key_id, "list"), people)
    return [STATUS_OF_CONTACT.get(status, NOT_FOUND) for status in found]


def _finish_if_complete(partner_list: PartnerList) -> None:
    """Finish a list whose parts are all matched against the live rolls; enqueue outdated parts again."""
    parts = list(partner_list.parts.values_list("number", "rolls_hash"))
    if any(not rolls_hash for _, rolls_hash in parts):
        return
    current = _live_rolls_hash()
    if outdated := [number for number, rolls_hash in parts if rolls_hash != current]:
        _enqueue(partner_list.pk, outdated, current)
        return
    unfinished = PartnerList.objects.filter(pk=partner_list.pk, state__in=OPEN_STATES)
    unfinished.update(state=PartnerList.State.DONE, ended_at=timezone.now())


def _live_rolls_hash() -> str:
    hashes = [f"{state}:{snapshot.hash}" for state, snapshot in snapshot_files.live_snapshots().items()]
    return sha256("|".join(hashes).encode()).hexdigest()


def stop_list(job: Job) -> None:
    """Stop the list of a job that failed permanently; replaying the dead letter resumes it."""
    PartnerList.objects.filter(pk=job.args["list_id"], state=PartnerList.State.RUNNING).update(
        state=PartnerList.State.STOPPED
    )


def count_matched(partner_list: PartnerList) -> int:
    """Return how many people of a list are matched."""
    done = partner_list.parts.exclude(rolls_hash="").count()
    return min(partner_list.people, done * PART_SIZE)


def csv_lines(partner_list: PartnerList) -> Iterator[str]:
    """Yield the results as CSV, in the order submitted. No field contains a comma or a quote."""
    yield "query_id,status,districts\n"
    for part in partner_list.parts.iterator(chunk_size=20):
        for query_id, status, divisions in json.loads(part.results):
            yield f"{query_id},{status},{'|'.join(divisions)}\n"


def delete_lists_before(before: datetime) -> int:
    """Delete lists submitted before a date; return how many rows were deleted. For the retention table."""
    return PartnerList.objects.filter(created_at__lt=before).delete()[0]
