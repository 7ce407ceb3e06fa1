"""The member's query."""

from apps.verification.query import VoterQuery


def test_a_target_is_the_sound_of_the_name_and_the_house_number() -> None:
    one = VoterQuery("Katherine", "Phillips", dob="1980-01-02", address="12 Mill Street", zip="00471").target_hash()
    same = [
        VoterQuery("Kate", "Phillips", dob="1971", address="12 Mill St Apt 4", zip="00499").target_hash(),
        VoterQuery("KATHERINE", "Philips", address="12 Mill Street").target_hash(),
    ]
    other = [
        VoterQuery("Katherine", "Phillips", address="14 Mill Street").target_hash(),
        VoterQuery("Bela", "Phillips", address="12 Mill Street").target_hash(),
    ]
    assert {one} == {*same}
    assert one not in other
    assert len(one) == 16
