"""Write the environment file of a new installation, with new keys: make_env.py NAME=VALUE… > /etc/votekin/env.

The lines of env.example come first, with the given values in place of its examples and a random key in place of each
empty one. Needs nothing but Python, because it runs before the virtual environment exists.
"""

import base64
import re
import secrets
import shlex
import sys
from pathlib import Path

EXAMPLE = Path(__file__).with_name("env.example")
LINE = re.compile(r"([A-Z_]+)=(.*)")
RANDOM_KEY = re.compile(r"[A-Z]+_KEY")


def new_key(name: str) -> str:
    """Return a random value for a key that the example leaves empty, or the empty string for any other name."""
    if name == "FIELD_KEYS":
        return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_urlsafe(50) if RANDOM_KEY.fullmatch(name) else ""


def env_lines(example: str, given: dict[str, str]) -> list[str]:
    """Return the lines of the file: assignments without comments, in the order of the example, then the rest."""
    found = {match[1]: match[2] for line in example.splitlines() if (match := LINE.fullmatch(line))}
    values = {name: given.get(name, shlex.split(value)[0] if value else new_key(name)) for name, value in found.items()}
    return [f"{name}={shlex.quote(value)}" for name, value in {**values, **given}.items() if value]


def keys_only(lines: list[str]) -> list[str]:
    """Return the lines that hold keys."""
    return [line for line in lines if RANDOM_KEY.match(line) or line.startswith("FIELD_KEYS=")]


def main(arguments: list[str]) -> int:
    """Run the command line; `--keys` writes the keys alone. Return 2 for an argument that is not NAME=VALUE."""
    given: dict[str, str] = {}
    words = [word for word in arguments if word != "--keys"]
    for word in words:
        match = LINE.fullmatch(word)
        if not match or "'" in word or "\n" in word:
            sys.stderr.write(f"{word.partition('=')[0]}: write NAME=VALUE, without a single quote or a line break.\n")
            return 2
        given[match[1]] = match[2]
    lines = env_lines(EXAMPLE.read_text(encoding="utf-8"), given)
    sys.stdout.write("\n".join(keys_only(lines) if "--keys" in arguments else lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
