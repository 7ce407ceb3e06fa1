"""What members agree to. A new version of a text is asked for again on the account page, never assumed."""

from typing import Any

from django.db import transaction

from .models import Consent

# The versions in force. Change the version together with the text of its page.
DOCUMENTS = {"privacy": "2026-11", "terms": "2026-11"}


def record(member: Any) -> None:
    """Write down that the member agreed to every document in force; safe to run twice."""
    with transaction.atomic():
        for document, version in DOCUMENTS.items():
            Consent.objects.get_or_create(member=member, document=document, version=version)


def outdated(member: Any) -> list[str]:
    """Return the documents whose version in force the member has not agreed to."""
    agreed = set(Consent.objects.filter(member=member).values_list("document", "version"))
    return [document for document, version in DOCUMENTS.items() if (document, version) not in agreed]
