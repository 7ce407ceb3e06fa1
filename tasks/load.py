"""Loads every module of tasks, so that Celery knows them by name."""

from . import default, imports, mail, match, rolls

__all__ = ["default", "imports", "mail", "match", "rolls"]
