"""Imports every module of tasks, so that Celery knows the tasks by name."""

from tasks import canaries, default, imports, mail, match, rolls

__all__ = ["canaries", "default", "imports", "mail", "match", "rolls"]
