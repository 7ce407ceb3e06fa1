"""Bringing in an address book from Google or Microsoft: a permission for one run, read page by page in the worker.

A page and its checkpoint are one transaction, so that a worker that dies reads the page again and keeps it once.
When the run ends, however it ends, the token is dropped here and taken back there.
"""

import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.contacts import serialization
from apps.contacts.models import Grant, Import, ImportPart, Revocation
from apps.contacts.oauth import PROVIDERS, Provider
from apps.contacts.oauth import client as oauth_client
from apps.contacts.parsing import Parsed, RawContact
from apps.contacts.parsing.people_api import read_entries
from apps.contacts.parsing.types import MOST_ROWS, BadRow, Collector
from apps.core.errors import Refused
from apps.jobs import jobs
from apps.jobs.models import Job

from . import previews

State = Import.State
SECONDS_A_JOB = 10.0
MOST_WAITS = 8
# A code lives some minutes, a token an hour: whatever is older belongs to a run that is over.
STALE_SECONDS = 2 * 3600


def start(*, owner: Any, provider: Provider, code: str, verifier: str) -> Import:
    """Accept a member's permission; the worker fetches, then the preview waits for them."""
    previews.check_quota(owner)
    with transaction.atomic():
        run = Import.objects.create(owner=owner, kind=provider.name, state=State.FETCHING)
        Grant.objects.create(of=run, secret=json.dumps({"code": code, "verifier": verifier}))
        _queue(run.pk, "0")
    return run


def _queue(import_id: int, step: str, delay: float = 0) -> None:
    jobs.enqueue("import.fetch", key=f"{import_id}:{step}", args={"import_id": import_id}, delay=delay, priority=3)


@dataclass
class _Run:
    """A grant at work."""

    grant: Grant
    provider: Provider
    secret: dict[str, str]


def fetch(*, import_id: int) -> None:
    """Read pages from the checkpoint on, for some seconds; then hand over, or make the preview."""
    until = time.monotonic() + SECONDS_A_JOB
    grant = Grant.objects.filter(of=import_id, of__state=State.FETCHING).select_related("of").first()
    if grant is None:
        return
    run = _Run(grant, PROVIDERS[grant.of.kind], json.loads(grant.secret))
    try:
        _use_code(run)
        while _read_page(run):
            if time.monotonic() > until:
                _queue(import_id, str(run.grant.pages))
                return
    except oauth_client.Wait as error:
        _wait(run, error.seconds)
    except oauth_client.Denied as error:
        stop(import_id=import_id, reason=error.reason)
    except Refused:
        stop(import_id=import_id, reason="too_many")


def _use_code(run: _Run) -> None:
    """Make a token of the code, once. A worker that dies just here has used the code up, and the run stops."""
    if "code" not in run.secret:
        return
    token = oauth_client.exchange(run.provider, code=run.secret["code"], verifier=run.secret["verifier"])
    run.secret = {"token": token.value, "next": ""}
    Grant.objects.filter(pk=run.grant.pk).update(secret=json.dumps(run.secret))


def _read_page(run: _Run) -> bool:
    """Keep the next page; returns whether there is one more."""
    page = oauth_client.page(run.provider, token=run.secret["token"], where=run.secret["next"])
    read = Parsed(run.provider.name)
    read_entries(Collector(read), page.entries, run.grant.people + 1, run.provider.read)
    if run.grant.people + len(page.entries) > MOST_ROWS:
        raise Refused(_("The address book has more than 10,000 people."))
    with transaction.atomic():
        mine = Grant.objects.filter(pk=run.grant.pk, pages=run.grant.pages)
        secret = json.dumps({**run.secret, "next": page.next})
        if not mine.update(pages=F("pages") + 1, people=F("people") + len(page.entries), secret=secret):
            return False
        ImportPart.objects.create(
            of=run.grant.of, kind=ImportPart.Kind.FETCHED, number=run.grant.pages, content=_packed(read)
        )
        Import.objects.filter(pk=run.grant.of_id).update(done=F("done") + len(page.entries))
        if not page.next:
            _make_preview(run.grant)
    run.secret["next"] = page.next
    run.grant.pages, run.grant.people = run.grant.pages + 1, run.grant.people + len(page.entries)
    return bool(page.next)


