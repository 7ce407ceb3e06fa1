"""`index_site`: rebuild the index of public content."""

from time import monotonic
from typing import Any

from apps.core.commands import VotekinCommand
from apps.core.types import OptionValue
from apps.sitesearch.indexing import rebuild_index


class Command(VotekinCommand):
    """Does the same as the daily job, in this process."""

    help = "Rebuild the site search index from every registered source; searches continue meanwhile."

    def run(self, **_options: OptionValue) -> dict[str, Any]:
        """Rebuild; report the number of documents of each source."""
        began = monotonic()
        return {**rebuild_index(), "seconds": round(monotonic() - began, 2)}
