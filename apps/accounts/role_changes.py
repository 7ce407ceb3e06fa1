"""Role changes take two people: one owner requests, another decides. A single owner uses the command set_role."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.audit import services as audit
from apps.cases import services as cases
from apps.cases.models import Case
from apps.core.errors import Refused
from apps.core.roles import Role

from . import services
from .models import User

KIND = "role_change"


def register_case_kind() -> None:
    """Register the case; called by AppConfig.ready."""
    cases.register_kind(
        KIND,
        title=gettext_lazy("A role to change"),
        role=Role.OWNER,
        template="accounts/case_role_change.html",
        resolve=_resolve,
        answers=(("change", gettext_lazy("Change the role"), "c"), ("leave", gettext_lazy("Leave it"), "l")),
        context=_context,
        first_people=lambda case: {int(case.facts["by"]), case.subject_id},
    )


def request_change(*, actor: User, member: User, role: str, reason: str) -> Case:
    """Open the case of a role change, or return the open one of the member; raise Refused without a second owner."""
    services.check_role_change(actor=actor, role=role, reason=reason)
    others = User.objects.filter(role=Role.OWNER, is_active=True, erase_at=None).exclude(pk__in=[actor.pk, member.pk])
    if not others.exists():
        raise Refused(
            _("A role change needs a second owner to decide it. Without one, use the command set_role on the server.")
        )
    facts: dict[str, int | str] = {"role": role, "by": actor.pk}
    with transaction.atomic():
        case = cases.open_case(kind=KIND, subject_id=member.pk, key=str(member.pk), facts=facts)
        if case.facts != facts:
            raise Refused(_("Another role change of this account waits for a second person."))
        if not case.note:
            case.note = reason
            case.save(update_fields=["note"])
            audit.log_write(actor=actor, action="member.role_requested", subject=member, facts=facts, reason=reason)
    return case


def _context(case: Case) -> dict[str, Any]:
    role = str(case.facts["role"])
    return {"number": case.subject_id, "role": Role(role).label, "by": case.facts["by"], "reason": case.note}


def _resolve(case: Case, answer: str, actor: Any) -> None:
    member = User.objects.filter(pk=case.subject_id).first()
    if answer == "change" and member is not None:
        reason = f"Case {case.pk}, decided by a second person"
        services.change_role(actor=actor, member=member, role=str(case.facts["role"]), reason=reason)