def _packed(read: Parsed) -> str:
    bad = [[one.line, one.reason, one.cure] for one in read.bad]
    return serialization.pack({"people": [one.to_data() for one in read.contacts], "bad": bad})


def _make_preview(grant: Grant) -> None:
    parts = ImportPart.objects.filter(of=grant.of_id, kind=ImportPart.Kind.FETCHED)
    whole = Parsed(grant.of.kind)
    for part in parts.order_by("number"):
        found = serialization.unpack(part.content)
        whole.contacts += [RawContact.from_data(data) for data in found["people"]]
        whole.bad += [BadRow(*row) for row in found["bad"]]
    parts.delete()
    drop(grant)
    draft = grant.of
    draft.state, draft.done = State.DRAFT, 0
    previews.keep(draft, whole, b"")


def _wait(run: _Run, seconds: int) -> None:
    """Come back when the provider said; not for ever."""
    if run.grant.waits >= MOST_WAITS:
        stop(import_id=run.grant.of_id, reason="busy")
        return
    with transaction.atomic():
        Grant.objects.filter(pk=run.grant.pk).update(waits=F("waits") + 1)
        _queue(run.grant.of_id, f"{run.grant.pages}:wait{run.grant.waits}", delay=max(1, seconds))


@transaction.atomic
def stop(*, import_id: int, reason: str) -> None:
    """End a run that did not come to its preview; nothing of it is kept."""
    stopped = Import.objects.filter(pk=import_id, state=State.FETCHING).update(
        state=State.STOPPED, reason=reason, finished_at=Now()
    )
    for grant in Grant.objects.filter(of=import_id).select_related("of"):
        drop(grant)
    if stopped:
        ImportPart.objects.filter(of=import_id).delete()


def on_dead(job: Job) -> None:
    """End a run whose provider never answered."""
    stop(import_id=int(job.args["import_id"]), reason="away")


def drop(grant: Grant) -> None:
    """Forget a token here at once; the provider is told by a job, however long that takes."""
    provider = PROVIDERS[grant.of.kind]
    with transaction.atomic():
        grant.refresh_from_db(fields=["secret"])
        secret = json.loads(grant.secret)
        if provider.revoke and secret.get("token"):
            row = Revocation.objects.create(provider=provider.name, token=secret["token"])
            jobs.enqueue("import.revoke", key=str(row.pk), args={"revocation_id": row.pk}, priority=6)
        Grant.objects.filter(pk=grant.pk).delete()


def drop_all(owner: Any) -> None:
    """Forget every token of a member."""
    for grant in Grant.objects.filter(of__owner=owner).select_related("of"):
        drop(grant)


def revoke(*, revocation_id: int) -> None:
    """Take a token back at its provider, and forget it; tried again while the provider is away."""
    row = Revocation.objects.filter(pk=revocation_id).first()
    if row is None:
        return
    oauth_client.revoke(PROVIDERS[row.provider], row.token)
    row.delete()


def forget_old(before: datetime) -> int:
    """Drop tokens whose provider was away for a day: they are long over."""
    return Revocation.objects.filter(created_at__lt=before).delete()[0]


def repair(dry_run: bool) -> int:
    """Stop the runs that nobody works on any more; returns how many there were."""
    since = timezone.now() - timedelta(seconds=STALE_SECONDS)
    stale = list(Import.objects.filter(state=State.FETCHING, created_at__lt=since).values_list("pk", flat=True))
    if not dry_run:
        for import_id in stale:
            stop(import_id=import_id, reason="expired")
    return len(stale)
