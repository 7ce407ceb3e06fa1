"""A headless browser: cookies, forms and their hidden tokens, over real HTTP."""

import re
import urllib.error
import urllib.request
import uuid
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """The browser of one person."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.url = base
        self.status = 0
        self.page = ""

    def get(self, path: str) -> str:
        """Open a page."""
        return self._open(urllib.request.Request(urljoin(self.base, path)))

    def post(self, path: str, fields: dict[str, str], *, file: tuple[str, bytes] | None = None) -> str:
        """Open a page with a form and submit the form to the same address; return the page it leads to."""
        self.get(path)
        return self.send(self.url, fields, file=file)

    def send(self, path: str, fields: dict[str, str], *, file: tuple[str, bytes] | None = None) -> str:
        """Submit a form with the token of the open page."""
        token = TOKEN.search(self.page)
        fields = {**fields, "csrfmiddlewaretoken": token[1] if token else ""}
        body, kind = (_multipart(fields, file)) if file else (urlencode(fields).encode(), "x-www-form-urlencoded")
        headers = {"Content-Type": kind if file else f"application/{kind}", "Referer": self.url}
        return self._open(urllib.request.Request(urljoin(self.base, path), data=body, headers=headers))

    def sign_in(self, mail: str, password: str) -> None:
        """Sign in and check that it worked."""
        self.post("/account/login/", {"login": mail, "password": password})
        assert "/login" not in self.url, self.page[:2000]

    def _open(self, request: urllib.request.Request) -> str:
        try:
            answer = self._opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            self.url, self.status = answer.geturl(), answer.status
            self.page = answer.read().decode("utf-8", "replace")
        return self.page


def _multipart(fields: dict[str, str], file: tuple[str, bytes]) -> tuple[bytes, str]:
    mark = uuid.uuid4().hex
    head = f"--{mark}\r\nContent-Disposition: form-data; name="
    parts = [f'{head}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    name, content = file
    parts += [f'{head}"file"; filename="{name}"\r\n'.encode()]
    parts += [b"Content-Type: application/octet-stream\r\n\r\n", content, b"\r\n"]
    return b"".join([*parts, f"--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"
