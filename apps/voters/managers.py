"""Reads of snapshots, in plain English."""

from typing import Any

from django.db import models


class SnapshotQuerySet(models.QuerySet[Any]):
    """What loading, rolling back and pruning ask for."""

    def of_state(self, state: str) -> "SnapshotQuerySet":
        """Snapshots of one state, the newest first."""
        return self.filter(state=state).order_by("-id")

    def loading(self) -> "SnapshotQuerySet":
        """Loads that run, or whose process is gone."""
        return self.filter(status="loading")

    def waiting(self) -> "SnapshotQuerySet":
        """Loaded, and not let live until somebody accepts what differs."""
        return self.filter(status="waiting")

    def to_go_back_to(self, state: str) -> "SnapshotQuerySet":
        """Retired snapshots whose files are still there, the last one that was live first."""
        return self.filter(state=state, status="retired").exclude(folder="").order_by("-live_at")
