"""The index made anew from what the apps offer, while searches go on."""

from django.utils import timezone

from apps.core.errors import JobFailed
from apps.core.log import get_logger
from apps.jobs import jobs

from .base import site_search
from .registry import sources

log = get_logger(__name__)


def rebuild() -> dict[str, int]:
    """Put every source's documents and drop what it no longer has; returns the counts by source, and `dropped`.

    A source that fails keeps the documents it had; the others are done before JobFailed names it.
    """
    store, counts, dropped, failed = site_search(), {}, 0, []
    for name, documents in sources().items():
        began = timezone.now()
        try:
            counts[name] = store.put_many(documents(), source=name)
            dropped += store.drop(source=name, before=began)
        except Exception:
            log.exception("site_index.source_failed", name=name)
            failed.append(name)
    dropped += store.drop_sources_but(sources())
    if failed:
        raise JobFailed(f"These sources could not be read: {', '.join(failed)}; their last documents stay.")
    return {**counts, "dropped": dropped}


def queue_rebuild() -> None:
    """Queue one rebuild a day; called by the scheduler."""
    jobs.enqueue("default.index_site", key=timezone.now().date().isoformat(), args={}, priority=9)
