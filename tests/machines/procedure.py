"""Read the commands of docs/operations.md, word for word and in their order."""

import re

from django.conf import settings

SECTION = "## One machine for other people\n"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands() -> str:
    """Return the shell commands of the section, as one script: later blocks use variables of earlier ones."""
    page = (settings.ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    section = page.partition(SECTION)[2].partition("\n## ")[0]
    return "\n".join(BLOCK.findall(section))
