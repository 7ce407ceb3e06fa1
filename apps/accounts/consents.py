"""The documents that members agree to. A new version needs a new consent, given on the account page."""

from django.db import transaction

from .models import Consent, User

# The current versions. Change a version together with the text of its page.
DOCUMENTS = {"privacy": "2026-11", "terms": "2026-11"}


def record(member: User) -> None:
    """Record that the member agreed to the current version of every document; safe to run twice."""
    with transaction.atomic():
        for document, version in DOCUMENTS.items():
            Consent.objects.get_or_create(member=member, document=document, version=version)


def outdated(member: User) -> list[str]:
    """Return the documents whose current version the member has not agreed to."""
    agreed = set(Consent.objects.filter(member=member).values_list("document", "version"))
    return [document for document, version in DOCUMENTS.items() if (document, version) not in agreed]
