"""Cases of wrong districts."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.cases import services as cases
from apps.cases.models import Case
from apps.notifications.models import Notice
from tests.pages.conftest import STATE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("halden")]


PAGE = "/districts/"


@pytest.mark.parametrize("answer", ["right", "fixed"])
def test_the_decision_is_notified_to_the_member(browser: Client, member: User, steward: User, answer: str) -> None:
    browser.post("/districts/wrong/", {"division": f"{STATE}/cd:2"})
    case = cases.take(Case.objects.get(), steward)
    cases.close(case, steward, answer)
    assert Notice.objects.get(member=member).kind == f"district_{answer}"
