"""Queries of snapshots."""

from typing import Any

from django.db import models


class SnapshotQuerySet(models.QuerySet[Any]):
    """The queries of loading, rollback and pruning."""

    def for_state(self, state: str) -> "SnapshotQuerySet":
        """Return the snapshots of one state, newest first."""
        return self.filter(state=state).order_by("-id")

    def loading(self) -> "SnapshotQuerySet":
        """Return loads that are running or whose process died."""
        return self.filter(status="loading")

    def waiting(self) -> "SnapshotQuerySet":
        """Return loaded snapshots that are not live until a steward accepts their drift."""
        return self.filter(status="waiting")

    def rollback_candidates(self, state: str) -> "SnapshotQuerySet":
        """Return retired snapshots whose files still exist, the most recently live first."""
        return self.filter(state=state, status="retired").exclude(folder="").order_by("-live_at")
