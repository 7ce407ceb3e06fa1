"""The public suppression form."""

import pytest
from django.test import Client

from apps.jobs.models import Job
from apps.verification import quotas
from apps.verification.models import SuppressionRequest
from apps.verification.query import VoterQuery
from apps.voters import rolls
from apps.voters.models import Suppression
from tests.verification.helpers import ABSENT, ME, RunJobs, form_of, match_status
from tests.voters.synthetic_rows import voter

PAGE = "/registration/do-not-find-me/"


@pytest.mark.usefixtures("roll")
def test_the_response_never_depends_on_the_roll(client: Client, run_jobs: RunJobs) -> None:
    assert match_status(ME) == "verified"
    answers = []
    for row in (ME, ABSENT):
        answer = client.post(PAGE, form_of(row), follow=True)
        answers.append(answer.content.replace(answer.wsgi_request.META["CSRF_COOKIE"].encode(), b""))
        assert answer.redirect_chain == [(PAGE, 302)]
    assert b"nobody else here can find you" in answers[0]
    assert abs(len(answers[0]) - len(answers[1])) < 200
    Job.objects.filter(task="match.hide").update(not_before=None)
    run_jobs()
    assert match_status(ME) == "none"
    assert rolls.get_voter("HD", ME["voter_id"]) is None
    assert Suppression.objects.get().by == "person"
    waiting = SuppressionRequest.objects.get()
    assert VoterQuery.from_text(waiting.query).last_name == ABSENT["last_name"]


def test_requests_of_a_network_are_limited(client: Client, db: None) -> None:
    for number in range(quotas.SUPPRESSIONS_PER_NETWORK_AND_DAY):
        assert client.post(PAGE, form_of(voter(number))).status_code == 302
    answer = client.post(PAGE, form_of(ME))
    assert answer.status_code == 422
    assert "Ask again tomorrow" in answer.content.decode()
    assert SuppressionRequest.objects.count() == quotas.SUPPRESSIONS_PER_NETWORK_AND_DAY
