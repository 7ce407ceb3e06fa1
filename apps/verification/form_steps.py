"""The look-up one question at a time, for narrow screens: which question asks what, and what was answered so far.

The answers lie in the session, encrypted, for an hour, and go with the look-up: no address ever holds them.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.crypto import decrypt, encrypt
from apps.core.errors import VotekinError

from .forms import LookUpForm

KEY = "look_up"
KEEP_SECONDS = 3600
# Question -> its fields, in the order they are asked.
FIELDS = {
    "name": ("first_name", "last_name"),
    "birth-date": ("dob",),
    "address": ("address", "city", "zip"),
    "phone": ("phone",),
}
TITLES = {
    "name": _("What is your name?"),
    "birth-date": _("When were you born?"),
    "address": _("Where are you registered?"),
    "phone": _("What is your phone number?"),
}
ORDER = tuple(FIELDS)


class QuestionForm(LookUpForm):
    """The fields of one question."""

    def __init__(self, question: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(FIELDS[question]):
            del self.fields[name]


def inputs(question: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Return what was typed for one question, as the browser sent it."""
    return {
        key: str(data[key]) for key in data for name in FIELDS[question] if key == name or key.startswith(f"{name}_")
    }


def answers(session: Mapping[str, Any]) -> dict[str, str]:
    """Return all that was typed so far; nothing where an hour has passed, or a key is gone."""
    try:
        until, typed = json.loads(decrypt(session[KEY])) if KEY in session else (0, {})
    except VotekinError:
        return {}
    return dict(typed) if until > time.time() else {}


def keep(session: Any, question: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Keep the answer of one question, and what else was typed beside it; returns all that was typed so far."""
    beside = {key: value for each in ORDER for key, value in inputs(each, data).items() if value}
    typed = answers(session) | beside | inputs(question, data)
    session[KEY] = encrypt(json.dumps([time.time() + KEEP_SECONDS, typed]))
    return typed


def drop(session: Any) -> None:
    """Forget the answers."""
    session.pop(KEY, None)


def open_question(typed: Mapping[str, str], before: str = "") -> str:
    """Return the first question that has no valid answer yet, of all or of those before one; "" where none is open."""
    asked = ORDER[: ORDER.index(before)] if before else ORDER
    return next((each for each in asked if not QuestionForm(each, typed).is_valid()), "")


def following(question: str) -> str:
    """Return the next question, or "" after the last."""
    return next(iter(ORDER[ORDER.index(question) + 1 :]), "")


def previous(question: str) -> str:
    """Return the question before, or "" before the first."""
    return next(iter(reversed(ORDER[: ORDER.index(question)])), "")
