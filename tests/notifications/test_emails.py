"""Email that a page creates and the worker sends."""

from collections.abc import Callable

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMessage
from django.db import connection

from apps.notifications import emails
from apps.notifications.models import OutgoingEmail


def _post() -> None:
    emails.post(to="nora@example.org", subject="Reset\r\nBcc: x", text="The link", html="<p>The link</p>")


def test_a_mail_leaves_once_and_its_row_goes(db: None, run_jobs: Callable[[], int]) -> None:
    _post()
    row = OutgoingEmail.objects.get()
    run_jobs()
    emails.send(row.pk)
    assert len(django_mail.outbox) == 1
    assert not OutgoingEmail.objects.exists()


def test_a_line_end_in_a_subject_makes_no_header(db: None, run_jobs: Callable[[], int]) -> None:
    _post()
    run_jobs()
    assert django_mail.outbox[0].subject == "Reset Bcc: x"


def test_address_and_text_lie_encrypted(db: None) -> None:
    _post()
    with connection.cursor() as cursor:
        cursor.execute('SELECT "to", subject, text, html FROM notifications_outgoingemail')
        stored = " ".join(cursor.fetchone())
    for plain in ("nora@example.org", "The link", "Reset"):
        assert plain not in stored


def test_a_crash_before_the_mark_sends_the_same_number_again(
    db: None, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _post()
    number = OutgoingEmail.objects.get().pk
    with monkeypatch.context() as patched:
        patched.setattr(OutgoingEmail, "delete", lambda self: 1 / 0)
        run_jobs()
    emails.send(number)
    first, second = [message.extra_headers["Message-ID"] for message in django_mail.outbox]
    assert first == second


def test_a_mail_that_was_not_sent_waits_with_its_row(
    db: None, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _post()

    def away(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(EmailMessage, "send", away)
    run_jobs()
    assert OutgoingEmail.objects.exists()
