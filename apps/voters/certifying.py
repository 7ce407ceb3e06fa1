"""Certifying a loaded roll: the step between its index and the swap, where the installation has one."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from .models import Snapshot


def certify(snapshot: Snapshot) -> None:
    """Certify a snapshot that is loaded and not yet live; does nothing where `voters.certify` is not there."""
    if find_spec("apps.voters.certify"):
        act: Callable[[Snapshot], object] = import_module("apps.voters.certify").certify_snapshot
        act(snapshot)
