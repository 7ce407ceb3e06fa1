"""Tasks of the queue `mail`: outgoing email."""

from apps.jobs import task_names
from apps.jobs.tasks import define_task
from apps.notifications import emails
from apps.notifications import services as notifications

send_notice = define_task(task_names.SEND_NOTICE, notifications.send)
send_email = define_task(task_names.SEND_EMAIL, emails.send)
