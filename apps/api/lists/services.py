"""Submit, decide, match and finish partners' lists. A part may run twice or be killed: its result is the same."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import Refused
from apps.jobs import jobs, task_names
from apps.jobs.models import Job
from apps.matching import TypedPerson
from apps.voters import snapshot_files
from apps.voters.search.base import voter_index

from ..models import ApiKey
from .birth_dates import read_birth_dates
from .models import ListPart, PartnerList
from .place_lookup import divisions_of_people

PART_SIZE: Final = 500
RETENTION_DAYS: Final = 30
TASK: Final = task_names.MATCH_LIST_PART
# A partner learns only whether a person is registered, never who else it might be.
STATUS_BY_MATCH: Final = {"verified": "registered", "possible": "unclear", "none": "not_found"}
OPEN_STATES: Final = (PartnerList.State.RUNNING, PartnerList.State.STOPPED)


def submit_list(
    *, key: ApiKey, purpose: str, kind: str, rows: Sequence[Mapping[str, str]], date_order: str = ""
) -> PartnerList:
    """Store a list until it is decided. Each row has a query_id and fields of TypedPerson.

    Raises BadInput if its birth dates cannot be read as they are.
    """
    rows, order, unread = read_birth_dates(rows, date_order)
    with transaction.atomic():
        partner_list = PartnerList.objects.create(
            key=key,
            purpose=" ".join(purpose.split()),
            kind=kind,
            people=len(rows),
            date_order=order,
            unread_dates=unread,
        )
        ListPart.objects.bulk_create(
            ListPart(list=partner_list, number=start // PART_SIZE, rows=json.dumps(rows[start : start + PART_SIZE]))
            for start in range(0, len(rows), PART_SIZE)
        )
        audit.log_write(actor=None, action="partner_list.submit", subject=partner_list, facts={"people": len(rows)})
    return partner_list


def decide(*, actor: User, list_id: UUID, approved: bool, reason: str) -> PartnerList:
    """Approve or refuse a waiting list; raise Refused if it is decided already, or no roll is live."""
    if approved and not snapshot_files.live_snapshots():
        raise Refused("No roll is live, so no one can be looked up. Load one with load_roll first.")
    state = PartnerList.State.RUNNING if approved else PartnerList.State.REFUSED
    with transaction.atomic():
        waiting = PartnerList.objects.filter(pk=list_id, state=PartnerList.State.WAITING)
        if not waiting.update(state=state, decided_at=timezone.now()):
            raise Refused("This list is decided already.")
        partner_list = PartnerList.objects.get(pk=list_id)
        facts = {"people": partner_list.people, "key": partner_list.key_id}
        action = f"partner_list.{'approve' if approved else 'refuse'}"
        audit.log_write(actor=actor, action=action, subject=partner_list, facts=facts, reason=reason)
        if approved:
            _enqueue(partner_list.pk, range(-(-partner_list.people // PART_SIZE)), _live_rolls_hash())
        else:
            partner_list.parts.all().delete()
    return partner_list


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
        part.results = json.dumps(_match_rows(json.loads(part.rows), part.list.kind))
        part.rolls_hash = rolls_hash
        part.save(update_fields=["results", "rolls_hash"])
    _finish_if_complete(part.list)


def _match_rows(rows: Sequence[Mapping[str, str]], kind: str) -> list[tuple[str, str, list[str]]]:
    people = [TypedPerson(**{name: text for name, text in row.items() if name != "query_id"}) for row in rows]
    results = voter_index().match_many(people, kind)
    return [
        (row["query_id"], STATUS_BY_MATCH[result.status], divisions)
        for row, result, divisions in zip(rows, results, divisions_of_people(people), strict=True)
    ]


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
