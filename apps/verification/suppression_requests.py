"""Do not find me: anybody may ask, without an account; nobody is told whether a roll has them.

What was typed is kept, encrypted, only until a roll has that person: then they are on the list of the protected by a
keyed hash alone, in every later load too. Whoever is on no roll yet is looked for in each new one, for a year.
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.crypto import keyed_hash
from apps.core.errors import Refused
from apps.jobs import jobs
from apps.voters import suppression
from apps.voters.models import Suppression
from apps.voters.search.base import voter_index

from .models import HideRequest, QuotaUse
from .query import Typed

TASK: Final = "match.hide"
KEEP_DAYS: Final = 365
NETWORK_A_DAY: Final = 10
CHUNK: Final = 200


def request_suppression(*, typed: Typed, network: str) -> None:
    """Take a request of the public form; raises Refused where too many came from one network today."""
    key = keyed_hash(settings.LOOKUP_KEY, "hide network", network)
    with transaction.atomic():
        today = QuotaUse.objects.filter(kind=QuotaUse.Kind.NETWORK, key=key, at__gt=timezone.now() - timedelta(days=1))
        if today.count() >= NETWORK_A_DAY:
            raise Refused(_("Too many people asked from this network today. Ask again tomorrow."))
        QuotaUse.objects.create(kind=QuotaUse.Kind.NETWORK, key=key)
        keep(typed=typed, by=Suppression.By.PERSON)


def keep(*, typed: Typed, by: str) -> HideRequest:
    """Write a request down and queue its look-up, before everything else that waits."""
    with transaction.atomic():
        request = HideRequest.objects.create(typed=typed.to_text(), by=by)
        jobs.enqueue(TASK, key=str(request.pk), args={"after": request.pk - 1, "upto": request.pk}, priority=0)
    return request


def hide(after: int, upto: int) -> None:
    """Look for the people of a stretch of requests, and protect whom the rolls have; for the worker."""
    requests = list(HideRequest.objects.filter(pk__gt=after, pk__lte=upto).order_by("pk")[:CHUNK])
    answers = voter_index().match_many([Typed.from_text(request.typed).person for request in requests], "form")
    for request, answer in zip(requests, answers, strict=True):
        if answer.status == "verified":
            with transaction.atomic():
                suppression.suppress(state=answer.state, voter_id=answer.voter_id, by=request.by)
                request.delete()
    if len(requests) == CHUNK:
        with transaction.atomic():
            _enqueue("more", requests[-1].pk, upto)


def roll_went_live(state: str, snapshot_id: int) -> None:
    """Look for everybody who is on no roll yet."""
    del state
    newest = HideRequest.objects.order_by("-pk").values_list("pk", flat=True).first()
    if newest:
        with transaction.atomic():
            _enqueue(f"roll{snapshot_id}", 0, newest)


def _enqueue(why: str, after: int, upto: int) -> None:
    jobs.enqueue(TASK, key=f"{why}:{after}:{upto}", args={"after": after, "upto": upto}, priority=0)


def purge_requests(before: datetime) -> int:
    """Drop requests of people whom no roll had for a year."""
    return HideRequest.objects.filter(made_at__lt=before).delete()[0]
