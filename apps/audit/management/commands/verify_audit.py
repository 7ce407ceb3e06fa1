"""Verify the chain of the audit log."""

from typing import Any

from apps.audit.services import verify_chain
from apps.core.commands import VotekinCommand
from apps.core.errors import Refused
from apps.core.types import OptionValue


class Command(VotekinCommand):
    """Names the first entry that does not fit and ends with status 1."""

    help = "Check that no entry of the audit log was changed, taken out or put in."

    def run(self, **_options: OptionValue) -> dict[str, Any]:
        """Check."""
        state = verify_chain()
        if state.broken is not None:
            raise Refused(
                f"The audit chain breaks at entry {state.broken}: {state.reason} "
                f"The {state.entries} entries before it are sound. "
                "Keep a copy of the database and look who had access."
            )
        return {"entries": state.entries, "head": state.head, "state": "sound"}
