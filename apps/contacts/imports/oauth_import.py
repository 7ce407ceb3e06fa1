"""Imports an address book from Google or Microsoft: a permission for one run, read page by page in the worker.

A page and its checkpoint are one transaction, so that a killed worker reads the page again and stores it once. When the
run ends, for any reason, the token is deleted here and revoked at the provider.
"""

import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.contacts import serialization
from apps.contacts.models import Grant, Import, ImportPart, Revocation
from apps.contacts.oauth import PROVIDERS, Provider
from apps.contacts.oauth import client as oauth_client
from apps.contacts.parsing import ParsedSource, RawContact
from apps.contacts.parsing.people_api import read_entries
from apps.contacts.parsing.types import MAX_ROWS, BadRow, RowCollector, SkippedEntry
from apps.core.errors import Refused
from apps.jobs import jobs, task_names
from apps.jobs.models import Job

from . import previews

State = Import.State
MAX_JOB_SECONDS = 10.0
MAX_WAITS = 8
# A code lives for minutes, a token for an hour: an older run cannot continue.
STALE_SECONDS = 2 * 3600


def start_import(*, owner: User, provider: Provider, code: str, verifier: str) -> Import:
    """Store a member's permission and queue the fetch; raise Refused beyond the daily limit of previews."""
    previews.check_quota(owner)
    with transaction.atomic():
        run = Import.objects.create(owner=owner, kind=provider.name, state=State.FETCHING)
        Grant.objects.create(contact_import=run, secret=json.dumps({"code": code, "verifier": verifier}))
        _queue_fetch(run.pk, "0")
    return run


def _queue_fetch(import_id: int, step: str, delay: float = 0) -> None:
    jobs.enqueue(
        task_names.FETCH_CONTACTS, key=f"{import_id}:{step}", args={"import_id": import_id}, delay=delay, priority=3
    )


@dataclass
class _FetchRun:
    """Hold a grant with its provider and decrypted secret."""

    grant: Grant
    provider: Provider
    secret: dict[str, str]


def fetch_pages(*, import_id: int) -> None:
    """Read pages from the checkpoint for `MAX_JOB_SECONDS`; then queue the rest or create the preview."""
    deadline = time.monotonic() + MAX_JOB_SECONDS
    grant = (
        Grant.objects.filter(contact_import=import_id, contact_import__state=State.FETCHING)
        .select_related("contact_import")
        .first()
    )
    if grant is None:
        return
    run = _FetchRun(grant, PROVIDERS[grant.contact_import.kind], json.loads(grant.secret))
    try:
        _exchange_code(run)
        while _read_page(run):
            if time.monotonic() > deadline:
                _queue_fetch(import_id, str(run.grant.pages))
                return
    except oauth_client.OAuthThrottled as error:
        _retry_later(run, error.seconds)
    except oauth_client.OAuthDenied as error:
        stop_fetch(import_id=import_id, reason=error.reason)
    except Refused:
        stop_fetch(import_id=import_id, reason="too_many")


def _exchange_code(run: _FetchRun) -> None:
    """Exchange the code for a token. A worker killed here has used up the code, and the run stops."""
    if "code" not in run.secret:
        return
    token = oauth_client.exchange_code(run.provider, code=run.secret["code"], verifier=run.secret["verifier"])
    run.secret = {"token": token.value, "next": ""}
    Grant.objects.filter(pk=run.grant.pk).update(secret=json.dumps(run.secret))


def _read_page(run: _FetchRun) -> bool:
    """Store the next page; return whether another one follows."""
    page = oauth_client.fetch_page(run.provider, token=run.secret["token"], url=run.secret["next"])
    parsed = ParsedSource(run.provider.name)
    read_entries(RowCollector(parsed), page.entries, run.grant.people + 1, run.provider.read_entry)
    if run.grant.people + len(page.entries) > MAX_ROWS:
        raise Refused(_("The address book has more than 10,000 people."))
    with transaction.atomic():
        at_checkpoint = Grant.objects.filter(pk=run.grant.pk, pages=run.grant.pages)
        secret = json.dumps({**run.secret, "next": page.next})
        if not at_checkpoint.update(pages=F("pages") + 1, people=F("people") + len(page.entries), secret=secret):
            return False
        ImportPart.objects.create(
            contact_import=run.grant.contact_import,
            kind=ImportPart.Kind.FETCHED,
            number=run.grant.pages,
            content=_pack_page(parsed),
        )
        Import.objects.filter(pk=run.grant.contact_import_id).update(done=F("done") + len(page.entries))
        if not page.next:
            _make_preview(run.grant)
    run.secret["next"] = page.next
    run.grant.pages, run.grant.people = run.grant.pages + 1, run.grant.people + len(page.entries)
    return bool(page.next)


