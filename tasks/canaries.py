"""A canary task per queue: proves that a job travels from its row through relay, broker and worker."""

from django.conf import settings

from apps.jobs import canary
from apps.jobs.tasks import define_task

TASKS = [define_task(canary.task_name(queue), canary.record_arrival) for queue in settings.QUEUES]
