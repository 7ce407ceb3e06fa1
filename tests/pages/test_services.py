"""Cases of wrong districts."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.cases import services as cases
from apps.cases.models import Case
from apps.districts import lookup
from apps.notifications.models import Notice
from apps.pages import services
from tests.pages.conftest import STATE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("halden")]


PAGE = "/districts/"


@pytest.mark.parametrize("answer", ["right", "fixed"])
def test_the_decision_is_notified_to_the_member(browser: Client, member: User, steward: User, answer: str) -> None:
    browser.post("/districts/wrong/", {"division": f"{STATE}/cd:2"})
    case = cases.take(Case.objects.get(), steward)
    cases.close(case, steward, answer)
    assert Notice.objects.get(member=member).kind == f"district_{answer}"


def test_the_case_shows_the_division_and_its_file(member: User) -> None:
    hit = lookup.division(f"{STATE}/county:isel")
    assert hit
    case = services.report_wrong_division(member=member, hit=hit)
    context = services.division_context(case)
    assert (context["hit"].name, context["vintage"].name) == ("Isel County", "2023")
    assert services.report_wrong_division(member=member, hit=hit).pk == case.pk
