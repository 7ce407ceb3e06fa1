"""Parses untrusted files, in a process of its own if they are large enough to exhaust memory.

A file of up to 1 MB takes a few tens of megabytes at most and is parsed in this process. `sandbox_worker` parses larger
ones under kernel limits of memory and time, so that the web process is never at risk.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from io import SEEK_END, UnsupportedOperation
from typing import IO, Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core.errors import Refused

from .detect import read_file
from .types import (
    DEFAULT_CHOICES,
    BadRow,
    ParsedSource,
    RawContact,
    SkippedEntry,
    TableChoices,
    TableColumn,
    UnreadValues,
)

IN_PROCESS_BYTES = 1024 * 1024
TIMEOUT_SECONDS = 60


def read_untrusted(stream: IO[bytes], choices: TableChoices = DEFAULT_CHOICES) -> ParsedSource:
    """Parse a contact file; raise Refused if it is not one, exceeds a limit or takes too much memory or time."""
    stream.seek(0, SEEK_END)
    size = stream.tell()
    stream.seek(0)
    return read_file(stream, choices) if size <= IN_PROCESS_BYTES else _read_in_subprocess(stream, choices)


def _read_in_subprocess(stream: IO[bytes], choices: TableChoices) -> ParsedSource:
    module, language = f"{__package__}.sandbox_worker", get_language() or "en"
    command = [sys.executable, "-m", module, language, json.dumps(choices.to_data())]
    try:
        process = subprocess.run(  # noqa: S603 - a fixed module; the file is its standard input
            command,
            cwd=settings.ROOT,
            env={"PATH": os.defpath},
            capture_output=True,
            check=False,
            timeout=TIMEOUT_SECONDS,
            **_standard_input(stream),
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(_("The file takes too long to read. Split it in parts.")) from error
    if process.returncode:
        raise Refused(_("The file takes too much memory or time to read. Split it in parts."))
    return _load_result(json.loads(process.stdout))


def _standard_input(stream: IO[bytes]) -> dict[str, Any]:
    """Return subprocess arguments: the descriptor of a file on disk, or the content of one in memory."""
    try:
        descriptor = stream.fileno()
    except (UnsupportedOperation, AttributeError):
        return {"input": stream.read()}
    os.lseek(descriptor, 0, os.SEEK_SET)
    return {"stdin": descriptor}


def _load_result(result: Mapping[str, Any]) -> ParsedSource:
    if "refused" in result:
        raise Refused(result["refused"])
    return ParsedSource(
        result["kind"],
        [RawContact.from_data(data) for data in result["contacts"]],
        [BadRow(*row) for row in result["bad"]],
        [TableColumn(*column) for column in result["columns"]],
        result["dialect"],
        [SkippedEntry(*entry) for entry in result["skipped"]],
        {column: UnreadValues(Counter(forms), lines) for column, (forms, lines) in result["unread"].items()},
        result["date_orders"],
        result["unsettled_dates"],
        result["has_header"],
        result["is_guessed"],
    )
