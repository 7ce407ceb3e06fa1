"""Celery tasks, one module a queue; each claims a job and calls one service. Arguments are a job's id."""
