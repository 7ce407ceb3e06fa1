"""Accept every email on 127.0.0.1 and store it as a file: python smtp_sink.py PORT FOLDER."""

import signal
import sys
import uuid
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller


class Sink:
    """Writes an email to a temporary file and renames it, so that readers see complete files only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Store one email with its recipients."""
        recipients = "".join(f"X-Envelope-To: {one}\r\n" for one in envelope.rcpt_tos)
        name = uuid.uuid4().hex
        draft = self.folder / f".{name}"
        draft.write_bytes(recipients.encode() + envelope.original_content)
        draft.rename(self.folder / f"{name}.eml")
        return "250 Kept"


if __name__ == "__main__":
    where = Path(sys.argv[2])
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    controller = Controller(Sink(where), hostname="127.0.0.1", port=int(sys.argv[1]))
    controller.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()
