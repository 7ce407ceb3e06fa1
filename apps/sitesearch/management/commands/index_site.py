"""Make the index of public content anew."""

from time import monotonic
from typing import Any

from apps.core.commands import VotekinCommand
from apps.sitesearch.indexing import rebuild


class Command(VotekinCommand):
    """The daily job does the same."""

    help = "Make the site search's index anew from what every app offers; searches go on meanwhile."

    def run(self, **_options: Any) -> dict[str, Any]:
        """Rebuild, and report the documents of each source."""
        began = monotonic()
        return {**rebuild(), "seconds": round(monotonic() - began, 2)}
