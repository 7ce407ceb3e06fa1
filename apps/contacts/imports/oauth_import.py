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
from apps.contacts.parsing import ParsedSource, RawContact
from apps.contacts.parsing.people_api import read_entries
from apps.contacts.parsing.types import MAX_ROWS, BadRow, RowCollector
from apps.core.errors import Refused
from apps.jobs import jobs
from apps.jobs.models import Job

from . import previews

State = Import.State
MAX_JOB_SECONDS = 10.0
MAX_WAITS = 8
# A code lives some minutes, a token an hour: whatever is older belongs to a run that is over.
STALE_SECONDS = 2 * 3600


def start_import(*, owner: Any, provider: Provider, code: str, verifier: str) -> Import:
    """Accept a member's permission; the worker fetches, then the preview waits for them."""
    previews.check_quota(owner)
    with transaction.atomic():
        run = Import.objects.create(owner=owner, kind=provider.name, state=State.FETCHING)
        Grant.objects.create(of=run, secret=json.dumps({"code": code, "verifier": verifier}))
        _queue_fetch(run.pk, "0")
    return run


def _queue_fetch(import_id: int, step: str, delay: float = 0) -> None:
    jobs.enqueue("import.fetch", key=f"{import_id}:{step}", args={"import_id": import_id}, delay=delay, priority=3)


@dataclass
class _FetchRun:
    """A grant at work."""

    grant: Grant
    provider: Provider
    secret: dict[str, str]


def fetch_pages(*, import_id: int) -> None:
    """Read pages from the checkpoint on, for some seconds; then hand over, or make the preview."""
    until = time.monotonic() + MAX_JOB_SECONDS
    grant = Grant.objects.filter(of=import_id, of__state=State.FETCHING).select_related("of").first()
    if grant is None:
        return
    run = _FetchRun(grant, PROVIDERS[grant.of.kind], json.loads(grant.secret))
    try:
        _exchange_code(run)
        while _read_page(run):
            if time.monotonic() > until:
                _queue_fetch(import_id, str(run.grant.pages))
                return
    except oauth_client.OAuthThrottled as error:
        _retry_later(run, error.seconds)
    except oauth_client.OAuthDenied as error:
        stop_fetch(import_id=import_id, reason=error.reason)
    except Refused:
        stop_fetch(import_id=import_id, reason="too_many")


def _exchange_code(run: _FetchRun) -> None:
    """Make a token of the code, once. A worker that dies just here has used the code up, and the run stops."""
    if "code" not in run.secret:
        return
    token = oauth_client.exchange_code(run.provider, code=run.secret["code"], verifier=run.secret["verifier"])
    run.secret = {"token": token.value, "next": ""}
    Grant.objects.filter(pk=run.grant.pk).update(secret=json.dumps(run.secret))


def _read_page(run: _FetchRun) -> bool:
    """Keep the next page; returns whether there is one more."""
    page = oauth_client.fetch_page(run.provider, token=run.secret["token"], where=run.secret["next"])
    read = ParsedSource(run.provider.name)
    read_entries(RowCollector(read), page.entries, run.grant.people + 1, run.provider.read)
    if run.grant.people + len(page.entries) > MAX_ROWS:
        raise Refused(_("The address book has more than 10,000 people."))
    with transaction.atomic():
        mine = Grant.objects.filter(pk=run.grant.pk, pages=run.grant.pages)
        secret = json.dumps({**run.secret, "next": page.next})
        if not mine.update(pages=F("pages") + 1, people=F("people") + len(page.entries), secret=secret):
            return False
        ImportPart.objects.create(
            of=run.grant.of, kind=ImportPart.Kind.FETCHED, number=run.grant.pages, content=_pack_page(read)
        )
        Import.objects.filter(pk=run.grant.of_id).update(done=F("done") + len(page.entries))
        if not page.next:
            _make_preview(run.grant)
    run.secret["next"] = page.next
    run.grant.pages, run.grant.people = run.grant.pages + 1, run.grant.people + len(page.entries)
    return bool(page.next)


def _pack_page(read: ParsedSource) -> str:
    bad = [[one.line, one.reason, one.cure] for one in read.bad]
    return serialization.pack({"people": [one.to_data() for one in read.contacts], "bad": bad})


def _make_preview(grant: Grant) -> None:
    parts = ImportPart.objects.filter(of=grant.of_id, kind=ImportPart.Kind.FETCHED)
    whole = ParsedSource(grant.of.kind)
    for part in parts.order_by("number"):
        found = serialization.unpack(part.content)
        whole.contacts += [RawContact.from_data(data) for data in found["people"]]
        whole.bad += [BadRow(*row) for row in found["bad"]]
    parts.delete()
    drop_grant(grant)
    draft = grant.of
    draft.state, draft.done = State.DRAFT, 0
    previews.save_draft(draft, whole, b"")


def _retry_later(run: _FetchRun, seconds: int) -> None:
    """Come back when the provider said; not for ever."""
    if run.grant.waits >= MAX_WAITS:
        stop_fetch(import_id=run.grant.of_id, reason="busy")
        return
    with transaction.atomic():
        Grant.objects.filter(pk=run.grant.pk).update(waits=F("waits") + 1)
        _queue_fetch(run.grant.of_id, f"{run.grant.pages}:wait{run.grant.waits}", delay=max(1, seconds))


@transaction.atomic
def stop_fetch(*, import_id: int, reason: str) -> None:
    """End a run that did not come to its preview; nothing of it is kept."""
    stopped = Import.objects.filter(pk=import_id, state=State.FETCHING).update(
        state=State.STOPPED, reason=reason, finished_at=Now()
    )
    for grant in Grant.objects.filter(of=import_id).select_related("of"):
        drop_grant(grant)
    if stopped:
        ImportPart.objects.filter(of=import_id).delete()


def on_dead_letter(job: Job) -> None:
    """End a run whose provider never answered."""
    stop_fetch(import_id=int(job.args["import_id"]), reason="away")


def drop_grant(grant: Grant) -> None:
    """Forget a token here at once; the provider is told by a job, however long that takes."""
    provider = PROVIDERS[grant.of.kind]
    with transaction.atomic():
        grant.refresh_from_db(fields=["secret"])
        secret = json.loads(grant.secret)
        if provider.revoke and secret.get("token"):
            row = Revocation.objects.create(provider=provider.name, token=secret["token"])
            jobs.enqueue("import.revoke", key=str(row.pk), args={"revocation_id": row.pk}, priority=6)
        Grant.objects.filter(pk=grant.pk).delete()


def drop_grants(owner: Any) -> None:
    """Forget every token of a member."""
    for grant in Grant.objects.filter(of__owner=owner).select_related("of"):
        drop_grant(grant)


def revoke_token(*, revocation_id: int) -> None:
    """Take a token back at its provider, and forget it; tried again while the provider is away."""
    row = Revocation.objects.filter(pk=revocation_id).first()
    if row is None:
        return
    oauth_client.revoke_token(PROVIDERS[row.provider], row.token)
    row.delete()


def purge_revocations(before: datetime) -> int:
    """Drop tokens whose provider was away for a day: they are long over."""
    return Revocation.objects.filter(created_at__lt=before).delete()[0]


def stop_stale_fetches(dry_run: bool) -> int:
    """Stop the runs that nobody works on any more; returns how many there were."""
    since = timezone.now() - timedelta(seconds=STALE_SECONDS)
    stale = list(Import.objects.filter(state=State.FETCHING, created_at__lt=since).values_list("pk", flat=True))
    if not dry_run:
        for import_id in stale:
            stop_fetch(import_id=import_id, reason="expired")
    return len(stale)
