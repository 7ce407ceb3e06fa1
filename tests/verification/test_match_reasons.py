"""Labels of the matcher's levels and vetoes."""

from apps.matching.decide import Veto
from apps.matching.fields import FIELDS
from apps.verification import match_reasons


def test_every_level_and_veto_has_a_label() -> None:
    assert list(match_reasons.FIELD_LABELS) == list(FIELDS)
    for name, levels in FIELDS.items():
        for level in levels:
            key = level.name.lower()
            assert (name, key) in match_reasons.LEVEL_LABELS or key in match_reasons.COMMON_LEVEL_LABELS, (name, key)
    assert set(match_reasons.VETO_LABELS) == {str(veto.name).lower() for veto in Veto}
