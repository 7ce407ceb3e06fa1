"""`collectstatic` writes files that a web server of another user can read."""

import os
from typing import Any

from django.contrib.staticfiles.management.commands import collectstatic

from apps.core.types import OptionValue

READABLE_BY_ALL = 0o022


class Command(collectstatic.Command):
    """Django's command. Everything else that Votekin writes is readable by its own user only."""

    def handle(self, **options: OptionValue) -> Any:
        """Collect the files: WhiteNoise writes their compressed copies with the umask of the process."""
        before = os.umask(READABLE_BY_ALL)
        try:
            return super().handle(**options)
        finally:
            os.umask(before)
