"""Explains decisions of the matcher to staff in words, from the explanation stored with each decision.

Staff see no value of the roll: a level says how two values compare, not what they are.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.formats import percent

from .models import Decision

FIELD_LABELS: Final = {
    "first": gettext_lazy("First name"),
    "last": gettext_lazy("Last name"),
    "middle": gettext_lazy("Middle name"),
    "dob": gettext_lazy("Birth date"),
    "sex": gettext_lazy("Sex"),
    "where": gettext_lazy("Address and place"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("Email"),
    "suffix": gettext_lazy("Suffix"),
}
# Levels with the same meaning in every field.
COMMON_LEVEL_LABELS: Final = {
    "same": gettext_lazy("the same"),
    "close": gettext_lazy("a letter or two apart"),
    "similar": gettext_lazy("similar, not close"),
    "initial": gettext_lazy("an initial that fits"),
    "differs": gettext_lazy("differs"),
}
LEVEL_LABELS: Final = {
    ("first", "nickname"): gettext_lazy("a short form of the same name"),
    ("first", "middle_name"): gettext_lazy("stands as the middle name"),
    ("last", "part"): gettext_lazy("one part of it is the same"),
    ("last", "sounds"): gettext_lazy("sounds the same"),
    ("last", "swapped"): gettext_lazy("first and last name stand in each other’s place"),
    ("last", "middle_name"): gettext_lazy("a former name, kept as the middle name"),
    ("dob", "swapped"): gettext_lazy("day and month stand in each other’s place"),
    ("dob", "one_off"): gettext_lazy("one digit differs"),
    ("dob", "year_and_part"): gettext_lazy("the year and one part are the same"),
    ("dob", "near"): gettext_lazy("within a year"),
    ("dob", "year"): gettext_lazy("the year is the same; no whole date to compare"),
    ("dob", "year_near"): gettext_lazy("a year apart; no whole date to compare"),
    ("dob", "year_differs"): gettext_lazy("the year differs; no whole date to compare"),
    ("where", "door"): gettext_lazy("house, street and place are the same"),
    ("where", "door_other_place"): gettext_lazy("house and street are the same, in another place"),
    ("where", "street"): gettext_lazy("the street is the same, the house differs"),
    ("where", "house"): gettext_lazy("the house number is the same, the street differs"),
    ("where", "zip"): gettext_lazy("the ZIP code is the same, the street differs"),
    ("where", "city"): gettext_lazy("the city is the same, the street differs"),
    ("where", "zip3"): gettext_lazy("near by: the ZIP code begins alike"),
    ("where", "elsewhere"): gettext_lazy("another place"),
    ("where", "place_zip"): gettext_lazy("the ZIP code is the same; no street to compare"),
    ("where", "place_city"): gettext_lazy("the city is the same; no street to compare"),
    ("where", "place_zip3"): gettext_lazy("near by; no street to compare"),
    ("where", "place_differs"): gettext_lazy("another place; no street to compare"),
    ("where", "town"): gettext_lazy("the city is the same; no ZIP code to compare"),
    ("where", "town_differs"): gettext_lazy("another city; no ZIP code to compare"),
}
VETO_LABELS: Final = {
    "first_name_differs": gettext_lazy("The first name differs, so it may be a relative."),
    "first_name_missing": gettext_lazy("There is no first name to compare."),
    "birth_date_differs": gettext_lazy("The birth date differs by more than a slip."),
    "suffix_differs": gettext_lazy("The suffix differs: father and son, perhaps."),
    "surname_differs": gettext_lazy("The surname differs, and no birth date makes up for it."),
    "namesake_in_household": gettext_lazy("Two of one name live behind that door, and no birth date tells them apart."),
    "suffix_uncertain": gettext_lazy("One side has a suffix, the other none, and there is no birth date."),
    "name_alone": gettext_lazy("Only the name agrees."),
    "other_door": gettext_lazy("The house number is the same, but on another road, and there is no birth date."),
    "close_candidates": gettext_lazy("Another voter fits nearly as well."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MatchReasons:
    """Hold the explanation of one decision: confidence, counterevidence, compared fields."""

    confidence: str
    counterevidence: list[str]
    fields: list[tuple[str, str, str]]
    model: str
    snapshot: str


def explain_decision(decision: Decision) -> MatchReasons:
    """Return a decision in words."""
    stored: Mapping[str, Any] = json.loads(decision.explanation)
    best = next(iter(stored["candidates"]), None)
    return MatchReasons(
        confidence=_confidence(stored, best),
        counterevidence=[str(VETO_LABELS[key]) for key in best["vetoes"]] if best else [],
        fields=[_field_comparison(field) for field in best["fields"] if field["level"] != "missing"] if best else [],
        model=decision.model_version,
        snapshot=decision.snapshot_hash[:12],
    )


def _confidence(stored: Mapping[str, Any], best: Mapping[str, Any] | None) -> str:
    prior = _("Before anything was compared: %(prior)s of those who look are registered.") % {
        "prior": percent(stored["prior"], 0)
    }
    if best is None:
        none_close = _("No registered voter comes near what was typed.")
        return f"{prior} {none_close}"
    best_fit = _("The voter who fits best is the person with a probability of %(sure)s; %(needed)s was needed.") % {
        "sure": percent(best["score"], 1),
        "needed": percent(stored["threshold"], 1),
    }
    others = len(stored["candidates"]) - 1
    runners_up = ngettext("%(number)s other voter came near.", "%(number)s other voters came near.", others) % {
        "number": others
    }
    return " ".join((prior, best_fit, runners_up) if others else (prior, best_fit))


def _field_comparison(field: Mapping[str, Any]) -> tuple[str, str, str]:
    name, level, weight = field["field"], field["level"], field["weight"]
    label = LEVEL_LABELS.get((name, level)) or COMMON_LEVEL_LABELS[level]
    return str(FIELD_LABELS[name]), str(label), _weight_label(weight)


def _weight_label(weight: float) -> str:
    """Return a match weight in words: the natural logarithm of the likelihood ratio of a level."""
    if abs(weight) < NEUTRAL_WEIGHT:
        return _("neither way")
    if weight > 0:
        return _("strongly for it") if weight > STRONG_WEIGHT else _("for it")
    return _("strongly against it") if weight < -STRONG_WEIGHT else _("against it")


NEUTRAL_WEIGHT: Final = 0.4  # likelihood ratio 1.5
STRONG_WEIGHT: Final = 4.6  # likelihood ratio 100
