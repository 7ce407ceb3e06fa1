"""Record activities: in the writer's transaction if the feed is in the same database, else by a job.

While a server is down, activities wait in their jobs' rows. Arguments are ids only, as for every job.
"""

from django.contrib.auth import get_user_model

from apps.core.types import PassedThrough
from apps.jobs import jobs, task_names

from .base import Facts, activity, validate_facts

TASK = task_names.STORE_ACTIVITY
FACT_PREFIX = "fact_"


def record_activity(*, actor_id: int, kind: str, key: str, facts: Facts | None = None) -> None:
    """Record an activity once per key; call it in the transaction of the action itself."""
    backend = activity()
    if backend.in_database:
        backend.append(actor_id=actor_id, kind=kind, facts=facts or {}, key=key)
        return
    args: dict[str, int | str] = {"actor_id": actor_id, "kind": kind, "key": key}
    args |= {f"{FACT_PREFIX}{name}": value for name, value in validate_facts(facts or {}).items()}
    jobs.enqueue(TASK, key=f"{actor_id}:{key}", args=args, priority=8)


def store_activity(*, actor_id: int, kind: str, key: str, **facts: PassedThrough) -> None:
    """Write an activity to the backend, unless the member is erased by then; for the worker, safe to run twice."""
    plain_facts = {name.removeprefix(FACT_PREFIX): value for name, value in facts.items()}
    if _is_erased(actor_id):
        return
    activity().append(actor_id=actor_id, kind=kind, facts=plain_facts, key=key)
    if _is_erased(actor_id):
        activity().erase(actor_id)


def _is_erased(actor_id: int) -> bool:
    """Return whether a member is erased; feeds of other actors have negative ids and are never erased."""
    return actor_id > 0 and not get_user_model().objects.filter(pk=actor_id).exists()
