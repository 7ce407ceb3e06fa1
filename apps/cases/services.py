"""Open, take and close cases. An app registers its kinds of cases in AppConfig.ready.

`resolve` runs in the transaction that closes the case, so an answer and its effect are committed together.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.audit import services as audit
from apps.core.errors import Refused
from apps.core.metadata import Facts, checked
from apps.core.roles import may
from apps.core.types import StrOrPromise

from .managers import TAKEN_MINUTES
from .models import Case

if TYPE_CHECKING:
    from apps.accounts.models import User


class CaseAnswer(NamedTuple):
    """A possible answer: its stored value, its button label, and its keyboard key."""

    value: str
    label: StrOrPromise
    key: str = ""


@dataclass(frozen=True)
class CaseKind:
    """A kind of case. `template` renders the case for staff, with the context that `context(case)` returns."""

    name: str
    title: StrOrPromise
    role: str
    template: str | None = None
    resolve: Callable[[Case, str, Any], object] | None = None
    answers: tuple[CaseAnswer, ...] = ()
    context: Callable[[Case], dict[str, Any]] | None = None
    reads: tuple[str, ...] = ()
    promise: timedelta = field(default=timedelta(hours=24))
    first_people: Callable[[Case], set[int]] | None = None

    def answer(self, value: str) -> CaseAnswer:
        """Return one of the answers; raise Refused if the kind has no such answer."""
        for answer in self.answers:
            if answer.value == value:
                return answer
        raise Refused(_("This case cannot be answered like that."))


_kinds: dict[str, CaseKind] = {}


def register_kind(  # noqa: PLR0913 (a declaration; every argument is named)
    kind: str,
    *,
    title: StrOrPromise,
    role: str,
    template: str | None = None,
    resolve: Callable[[Case, str, Any], object] | None = None,
    answers: Iterable[CaseAnswer | tuple[Any, ...]] = (),
    context: Callable[[Case], dict[str, Any]] | None = None,
    reads: Iterable[str] = (),
    promise_hours: int = 24,
    first_people: Callable[[Case], set[int]] | None = None,
) -> None:
    """Register a kind of case; call from AppConfig.ready.

    `answers` are tuples of value, label and key: ("same", _("Same person"), "s"). `reads` names the personal fields
    that the detail page shows; opening it then requires a reason and is logged.
    """
    _kinds[kind] = CaseKind(
        name=kind,
        title=title,
        role=role,
        template=template,
        resolve=resolve,
        answers=tuple(CaseAnswer(*answer) for answer in answers),
        context=context,
        reads=tuple(reads),
        promise=timedelta(hours=promise_hours),
        first_people=first_people,
    )


def kind_of(name: str) -> CaseKind:
    """Return a registered kind; raise ValueError if it is not registered."""
    if name not in _kinds:
        raise ValueError(f"No app registered the kind of case {name!r}.")
    return _kinds[name]


def kinds_for(role: str) -> list[str]:
    """Return the names of the kinds that a role may decide; an owner may decide all."""
    return [kind.name for kind in _kinds.values() if role in {kind.role, "owner"}]


def open_case(
    *, kind: str, subject_id: int, key: str, member: "User | None" = None, facts: Facts | None = None
) -> Case:
    """Open a case, or return the open one of the same kind and key."""
    kind_of(kind)
    row = {"subject_id": subject_id, "member": member, "facts": checked(facts)}
    with transaction.atomic():
        case: Case
        case, _made = Case.objects.exclude(state=Case.State.CLOSED).get_or_create(kind=kind, key=key, defaults=row)
    return case


def was_opened(*, kind: str, key: str) -> bool:
    """Return whether a case of this kind and key was ever opened, closed or not."""
    return bool(Case.objects.filter(kind=kind, key=key).exists())


def take(case: Case, actor: "User") -> Case:
    """Assign a case to `actor`; raise Refused if another has it, it is closed, or the role may not decide it."""
    require_role(case, actor)
    stale = Q(state=Case.State.TAKEN, taken_at__lt=Now() - timedelta(minutes=TAKEN_MINUTES))
    own_case = Q(state=Case.State.TAKEN, taken_by=actor)
    free = Case.objects.filter(Q(state=Case.State.WAITING) | stale | own_case, pk=case.pk)
    if not free.update(state=Case.State.TAKEN, taken_by=actor, taken_at=timezone.now()):
        raise Refused(_("Another staff member has taken this case, or it is closed."))
    case.refresh_from_db()
    return case


def release(case: Case, actor: "User") -> None:
    """Return a case to its queue."""
    own_case = Case.objects.filter(pk=case.pk, state=Case.State.TAKEN, taken_by=actor)
    own_case.update(state=Case.State.WAITING, taken_by=None, taken_at=None)


def take_next(actor: "User", kind: str, *, after: int = 0) -> Case | None:
    """Take the oldest waiting case of a kind after the case with id `after`; return None if none is left."""
    waiting = Case.objects.waiting().of_kind(kind)
    for case in [*waiting.filter(pk__gt=after)[:5], *waiting.filter(pk__lte=after).exclude(pk=after)[:5]]:
        try:
            return take(case, actor)
        except Refused:
            continue  # another staff member took it first
    return None


def close(case: Case, actor: "User", answer: str, note: str = "") -> Case:
    """Close a case that the actor has taken, effective at once; pages delay the effect (decisions.decide)."""
    require_role(case, actor)
    kind = kind_of(case.kind)
    kind.answer(answer)
    with transaction.atomic():
        own_case = Case.objects.filter(pk=case.pk, state=Case.State.TAKEN, taken_by=actor)
        if not own_case.exists():
            raise Refused(_("This case is not yours any more. Open it again to see who has it."))
        if note:
            case.note = note
            case.save(update_fields=["note"])
        return apply_answer(case, actor, answer)


def apply_answer(case: Case, actor: "User | None", answer: str) -> Case:
    """Close a case in the caller's transaction, together with the answer's effect and the audit entry."""
    open_still = Case.objects.filter(pk=case.pk).exclude(state=Case.State.CLOSED)
    if not open_still.update(state=Case.State.CLOSED, answer=answer, closed_at=timezone.now()):
        raise Refused(_("This case is closed."))
    case.refresh_from_db()
    kind = kind_of(case.kind)
    if kind.resolve:
        kind.resolve(case, answer, actor)
    audit.log_write(actor=actor, action="case.closed", subject=case, facts={"kind": kind.name, "answer": answer})
    return case


def require_role(case: Case, actor: object) -> None:
    """Raise Refused if the actor's role may not decide this kind of case."""
    if not may(actor, kind_of(case.kind).role):
        raise Refused(_("This kind of case is decided by another role."))
    if waits_for_second_person(case, actor):
        raise Refused(_("This case waits for a second person."))


def waits_for_second_person(case: Case, actor: object) -> bool:
    """Return whether `actor` is one of the accounts that may not decide this case (`CaseKind.first_people`)."""
    first_people = kind_of(case.kind).first_people
    return first_people is not None and getattr(actor, "pk", None) in first_people(case)
