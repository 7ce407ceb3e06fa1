"""A password validator that also rejects common passwords with a few characters added at either end."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FEWEST_SIGNS = 5
RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertyuiop",
    "asdfghjkl",
)
LEET = str.maketrans("013457@$!", "oieastasi")


@lru_cache(1)
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def _is_run(text: str) -> bool:
    """Return whether a text is a run of the alphabet, the digits or a keyboard row, forward or backward."""
    return any(text in line * 2 or text in (line * 2)[::-1] for line in RUNS)


class NotWellKnownValidator:
    """Rejects `Password1234!`, `aaaaaaaaaaaa`, `123456789012` and the site's own name; requires no class of
    characters.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError for a password that is common, or common with a few characters added."""
        del user
        plain = unicodedata.normalize("NFKC", password).lower()
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
        known = {plain, core, core.translate(LEET), plain.translate(LEET)}
        own = settings.SITE_NAME.lower()
        if (
            len(set(plain)) < FEWEST_SIGNS
            or _is_run(plain)
            or known & _common()
            or core.replace(own, "") == ""
            or _repeats(plain)
        ):
            raise ValidationError(
                _("That is among the first passwords a thief tries. A short sentence of your own is safe."),
                code="password_well_known",
            )

    def get_help_text(self) -> str:
        """Return the rule as a sentence."""
        return _("Nothing well known, even with numbers around it.")


def _repeats(text: str) -> bool:
    """Return whether a text is one common part repeated."""
    part = re.fullmatch(r"(.+?)\1+", text)
    return bool(part and (len(part[1]) < FEWEST_SIGNS or part[1] in _common()))
