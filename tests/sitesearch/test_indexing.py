"""The daily rebuild of the index."""

from collections.abc import Callable

import pytest

from apps import sitesearch
from apps.jobs import schedule
from apps.jobs.models import Job
from apps.sitesearch import indexing
from apps.sitesearch.models import SearchDocument
from tests.sitesearch.conftest import documents_titled

pytestmark = pytest.mark.django_db


def test_a_daily_job_rebuilds_the_index(run_jobs: Callable[[], int]) -> None:
    sitesearch.register_source("texts", documents_titled("help"))
    assert schedule._tasks["site_index"].seconds == 24 * 3600
    indexing.queue_rebuild()
    indexing.queue_rebuild()
    assert run_jobs() == 1
    assert Job.objects.get(task="default.index_site").state == Job.State.DONE
    assert SearchDocument.objects.count() == 1
