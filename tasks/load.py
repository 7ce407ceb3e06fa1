"""Loads every module of tasks, so that Celery knows them by name."""

from . import default, rolls

__all__ = ["default", "rolls"]
