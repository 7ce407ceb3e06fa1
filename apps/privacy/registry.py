"""The registry of personal data: what is stored about a member, for how long, and its export and erasure.

Every model with a link to a member is registered here, or declared not personal; a test checks all models.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from apps.core.errors import JobFailed
from apps.core.log import get_logger
from apps.core.types import StrOrPromise
from apps.jobs import jobs, task_names

if TYPE_CHECKING:
    from apps.accounts.models import User

from . import member_keys

log = get_logger(__name__)

ExportRow = Mapping[str, Any]
BATCH = 500


@dataclass(frozen=True)
class PersonalDataEntry:
    """One kind of data about a member. `keep` says in plain words how long it is stored."""

    model: type[models.Model]
    title: StrOrPromise
    export: Callable[[AbstractBaseUser], Iterable[ExportRow]]
    erase: Callable[[AbstractBaseUser], int]
    keep: StrOrPromise


@dataclass(frozen=True)
class Retention:
    """A retention rule: `purge(before)` deletes older rows and returns how many."""

    name: str
    days: int
    purge: Callable[[datetime], int]


_entries: dict[type[models.Model], PersonalDataEntry] = {}
_not_personal: dict[type[models.Model], str] = {}
_retention: dict[str, Retention] = {}


def register(
    model: type[models.Model],
    *,
    title: StrOrPromise,
    keep: StrOrPromise,
    owner: str = "member",
    fields: Iterable[str] = (),
    row: Callable[[Any], ExportRow] | None = None,
    erase: Callable[[Any], int] | None = None,
    export: Callable[[Any], Iterable[ExportRow]] | None = None,
) -> None:
    """Declare how a model's data about a member is exported and erased. Call from AppConfig.ready.

    `owner` names the foreign key to the member. The export holds `fields`, or what `row(instance)` returns, or what
    `export(member)` yields for models without such a key. Erasure deletes the member's rows unless `erase(member)`
    is given; it returns the number of rows and must be safe to run twice.
    """
    names = tuple(fields)

    def owned(member: AbstractBaseUser) -> models.QuerySet[Any]:
        return model._default_manager.filter(**{owner: member.pk}).order_by("pk")

    def export_owned(member: AbstractBaseUser) -> Iterator[ExportRow]:
        if row is None:
            yield from owned(member).values(*names)
            return
        for instance in owned(member).iterator(chunk_size=500):
            yield row(instance)

    def erase_owned(member: AbstractBaseUser) -> int:
        return owned(member).delete()[0]

    _entries[model] = PersonalDataEntry(model, title, export or export_owned, erase or erase_owned, keep)


def not_personal(model: type[models.Model], reason: str) -> None:
    """Declare with a reason that a model with a link to an account contains no personal data of the member."""
    _not_personal[model] = reason


def entries() -> list[PersonalDataEntry]:
    """Return all registered kinds of data, in the order of registration."""
    return list(_entries.values())


def unregistered() -> list[str]:
    """Return the labels of models that link to an account and are neither registered nor declared not personal."""
    user = get_user_model()
    known = {*_entries, *_not_personal}
    missing = []
    for model in apps.get_models(include_auto_created=True):
        # A many-to-many table is a model of its own here.
        links = [
            field
            for field in model._meta.get_fields()
            if field.concrete and not field.many_to_many and field.related_model is user
        ]
        if (links or model is user) and model not in known and not model._meta.proxy:
            missing.append(model._meta.label)
    return missing


def export_all(member: "User") -> dict[str, dict[str, Any]]:
    """Return all stored data about a member: label -> title, keep, rows."""
    return {
        entry.model._meta.label: {
            "title": str(entry.title),
            "keep": str(entry.keep),
            "rows": [dict(row) for row in entry.export(member)],
        }
        for entry in _entries.values()
    }


def erase_all(member: "User") -> dict[str, int]:
    """Erase all stored data about a member, one transaction per model; return label -> rows.

    The member's key is destroyed first: even if a later step fails, the personal fields are unreadable, in backups
    too once their wrapping keys are destroyed. Models follow in reverse order of registration, because upper apps
    refer to lower ones. The account itself is last, so that a crash leaves an account whose erasure can be run again.
    """
    member_keys.destroy(member.pk)
    user = get_user_model()
    erased = {}
    newest_first = list(reversed(_entries.values()))
    account = [entry for entry in newest_first if entry.model is user]
    for entry in [*(entry for entry in newest_first if entry.model is not user), *account]:
        with transaction.atomic():
            erased[entry.model._meta.label] = entry.erase(member)
    return erased


def register_retention(name: str, *, days: int, purge: Callable[[datetime], int]) -> None:
    """Add a rule to the retention table; called in AppConfig.ready. `purge` uses short transactions.

    The name is a job's argument, so it is an id: `app.what`.
    """
    if not jobs.ID_PATTERN.match(name):
        raise ValueError(f"The retention rule {name!r} is not an id.")
    _retention[name] = Retention(name, days, purge)


def retention_table() -> list[Retention]:
    """Return the rules, by name."""
    return [_retention[name] for name in sorted(_retention)]


def run_retention() -> None:
    """Queue one job per rule and day; the scheduler calls this daily."""
    today = timezone.now().date().isoformat()
    for rule in _retention.values():
        jobs.enqueue(task_names.RETAIN, key=f"{rule.name}:{today}", args={"name": rule.name}, priority=9)


def retain(name: str) -> int:
    """Apply one rule of the retention table; return how many rows were deleted."""
    rule = _retention.get(name)
    if rule is None:
        raise JobFailed("No app has this rule of retention any more.", permanent=True)
    deleted = rule.purge(timezone.now() - timedelta(days=rule.days))
    log.info("retention.done", name=name, count=deleted)
    return deleted


def delete_in_batches(rows: models.QuerySet[Any]) -> int:
    """Delete `rows` in short transactions, so that no request waits for the retention job; return how many."""
    total = 0
    while ids := list(rows.values_list("pk", flat=True)[:BATCH]):
        total += rows.model.objects.filter(pk__in=ids).delete()[0]
    return total
