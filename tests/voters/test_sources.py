"""A source's permitted use must be accepted, and again after its text changed."""

import pytest

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.core.errors import BadInput, Refused
from apps.voters import sources


def test_a_source_is_refused_until_its_permitted_use_is_accepted(member: User) -> None:
    with pytest.raises(Refused, match="The permitted use of nc is not accepted yet"):
        sources.check_accepted(["nc"])
    terms = sources.get_terms("nc")
    sources.accept(actor=member, layout="nc", digest=terms.digest)
    sources.check_accepted(["nc"])
    assert sources.get_terms("nc").accepted_at is not None
    assert AuditEntry.objects.filter(action="roll.terms_accepted", actor_id=member.pk).count() == 1


def test_a_changed_text_cannot_be_accepted_by_its_old_hash(member: User) -> None:
    with pytest.raises(Refused, match="The text has changed"):
        sources.accept(actor=member, layout="nc", digest="0" * 64)
    assert sources.get_terms("nc").accepted_at is None


def test_an_unknown_layout_has_no_terms() -> None:
    with pytest.raises(BadInput, match="There is no layout"):
        sources.get_terms("nowhere")


def test_all_terms_name_their_layout(db: None) -> None:
    assert {"nc", "oh", "fl", "generic"} <= {terms.layout for terms in sources.all_terms()}