def _pack_page(parsed: ParsedSource) -> str:
    bad = [[item.line, item.reason, item.cure] for item in parsed.bad]
    skipped = [[entry.line, entry.kind, entry.name] for entry in parsed.skipped]
    people = [item.to_data() for item in parsed.contacts]
    return serialization.pack({"people": people, "bad": bad, "skipped": skipped})


def _make_preview(grant: Grant) -> None:
    parts = ImportPart.objects.filter(contact_import=grant.contact_import_id, kind=ImportPart.Kind.FETCHED)
    parsed = ParsedSource(grant.contact_import.kind)
    for part in parts.order_by("number"):
        page = serialization.unpack(part.content)
        parsed.contacts += [RawContact.from_data(data) for data in page["people"]]
        parsed.bad += [BadRow(*row) for row in page["bad"]]
        parsed.skipped += [SkippedEntry(*entry) for entry in page["skipped"]]
    parts.delete()
    drop_grant(grant)
    draft = grant.contact_import
    draft.state, draft.done = State.DRAFT, 0
    previews.save_draft(draft, parsed, b"")


def _retry_later(run: _FetchRun, seconds: int) -> None:
    """Queue the next attempt after the provider's delay; stop after `MAX_WAITS`."""
    if run.grant.waits >= MAX_WAITS:
        stop_fetch(import_id=run.grant.contact_import_id, reason="busy")
        return
    with transaction.atomic():
        Grant.objects.filter(pk=run.grant.pk).update(waits=F("waits") + 1)
        _queue_fetch(run.grant.contact_import_id, f"{run.grant.pages}:wait{run.grant.waits}", delay=max(1, seconds))


@transaction.atomic
def stop_fetch(*, import_id: int, reason: str) -> None:
    """End a fetch before its preview and delete everything it stored."""
    stopped = Import.objects.filter(pk=import_id, state=State.FETCHING).update(
        state=State.STOPPED, reason=reason, finished_at=Now()
    )
    for grant in Grant.objects.filter(contact_import=import_id).select_related("contact_import"):
        drop_grant(grant)
    if stopped:
        ImportPart.objects.filter(contact_import=import_id).delete()


def on_dead_letter(job: Job) -> None:
    """End a fetch whose job failed for good."""
    stop_fetch(import_id=int(job.args["import_id"]), reason="away")


def drop_grant(grant: Grant) -> None:
    """Delete a token at once; a job revokes it at the provider."""
    provider = PROVIDERS[grant.contact_import.kind]
    with transaction.atomic():
        grant.refresh_from_db(fields=["secret"])
        secret = json.loads(grant.secret)
        if provider.revoke_url and secret.get("token"):
            row = Revocation.objects.create(provider=provider.name, token=secret["token"])
            jobs.enqueue(task_names.REVOKE_TOKEN, key=str(row.pk), args={"revocation_id": row.pk}, priority=6)
        Grant.objects.filter(pk=grant.pk).delete()


def drop_grants(owner: User) -> None:
    """Delete every token of a member."""
    for grant in Grant.objects.filter(contact_import__owner=owner).select_related("contact_import"):
        drop_grant(grant)


def revoke_token(*, revocation_id: int) -> None:
    """Revoke a token at its provider, then delete it; retried while the provider is unavailable."""
    row = Revocation.objects.filter(pk=revocation_id).first()
    if row is None:
        return
    oauth_client.revoke_token(PROVIDERS[row.provider], row.token)
    row.delete()


def purge_revocations(before: datetime) -> int:
    """Delete tokens that could not be revoked for a day: they have expired. Return the number."""
    return Revocation.objects.filter(created_at__lt=before).delete()[0]


def stop_stale_fetches(dry_run: bool) -> int:
    """Stop fetches older than `STALE_SECONDS`; return their number. Changes nothing on a dry run."""
    since = timezone.now() - timedelta(seconds=STALE_SECONDS)
    stale = list(Import.objects.filter(state=State.FETCHING, created_at__lt=since).values_list("pk", flat=True))
    if not dry_run:
        for import_id in stale:
            stop_fetch(import_id=import_id, reason="expired")
    return len(stale)
