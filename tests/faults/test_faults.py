"""Inject each fault while people sign up; fault_run.py has the invariant."""

import pytest

from tests.faults.fault_actions import FAULTS, Fault
from tests.faults.fault_run import run_fault
from tests.faults.installation import Installation

pytestmark = [pytest.mark.faults, pytest.mark.services]
CASES = [
    pytest.param(fault, id=fault.act.__name__, marks=[pytest.mark.quick_fault] if fault.quick else [])
    for fault in FAULTS
]


@pytest.mark.parametrize("fault", CASES)
def test_nothing_is_lost_and_nothing_doubled(installation: Installation, fault: Fault) -> None:
    run_fault(installation, fault.name, fault.act, may_refuse=fault.may_refuse, slowest=fault.slowest)
