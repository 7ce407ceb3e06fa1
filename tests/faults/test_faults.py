"""Each fault comes while people sign up: see ride.py for what has to hold."""

import pytest

from tests.faults.fault_actions import FAULTS, Fault
from tests.faults.fault_run import ride
from tests.faults.installation import House

pytestmark = [pytest.mark.faults, pytest.mark.services]
CASES = [
    pytest.param(fault, id=fault.act.__name__, marks=[pytest.mark.quick_fault] if fault.quick else [])
    for fault in FAULTS
]


@pytest.mark.parametrize("fault", CASES)
def test_nothing_is_lost_and_nothing_doubled(house: House, fault: Fault) -> None:
    ride(house, fault.name, fault.act, may_refuse=fault.may_refuse, slowest=fault.slowest)
