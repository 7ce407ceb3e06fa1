"""The queue `mail`: what leaves by mail."""

from celery import shared_task

from apps.core import work
from apps.records import mail, notices


@shared_task(name="mail.send_notice")
def send_notice(job_id: int) -> None:
    """Send the mail of one notice."""
    work.perform(job_id, notices.send)


@shared_task(name="mail.send_mail")
def send_mail(job_id: int) -> None:
    """Send one mail that a page wrote."""
    work.perform(job_id, mail.send)
