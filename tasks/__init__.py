"""Celery tasks, one module per queue. Each claims a job and calls one service; its only argument is the job's id."""
