"""Steps of the lookup form on narrow screens: their fields, and the input stored so far.

The input is stored encrypted in the session for an hour and is deleted when the lookup starts; no URL contains any of
it.
"""

import json
import time
from collections.abc import Mapping
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext_lazy as _

from apps.core.crypto import decrypt, encrypt
from apps.core.errors import VotekinError

from .forms import LookUpForm

SESSION_KEY = "look_up"
MAX_AGE_SECONDS = 3600
# Fields of each step, in order.
STEP_FIELDS = {
    "name": ("first_name", "last_name"),
    "birth-date": ("dob",),
    "address": ("address", "city", "zip", "has_moved"),
    "number": ("voter_number",),
}
STEP_TITLES = {
    "name": _("What is your name?"),
    "birth-date": _("When were you born?"),
    "address": _("Where are you registered?"),
    "number": _("Do you have your voter card?"),
}
STEPS = tuple(STEP_FIELDS)


class StepForm(LookUpForm):
    """Present the fields of one step."""

    def __init__(self, step: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(STEP_FIELDS[step]):
            del self.fields[name]


def step_input(step: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the submitted values of one step, as the browser sent them."""
    return {
        key: str(data[key]) for key in data for name in STEP_FIELDS[step] if key == name or key.startswith(f"{name}_")
    }


def stored_input(session: SessionBase) -> dict[str, str]:
    """Return all stored input; empty after an hour or if its key no longer exists."""
    try:
        expires_at, stored = json.loads(decrypt(session[SESSION_KEY])) if SESSION_KEY in session else (0, {})
    except VotekinError:
        return {}
    return dict(stored) if expires_at > time.time() else {}


def store_input(session: SessionBase, step: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Store the input of a step and any other submitted fields; return all stored input."""
    others = {key: value for other_step in STEPS for key, value in step_input(other_step, data).items() if value}
    stored = stored_input(session) | others | step_input(step, data)
    session[SESSION_KEY] = encrypt(json.dumps([time.time() + MAX_AGE_SECONDS, stored]))
    return stored


def clear_input(session: SessionBase) -> None:
    """Delete the stored input."""
    session.pop(SESSION_KEY, None)


def first_incomplete_step(stored: Mapping[str, str], before: str = "") -> str:
    """Return the first step without valid input, optionally only before a given step; "" if none."""
    steps = STEPS[: STEPS.index(before)] if before else STEPS
    return next((step for step in steps if not StepForm(step, stored).is_valid()), "")


def next_step(step: str) -> str:
    """Return the next step, or "" after the last."""
    return next(iter(STEPS[STEPS.index(step) + 1 :]), "")


def previous_step(step: str) -> str:
    """Return the previous step, or "" before the first."""
    return next(iter(reversed(STEPS[: STEPS.index(step)])), "")
