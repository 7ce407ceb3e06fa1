"""Rebuild the index from all registered sources while searches continue."""

from django.utils import timezone

from apps.core.errors import JobFailed
from apps.core.log import get_logger
from apps.jobs import jobs, task_names

from .base import site_search
from .registry import sources

log = get_logger(__name__)


def rebuild_index() -> dict[str, int]:
    """Index every source's documents and delete outdated ones; return the counts by source, and `dropped`.

    A source that fails keeps its last documents; JobFailed names it after the other sources are done.
    """
    backend, counts, deleted, failed = site_search(), {}, 0, []
    for name, documents in sources().items():
        began = timezone.now()
        try:
            counts[name] = backend.index_documents(documents(), source=name)
            deleted += backend.delete_outdated(source=name, before=began)
        except Exception:
            log.exception("site_index.source_failed", name=name)
            failed.append(name)
    deleted += backend.delete_other_sources(sources())
    if failed:
        raise JobFailed(f"These sources could not be read: {', '.join(failed)}; their last documents remain.")
    return {**counts, "dropped": deleted}


def queue_rebuild() -> None:
    """Queue the daily rebuild; called by the scheduler."""
    jobs.enqueue(task_names.INDEX_SITE, key=timezone.now().date().isoformat(), args={}, priority=9)
