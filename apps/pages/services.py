"""Writes of the public pages: a case when a member reports a wrong division."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.cases import services as cases
from apps.cases.models import Case
from apps.core.metadata import Facts
from apps.core.roles import Role
from apps.districts.lookup import DistrictHit
from apps.notifications import services as notifications

CASE_KIND = "district_wrong"
CASE_ANSWERS = (("right", _("The answer is right"), "r"), ("fixed", _("It was wrong, and is corrected"), "c"))


def report_wrong_division(*, member: User, hit: DistrictHit) -> Case:
    """Open a case for a reported division; reporting it again returns the same open case."""
    facts: Facts = {"division": hit.ocd_id, "layer": hit.layer, "vintage": hit.vintage.pk}
    return cases.open_case(
        kind=CASE_KIND, subject_id=member.pk, key=f"{member.pk}:{hit.ocd_id}", member=member, facts=facts
    )


def notify_member(case: Case, answer: str, actor: User) -> None:
    """Notify the member of the decision, in the transaction that closes the case."""
    del actor
    if case.member is not None:
        notifications.notify(member=case.member, kind=f"district_{answer}", key=str(case.pk), facts=case.facts)


def register_case_kind() -> None:
    """Register the case kind and its notices."""
    cases.register_kind(
        CASE_KIND,
        title=_("A member says a district is wrong"),
        role=Role.STEWARD,
        template="pages/case_district.html",
        resolve=notify_member,
        answers=CASE_ANSWERS,
        context=division_context,
    )
    for answer, title in (("right", _("Your district was right")), ("fixed", _("Your district is corrected"))):
        notifications.register_notice(
            f"district_{answer}",
            title=title,
            body_template=f"pages/notice_district_{answer}.txt",
            mail=False,
            link="pages:districts",
            button=_("See my districts"),
        )


def division_context(case: Case) -> dict[str, Any]:
    """Return what the steward sees: the division and its boundary file."""
    from apps.districts import lookup
    from apps.districts.models import Vintage

    facts = case.facts
    return {
        "hit": lookup.division(str(facts["division"]), layer=str(facts["layer"])),
        "ocd_id": facts["division"],
        "vintage": Vintage.objects.filter(pk=facts["vintage"]).first(),
    }
