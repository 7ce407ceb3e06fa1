"""Accuracy cards of a roll: its certificates, prepared for display."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.core.formats import percent
from apps.voters.certify import certificates
from apps.voters.models import Snapshot

MIN_GROUP_SIZE = 100  # people; below this a share is not meaningful


def accuracy_cards(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return one card per kind of list: certified bound, recall by group, calibration."""
    titles = {"form": _("People who type their own registration"), "contact": _("Contacts of members")}
    by_kind = certificates(snapshot) if snapshot.folder else {}
    return [
        {
            "kind": kind,
            "title": title,
            "certificate": by_kind[kind],
            "upper": percent(by_kind[kind].upper, 3),
            "target": percent(by_kind[kind].target, 1),
            "recall": percent(by_kind[kind].recall, 1),
            "groups": list(_group_recalls(by_kind[kind].recall_by)),
            "bands": [_calibration_band(band) for band in by_kind[kind].calibration],
        }
        for kind, title in titles.items()
        if kind in by_kind
    ]


def _group_recalls(recall_by: Mapping[str, Any]) -> Iterator[tuple[str, str, int, str]]:
    """Yield title, group, people and recall; recall is omitted below `MIN_GROUP_SIZE` people."""
    labels = {
        "surname": (_("Surname"), {
            "common": _("common"), "middling": _("in between"), "rare": _("rare"), "short": _("four letters or fewer"),
            "two_surnames": _("two surnames"),
        }),
        "moved": (_("Moved since they registered"), {"yes": _("yes"), "no": _("no")}),
        "given": (_("Entered with the name"), {
            "birth_date": _("birth date"), "birth_year": _("birth year"), "address": _("address"),
            "place": _("city or ZIP"), "less": _("less"),
        }),
    }  # fmt: skip
    for name, (title, groups) in labels.items():
        for group, label in groups.items():
            row = recall_by.get(name, {}).get(group) or {}
            people = int(row.get("people") or 0)
            if people:
                yield title, label, people, percent(row["recall"], 1) if people >= MIN_GROUP_SIZE else "–"


def _calibration_band(band: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "from": percent(band["from"], 1),
        "people": band["people"],
        "stated": percent(band["stated"], 1),
        "true": percent(band["true"], 1) if band["people"] >= MIN_GROUP_SIZE else "–",
    }
