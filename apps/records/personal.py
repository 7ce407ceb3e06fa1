"""The registry of personal data: what is held about a member, until when, how it leaves and how it goes.

Every model with a link to a member is registered here, or said to be nothing personal; a test walks all models.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils import timezone

from apps.core import work
from apps.core.errors import WorkFailed
from apps.core.log import get_logger

log = get_logger(__name__)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Held:
    """One kind of data about a member. `keep` says in plain words until when."""

    model: type[models.Model]
    title: Any
    export: Callable[[Any], Iterable[Row]]
    erase: Callable[[Any], int]
    keep: Any


@dataclass(frozen=True)
class Retention:
    """A rule of the retention table: `purge(before)` drops what is older and returns how many rows went."""

    name: str
    days: int
    purge: Callable[[datetime], int]


_held: dict[type[models.Model], Held] = {}
_not_personal: dict[type[models.Model], str] = {}
_retention: dict[str, Retention] = {}


def register(
    model: type[models.Model],
    *,
    title: Any,
    export: Callable[[Any], Iterable[Row]],
    erase: Callable[[Any], int],
    keep: Any,
) -> None:
    """Make a model's data about a member known; called in AppConfig.ready.

    `export(member)` yields one dict a row with plain values; `erase(member)` drops the rows, or what links them to
    the member, and returns how many; it is safe to run twice.
    """
    _held[model] = Held(model, title, export, erase, keep)


def not_personal(model: type[models.Model], reason: str) -> None:
    """Say why a model with a link to an account holds nothing about the member."""
    _not_personal[model] = reason


def held() -> list[Held]:
    """Return everything that is held about members, in the order of registration."""
    return list(_held.values())


def unregistered() -> list[str]:
    """Return the labels of models that link to an account and are in neither list."""
    user = get_user_model()
    known = {*_held, *_not_personal}
    missing = []
    for model in apps.get_models(include_auto_created=True):
        # The table of a many-to-many is a model of its own here.
        links = [
            field
            for field in model._meta.get_fields()
            if field.concrete and not field.many_to_many and field.related_model is user
        ]
        if (links or model is user) and model not in known and not model._meta.proxy:
            missing.append(model._meta.label)
    return missing


def export_all(member: Any) -> dict[str, dict[str, Any]]:
    """Return everything held about a member: label -> title, keep, rows."""
    return {
        held.model._meta.label: {
            "title": str(held.title),
            "keep": str(held.keep),
            "rows": [dict(row) for row in held.export(member)],
        }
        for held in _held.values()
    }


def erase_all(member: Any) -> dict[str, int]:
    """Erase everything held about a member, a model a transaction; returns label -> rows.

    What was registered last goes first, since upper apps point at lower ones; the account itself goes at the end,
    so that a crash in between leaves an account whose erasure can be run again.
    """
    user = get_user_model()
    erased = {}
    newest_first = list(reversed(_held.values()))
    account = [held for held in newest_first if held.model is user]
    for held in [*(held for held in newest_first if held.model is not user), *account]:
        with transaction.atomic():
            erased[held.model._meta.label] = held.erase(member)
    return erased


def register_retention(name: str, *, days: int, purge: Callable[[datetime], int]) -> None:
    """Add a rule to the retention table; called in AppConfig.ready. `purge` keeps its transactions short.

    The name travels as a job's argument, so it is an id: `app.what`.
    """
    if not work.ID_PATTERN.match(name):
        raise ValueError(f"The retention rule {name!r} is not an id.")
    _retention[name] = Retention(name, days, purge)


def retention_table() -> list[Retention]:
    """Return the rules, by name."""
    return [_retention[name] for name in sorted(_retention)]


def run_retention() -> None:
    """Queue one job a rule and day; called daily by the scheduler."""
    today = timezone.now().date().isoformat()
    for rule in _retention.values():
        work.enqueue("default.retain", key=f"{rule.name}:{today}", args={"name": rule.name}, priority=9)


def retain(name: str) -> int:
    """Apply one rule of the retention table; returns how many rows went."""
    rule = _retention.get(name)
    if rule is None:
        raise WorkFailed("No app has this rule of retention any more.", permanent=True)
    deleted = rule.purge(timezone.now() - timedelta(days=rule.days))
    log.info("retention.done", name=name, count=deleted)
    return deleted
