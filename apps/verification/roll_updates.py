"""Follows up a new roll: every linked member gets the same neutral notice, whatever the roll says about them."""

from typing import Final

from django.db import transaction

from apps.jobs import jobs, task_names
from apps.notifications import services as notifications
from apps.voters import rolls

from . import registration_changes
from .models import Claim

TASK: Final = task_names.NOTIFY_NEW_ROLL
BATCH: Final = 200


def roll_went_live(state: str, snapshot_id: int) -> None:
    """Queue the notices of a new roll."""
    del state
    with transaction.atomic():
        _enqueue(snapshot_id, 0)


def _enqueue(snapshot_id: int, after: int) -> None:
    # A rollback makes a snapshot live again: a new generation, notified again.
    key = f"{snapshot_id}:{rolls.live_generation(snapshot_id)}:{after}"
    jobs.enqueue(TASK, key=key, args={"snapshot_id": snapshot_id, "after": after}, priority=7)


def notify_members(snapshot_id: int, after: int) -> None:
    """Notify one batch of members who are linked to a record of the roll's state; queue the next batch.

    Reads no record of the roll: members of changed, removed and withdrawn voters get the same notice as all others.
    """
    state = next((code for code, live in rolls.live_snapshots().items() if live.pk == snapshot_id), None)
    if state is None:
        return  # another snapshot is live by now and has its own notices
    key = f"{snapshot_id}:{rolls.live_generation(snapshot_id)}"
    batch = list(Claim.objects.of_roll(state).filter(pk__gt=after).order_by("pk").select_related("member")[:BATCH])
    for claim in batch:
        with transaction.atomic():
            if notifications.notify(member=claim.member, kind="new_roll", key=key):
                registration_changes.count_change(snapshot_id, set())
    if len(batch) == BATCH:
        with transaction.atomic():
            _enqueue(snapshot_id, batch[-1].pk)
