"""Writing acts: in the writer's own transaction where the feed lies in the same database, else by a job.

So a server that is away loses nothing: the act waits in its job's row. Ids only, as every job.
"""

from typing import Any

from django.contrib.auth import get_user_model

from apps.jobs import jobs

from .base import Facts, activity, checked_facts

TASK = "default.note_activity"
FACT = "fact_"


def note(*, actor_id: int, kind: str, key: str, facts: Facts | None = None) -> None:
    """Add an act of a member, once for each key; call it in the transaction of what was done."""
    store = activity()
    if store.in_database:
        store.append(actor_id=actor_id, kind=kind, facts=facts or {}, key=key)
        return
    args: dict[str, int | str] = {"actor_id": actor_id, "kind": kind, "key": key}
    args |= {f"{FACT}{name}": value for name, value in checked_facts(facts or {}).items()}
    jobs.enqueue(TASK, key=f"{actor_id}:{key}", args=args, priority=8)


def write(*, actor_id: int, kind: str, key: str, **facts: Any) -> None:
    """Bring an act into the store; for the worker, safe to run twice. Whoever is erased by then gets none."""
    plain = {name.removeprefix(FACT): value for name, value in facts.items()}
    if _gone(actor_id):
        return
    activity().append(actor_id=actor_id, kind=kind, facts=plain, key=key)
    if _gone(actor_id):
        activity().erase(actor_id)


def _gone(actor_id: int) -> bool:
    """Whether a member was erased; what is no member's (a negative number) is never gone."""
    return actor_id > 0 and not get_user_model().objects.filter(pk=actor_id).exists()
