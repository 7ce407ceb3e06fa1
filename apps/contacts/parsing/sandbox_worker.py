"""Worker process that parses one contact file: bounded memory and time, no settings, no keys, no database.

Run by `sandbox.read_untrusted`:

python -m apps.contacts.parsing.sandbox_worker LANGUAGE CHOICES < file > JSON
"""

import json
import resource
import sys
from pathlib import Path

MAX_MEMORY_BYTES = 300 * 1024 * 1024
MAX_CPU_SECONDS = 25
ROOT = Path(__file__).resolve().parent.parent.parent.parent


def main(language: str, choices: str) -> None:
    """Parse standard input and write one JSON object."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import django
    from django.conf import settings
    from django.utils import translation

    settings.configure(USE_I18N=True, LOCALE_PATHS=[ROOT / "project" / "locale"])
    django.setup()
    from apps.core.errors import Refused

    from .detect import read_file
    from .types import TableChoices

    with translation.override(language):
        try:
            parsed = read_file(sys.stdin.buffer, TableChoices.from_data(json.loads(choices)))
        except Refused as error:
            json.dump({"refused": str(error)}, sys.stdout)
            return
    result = {
        "kind": parsed.kind,
        "dialect": parsed.dialect,
        "contacts": [item.to_data() for item in parsed.contacts],
        "bad": [[item.line, item.reason, item.cure, item.text] for item in parsed.bad],
        "columns": [[item.number, item.header, item.field, item.example] for item in parsed.columns],
        "skipped": [[item.line, item.kind, item.name] for item in parsed.skipped],
        "unread": {column: [values.forms, values.lines] for column, values in parsed.unread.items()},
        "date_orders": parsed.date_orders,
        "unsettled_dates": parsed.unsettled_dates,
        "has_header": parsed.has_header,
        "is_guessed": parsed.is_guessed,
    }
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
