"""Bursts of suppressions: flagged once a day, and ended only by two people."""

import pytest

from apps.accounts.models import User
from apps.cases import services as cases
from apps.cases.models import Case
from apps.core.errors import Refused
from apps.verification import suppression_bursts
from apps.voters import suppression
from apps.voters.models import Suppression


@pytest.fixture
def burst(db: None, monkeypatch: pytest.MonkeyPatch) -> Case:
    """Hide three voters with a limit of three."""
    monkeypatch.setattr(suppression_bursts, "MANY_PER_DAY", 3)
    for number in range(3):
        assert not Case.objects.exists()
        suppression.suppress(state="HD", voter_id=f"V{number}", by="person")
        suppression_bursts.flag_burst()
    suppression.suppress(state="HD", voter_id="OPERATOR", by="operator")
    suppression_bursts.flag_burst()
    return Case.objects.get()


def _decide(case: Case, steward: User, answer: str) -> None:
    cases.close(cases.take(case, steward), steward, answer)


def test_two_people_end_a_burst(burst: Case, steward: User, other_steward: User) -> None:
    _decide(burst, steward, "end")
    assert Suppression.objects.filter(by="person").count() == 3
    second = Case.objects.get(kind="suppression_burst_second")
    with pytest.raises(Refused, match="second person"):
        cases.take(second, steward)
    _decide(second, other_steward, "end")
    assert list(Suppression.objects.values_list("by", flat=True)) == ["operator"]


def test_one_person_may_keep_them(burst: Case, steward: User) -> None:
    _decide(burst, steward, "keep")
    suppression_bursts.flag_burst()
    assert Case.objects.get().state == "closed"
    assert Suppression.objects.filter(by="person").count() == 3
