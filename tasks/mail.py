"""The queue `mail`: what leaves by mail."""

from celery import shared_task

from apps.jobs import jobs
from apps.notifications import emails
from apps.notifications import services as notifications


@shared_task(name="mail.send_notice")
def send_notice(job_id: int) -> None:
    """Send the mail of one notice."""
    jobs.run_job(job_id, notifications.send)


@shared_task(name="mail.send_mail")
def send_mail(job_id: int) -> None:
    """Send one mail that a page wrote."""
    jobs.run_job(job_id, emails.send)
