"""Loads every module of tasks, so that Celery knows them by name."""

from . import default, imports, mail

__all__ = ["default", "imports", "mail"]
