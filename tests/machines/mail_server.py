"""An SMTP server with STARTTLS and a password stores every email: mail_server.py ADDRESS FOLDER CERTIFICATE KEY."""

import ssl
import sys
import threading
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import AsyncMessage
from aiosmtpd.smtp import AuthResult, LoginPassword

PORT = 587


class Store(AsyncMessage):
    """Writes each email to a file of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.count = 0

    async def handle_message(self, message: object) -> None:
        """Write one email; its file appears whole."""
        self.count += 1
        draft = self.folder / f"{self.count}.part"
        draft.write_text(str(message))
        draft.rename(self.folder / f"{self.count}.eml")


def check_password(_server: object, _session: object, _envelope: object, _way: str, given: object) -> AuthResult:
    """Accept the sign-in of docs/operations.md only."""
    return AuthResult(success=given == LoginPassword(b"user", b"password"))


def main(address: str, folder: str, certificate: str, key: str) -> None:
    """Serve until the process is stopped."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    Controller(
        Store(Path(folder)),
        hostname=address,
        port=PORT,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=check_password,
    ).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
