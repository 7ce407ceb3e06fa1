"""The accuracy card of a roll: what its certificates say, in the words of the page."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.voters.certify import certificates
from apps.voters.models import Snapshot

FEW = 100  # people of a group, below which a share says little


def cards_of(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return a card a kind of list: the promise, recall by groups, and what stated probabilities came to."""
    titles = {"form": _("People who type their own registration"), "contact": _("Contacts of members")}
    found = certificates(snapshot) if snapshot.folder else {}
    return [
        {
            "kind": kind,
            "title": title,
            "certificate": found[kind],
            "upper": _percent(found[kind].upper, 3),
            "target": _percent(found[kind].target, 1),
            "recall": _percent(found[kind].recall, 1),
            "groups": list(_groups(found[kind].recall_by)),
            "bands": [_band(band) for band in found[kind].calibration],
        }
        for kind, title in titles.items()
        if kind in found
    ]


def _groups(recall_by: Mapping[str, Any]) -> Iterator[tuple[str, str, int, str]]:
    """Yield title, group, people and recall; a group of few people is told without a share."""
    words = {
        "surname": (_("Surname"), {
            "common": _("common"), "middling": _("in between"), "rare": _("rare"), "short": _("four letters or fewer"),
            "two_surnames": _("two surnames"),
        }),
        "moved": (_("Moved since they registered"), {"yes": _("yes"), "no": _("no")}),
        "given": (_("Typed beside the name"), {
            "birth_date": _("birth date"), "birth_year": _("birth year"), "address": _("address"),
            "place": _("city or ZIP"), "less": _("less"),
        }),
    }  # fmt: skip
    for name, (title, groups) in words.items():
        for group, word in groups.items():
            row = recall_by.get(name, {}).get(group) or {}
            people = int(row.get("people") or 0)
            if people:
                yield title, word, people, _percent(row["recall"], 1) if people >= FEW else "–"


def _band(band: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "from": _percent(band["from"], 1),
        "people": band["people"],
        "stated": _percent(band["stated"], 1),
        "true": _percent(band["true"], 1) if band["people"] >= FEW else "–",
    }


def _percent(share: float, digits: int) -> str:
    return f"{100 * share:.{digits}f} %"
