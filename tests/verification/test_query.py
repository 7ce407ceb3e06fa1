"""The member's query."""

from apps.verification.query import NO_SUFFIX, VoterQuery


def test_a_query_survives_storage_and_becomes_a_person() -> None:
    query = VoterQuery("Kate", "Phillips", dob="1980-01-02", address="12 Mill St", suffix="JR", voter_number="77")
    assert VoterQuery.from_text(query.to_text()) == query
    assert (query.person.last_name, query.person.suffix) == ("Phillips", "JR")
    assert query.with_detail("suffix", NO_SUFFIX).person.suffix == ""
    assert query.with_detail("middle_name", "Ann").middle_name == "Ann"
    assert "Phillips" not in repr(query)
