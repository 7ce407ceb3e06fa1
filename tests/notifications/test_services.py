"""Notices: sent once, in the reader's language, to inbox and email."""

import smtplib
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from apps.jobs.models import Job
from apps.notifications import services as notifications
from apps.notifications.models import Notice
from tasks.mail import send_notice
from tests.emails import html_of, text_of


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, settings: Any) -> None:
    """Register two kinds for these tests only; their template is a file of the tests."""
    (tmp_path / "told.txt").write_text(
        "Case {{ facts.case }} & you.\n\nTwo paragraphs, <b>plain</b>.", encoding="utf-8"
    )
    templates = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
    settings.TEMPLATES = templates
    monkeypatch.setattr(notifications, "_kinds", dict(notifications._kinds))
    notifications.register_notice(
        "test_mailed",
        mail=True,
        link="notifications:inbox",
        button="Look",
        title="You are told",
        body_template="told.txt",
    )
    notifications.register_notice("test_quiet", mail=False, title="You are told", body_template="told.txt")


def _notify(member: Any, kind: str = "test_mailed", key: str = "1") -> Notice:
    notice = notifications.notify(member=member, kind=kind, key=key, facts={"case": 7})
    assert notice is not None
    return notice


def test_a_member_is_notified_once_per_key(member: Any, other_member: Any, run_jobs: Callable[[], int]) -> None:
    assert _notify(member)
    assert notifications.notify(member=member, kind="test_mailed", key="1", facts={"case": 7}) is None
    assert _notify(member, key="2")
    assert _notify(other_member)
    run_jobs()
    assert [message.to for message in mail.outbox] == [[member.email], [member.email], [other_member.email]]


def test_the_mail_has_text_html_link_and_a_lasting_number(member: Any, run_jobs: Callable[[], int]) -> None:
    notice = _notify(member)
    run_jobs()
    message = mail.outbox[0]
    html = html_of(0)
    assert message.subject == "You are told"
    assert "Case 7 & you." in text_of(0)
    assert "Case 7 &amp; you." in html
    assert "&lt;b&gt;plain&lt;/b&gt;" in html
    assert "http://127.0.0.1:8000/inbox/" in text_of(0)
    assert "http://127.0.0.1:8000/inbox/" in html
    assert message.extra_headers["Message-ID"] == f"<notice-{notice.pk}@example.org>"
    assert "<img" not in html


def test_a_notice_is_sent_once_though_its_job_runs_twice(member: Any, run_jobs: Callable[[], int]) -> None:
    notice = _notify(member)
    run_jobs()
    job = Job.objects.get(task="mail.send_notice")
    send_notice(job.pk)
    notifications.send(notice.pk)
    assert len(mail.outbox) == 1
    assert Notice.objects.get(pk=notice.pk).mail == "sent"


def test_a_notice_is_mailed_in_the_language_of_its_member(member: Any, run_jobs: Callable[[], int]) -> None:
    type(member).objects.update(language="es")
    _notify(member)
    run_jobs()
    assert 'lang="es"' in html_of(0)


def test_a_quiet_kind_sends_no_mail(member: Any, run_jobs: Callable[[], int]) -> None:
    notice = _notify(member, "test_quiet")
    assert run_jobs() == 0
    assert notice.mail == "none"


def test_an_account_that_ended_gets_no_mail(member: Any, run_jobs: Callable[[], int]) -> None:
    _notify(member)
    member.is_active = False
    member.save()
    run_jobs()
    assert mail.outbox == []


def test_a_notice_that_is_gone_is_a_normal_end(member: Any, run_jobs: Callable[[], int]) -> None:
    _notify(member).delete()
    run_jobs()
    assert Job.objects.get(task="mail.send_notice").state == "done"


def test_an_address_the_server_refuses_for_good_stops_the_mail_and_keeps_the_notice(
    member: Any, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise smtplib.SMTPRecipientsRefused({member.email: (550, b"no such box")})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    notice = _notify(member)
    run_jobs()
    assert Notice.objects.get(pk=notice.pk).mail == "stopped"
    job = Job.objects.get(task="mail.send_notice")
    assert job.state == "dead"
    assert member.email not in job.reason


def test_a_server_that_is_away_is_tried_again(
    member: Any, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr(EmailMessage, "send", away)
        _notify(member)
        run_jobs()
    job = Job.objects.get(task="mail.send_notice")
    assert (job.state, job.attempts) == ("waiting", 1)
    Job.objects.update(not_before=None)
    run_jobs()
    assert len(mail.outbox) == 1


def test_facts_are_ids_only(member: Any) -> None:
    with pytest.raises(ValueError, match="who"):
        notifications.notify(member=member, kind="test_quiet", key="1", facts={"who": "Nora Paz"})


def test_a_notice_of_a_part_that_is_gone_can_still_be_opened(member: Any) -> None:
    notice = Notice.objects.create(member=member, kind="of_yesterday", key="1")
    assert notifications.page_of(notice).title
