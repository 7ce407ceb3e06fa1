"""No input breaks the matcher."""

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.matching import Matcher, TypedPerson
from apps.matching.normalize.address import read_address as address
from apps.matching.normalize.dates import lenient
from apps.matching.normalize.names import one_string

ODD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "a", "%", "*", "\x00", "\u202eabc", "👩‍👩‍👧", "x" * 10_000, "' OR 1=1 --",
    "O'", "-", "31/02/1984",
                     "2099-01-01", "Smith", "12 Main St", "١٢٣", "²", "10001"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(fields=st.lists(ODD, min_size=14, max_size=14))
def test_any_person_gets_an_answer(matcher: Matcher, fields: list[str]) -> None:
    answer = matcher.match_one(TypedPerson(*fields))
    assert answer.status in ("verified", "possible", "none")
    assert all(0 <= c.score <= 1 for c in answer.candidates)
    assert len(answer.candidates) <= 10


@settings(max_examples=300, deadline=None)
@given(text=ODD)
def test_no_text_breaks_the_normal_forms(text: str) -> None:
    address(text)
    one_string(text)
    lenient(text, text)
