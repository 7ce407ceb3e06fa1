"""`verify_audit [--anchors FOLDER]`: verify the chain of the audit log, and compare it with its anchors."""

from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from apps.audit.anchors import AnchorStore, FileAnchors, compare, store
from apps.audit.models import AuditEntry
from apps.audit.services import verify_chain
from apps.core.commands import VotekinCommand
from apps.core.errors import BadInput, Refused
from apps.core.types import OptionValue

KEEP = "Keep a copy of the database and of the anchors, and look who had access (docs/incident.md)."


class Command(VotekinCommand):
    """Prints the first invalid entry and exits with status 1."""

    help = "Check that no entry of the audit log was changed, taken out, put in, or cut off at the end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --anchors."""
        parser.add_argument("--anchors", type=Path, help="Compare with the copy in this folder, not AUDIT_ANCHOR_URL.")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Verify the chain, then compare it with the anchors."""
        state = verify_chain()
        if state.broken is not None:
            raise Refused(
                f"The audit chain breaks at entry {state.broken}: {state.reason} "
                f"The {state.entries} entries before it are sound. {KEEP}"
            )
        return {"entries": state.entries, "head": state.head, **_compared(_chosen(options["anchors"]))}


def _chosen(folder: Path | None) -> AnchorStore:
    if folder is None:
        return store()
    if not folder.is_dir():
        raise BadInput(f"--anchors {folder} is no folder.")
    return FileAnchors(f"files://{folder.absolute()}")


def _compared(anchors: AnchorStore) -> dict[str, Any]:
    found = compare(anchors.read())
    if found.broken:
        raise Refused(
            f"The audit log was rewritten or cut off: at {found.broken.at:%Y-%m-%d %H:%M} UTC its head was entry "
            f"{found.broken.number}, and that entry is missing or differs now. {KEEP}"
        )
    yesterday = timezone.now() - timedelta(days=1)
    if found.last is None and AuditEntry.objects.filter(at__lt=yesterday).exists():
        raise Refused(f"The store of anchors is empty, although entries are older than a day. {KEEP}")
    return {
        "anchors": found.compared,
        "anchors_purged": found.purged,
        "anchors_before_a_restore": found.before_a_restore,
        "anchors_unreadable": found.unreadable,
        "last_anchor": found.last.at.isoformat() if found.last else None,
        "restores": len(found.restores),
        "state": "sound",
    }
