"""Every level and veto that the matcher can give has words."""

from apps.matching.decide import Veto
from apps.matching.fields import FIELDS
from apps.verification import match_reasons


def test_every_level_and_veto_has_words() -> None:
    assert list(match_reasons.FIELDS) == list(FIELDS)
    for name, levels in FIELDS.items():
        for level in levels:
            key = level.name.lower()
            assert (name, key) in match_reasons.LEVELS or key in match_reasons.ANYWHERE, (name, key)
    assert set(match_reasons.VETOES) == {str(veto.name).lower() for veto in Veto}
