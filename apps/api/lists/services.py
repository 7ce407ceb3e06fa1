"""Hand in, decide, answer part by part, end. Any part may run twice or be killed: its answer is the same."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.audit import services as audit
from apps.core.errors import Refused
from apps.jobs import jobs
from apps.jobs.models import Job
from apps.matching import TypedPerson
from apps.voters import snapshot_files
from apps.voters.search.base import voter_index

from ..models import ApiKey
from .models import ListPart, PartnerList
from .place_lookup import divisions_of

PART: Final = 500
KEPT_DAYS: Final = 30
TASK: Final = "match.partner_list"
# A partner learns whether somebody is registered; who else it might be is not for them.
STATUS: Final = {"verified": "registered", "possible": "unclear", "none": "not_found"}
OPEN: Final = (PartnerList.State.RUNNING, PartnerList.State.STOPPED)


def hand_in(*, key: ApiKey, purpose: str, kind: str, rows: Sequence[Mapping[str, str]]) -> PartnerList:
    """Keep a list until it is decided. `rows` are a query_id and fields of Person each."""
    with transaction.atomic():
        made = PartnerList.objects.create(key=key, purpose=" ".join(purpose.split()), kind=kind, people=len(rows))
        ListPart.objects.bulk_create(
            ListPart(list=made, number=at // PART, asked=json.dumps(rows[at : at + PART]))
            for at in range(0, len(rows), PART)
        )
        audit.log_write(actor=None, action="partner_list.hand_in", subject=made, facts={"people": len(rows)})
    return made


def decide(*, actor: Any, list_id: UUID, approved: bool, reason: str) -> PartnerList:
    """Approve or refuse a waiting list; raises Refused where it waits no more, or no roll can answer."""
    if approved and not snapshot_files.live_snapshots():
        raise Refused("No roll is live, so nobody can be looked up. Load one with load_roll first.")
    state = PartnerList.State.RUNNING if approved else PartnerList.State.REFUSED
    with transaction.atomic():
        waiting = PartnerList.objects.filter(pk=list_id, state=PartnerList.State.WAITING)
        if not waiting.update(state=state, decided_at=timezone.now()):
            raise Refused("This list was decided before.")
        made = PartnerList.objects.get(pk=list_id)
        facts = {"people": made.people, "key": made.key_id}
        audit.log_write(
            actor=actor, action=f"partner_list.{'approve' if approved else 'refuse'}", subject=made, facts=facts,
            reason=reason,
        )  # fmt: skip
        if approved:
            _enqueue(made.pk, range(-(-made.people // PART)), _rolls())
        else:
            made.parts.all().delete()
    return made


def _enqueue(list_id: UUID, numbers: Sequence[int], rolls: str) -> None:
    for number in numbers:
        args: dict[str, int | str] = {"list_id": str(list_id), "number": number}
        jobs.enqueue(TASK, key=f"{list_id}:{number}:{rolls[:12]}", args=args, priority=7)


def answer(list_id: str, number: int) -> None:
    """Answer one part, unless the same rolls answered it before; the last part ends the list. For the worker."""
    part = (
        ListPart.objects.filter(list_id=UUID(list_id), number=number, list__state__in=OPEN)
        .select_related("list")
        .first()
    )
    if part is None:
        return
    rolls = _rolls()
    if not part.answered or part.rolls != rolls:
        found = json.dumps(_answers(json.loads(part.asked), part.list.kind))
        part.answered, part.rolls = found, rolls
        part.save(update_fields=["answered", "rolls"])
    _end(part.list)


def _answers(rows: Sequence[Mapping[str, str]], kind: str) -> list[tuple[str, str, list[str]]]:
    people = [TypedPerson(**{name: text for name, text in row.items() if name != "query_id"}) for row in rows]
    answers = voter_index().match_many(people, kind)
    return [
        (row["query_id"], STATUS[found.status], divisions)
        for row, found, divisions in zip(rows, answers, divisions_of(people), strict=True)
    ]


def _end(one: PartnerList) -> None:
    """End a list whose parts are all answered by the same rolls; parts of an older roll are answered again."""
    parts = list(one.parts.values_list("number", "rolls"))
    if any(not rolls for _, rolls in parts):
        return
    current = _rolls()
    if stale := [number for number, rolls in parts if rolls != current]:
        _enqueue(one.pk, stale, current)
        return
    PartnerList.objects.filter(pk=one.pk, state__in=OPEN).update(state=PartnerList.State.DONE, ended_at=timezone.now())


def _rolls() -> str:
    hashes = [f"{state}:{snapshot.hash}" for state, snapshot in snapshot_files.live_snapshots().items()]
    return sha256("|".join(hashes).encode()).hexdigest()


def stop(job: Job) -> None:
    """A part that failed for good stops its list; the dead letter can start it again."""
    PartnerList.objects.filter(pk=job.args["list_id"], state=PartnerList.State.RUNNING).update(
        state=PartnerList.State.STOPPED
    )


def answered(one: PartnerList) -> int:
    """Return how many people have their answer."""
    done = one.parts.exclude(rolls="").count()
    return min(one.people, done * PART)


def lines(one: PartnerList) -> Iterator[str]:
    """Yield the answers as CSV, in the order handed in. No field holds a comma or a quote."""
    yield "query_id,status,districts\n"
    for part in one.parts.iterator(chunk_size=20):
        for query_id, status, divisions in json.loads(part.answered):
            yield f"{query_id},{status},{'|'.join(divisions)}\n"


def purge(before: datetime) -> int:
    """Drop lists handed in before; for the retention table."""
    return PartnerList.objects.filter(made_at__lt=before).delete()[0]
