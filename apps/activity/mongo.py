"""Activity documents in MongoDB through mongoengine: the one place that knows the client.

Right on a server without transactions and for any number of writers: one document an act, inserted once under a unique
index, never changed. Nothing here reads before it writes.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import time_ns
from typing import Any, Final

import mongoengine
from bson import Int64, ObjectId
from bson.errors import InvalidId
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from mongoengine import fields
from mongoengine.connection import get_connection
from pymongo import errors
from pymongo.uri_parser import parse_uri

from apps.core.circuit_breaker import Breaker
from apps.core.errors import BackendMisconfigured, BackendUnavailable, BadInput, WorkFailed

from .base import BIGGEST, Activity, ActivityEntry

ALIAS: Final = "activity"
DATABASE: Final = "votekin"
OLDEST: Final = 5  # the major version that is asked for at least
REFUSES: Final = frozenset({13, 18, 8000})  # unauthorised, authentication failed
NOBODY: Final = "it does not respond. Start MongoDB, or correct the address; activity waits in its jobs until then."
REFUSED: Final = (
    "it refuses the user or the password. Expected: a user who may read and write the database. "
    "Put them into the URL: mongodb://user:password@host:27017/votekin."
)


class Act(mongoengine.Document):  # type: ignore[misc]
    """One act of a member: ids, a kind and a time. `place` orders a feed; facts are two lists, whatever their names."""

    actor_id = fields.LongField(required=True)
    key = fields.StringField(required=True, max_length=120)
    kind = fields.StringField(required=True, max_length=60)
    names = fields.ListField(fields.StringField())
    values = fields.ListField()
    place = fields.LongField(required=True)
    meta = {
        "db_alias": ALIAS,
        "collection": "activity",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["actor_id", "key"], "unique": True, "name": "once"},
            {"fields": ["actor_id", "-place"], "name": "feed"},
            {"fields": ["place"], "name": "age"},
        ],
    }


class MongoActivity(Activity):
    """`url` is MongoDB's own; its path names the database. A cursor is an act's place and id."""

    _lock = threading.Lock()
    _connected: tuple[int, str] = (0, "")

    def __init__(self, url: str) -> None:
        super().__init__(url)
        try:
            self._database = parse_uri(url)["database"] or DATABASE
        except (errors.PyMongoError, ValueError) as error:
            raise ImproperlyConfigured("it cannot be read as mongodb://user:password@host:port/database") from error
        self._breaker = Breaker("activity")

    def _connect(self) -> None:
        """Connect once per process: a client must not be shared with a forked worker."""
        mine = (os.getpid(), self.url)
        with MongoActivity._lock:
            if MongoActivity._connected == mine:
                return
            mongoengine.disconnect(ALIAS)
            Act._collection = None
            seconds = settings.BACKEND_REQUEST_SECONDS
            mongoengine.connect(
                self._database,
                alias=ALIAS,
                host=self.url,
                tz_aware=True,
                uuidRepresentation="standard",
                serverSelectionTimeoutMS=seconds * 1000,
                connectTimeoutMS=seconds * 1000,
                socketTimeoutMS=seconds * 1000,
                retryWrites=False,
                retryReads=False,
            )
            Act.ensure_indexes()
            MongoActivity._connected = mine

    @contextmanager
    def _asked(self) -> Iterator[None]:
        with self._breaker.call(), _translated():
            self._connect()
            yield

    def probe(self) -> None:
        """Raise BackendUnavailable where nobody answers, BackendMisconfigured where it is too old or refuses us."""
        with _translated(unfit=True):
            self._connect()
            version = str(get_connection(ALIAS).server_info()["version"])
            if int(version.partition(".")[0]) < OLDEST:
                raise BackendMisconfigured(f"it is version {version}. Expected: MongoDB {OLDEST} or later.")

    def _append(self, *, actor_id: int, kind: str, facts: dict[str, int | str], key: str) -> bool:
        values = [Int64(value) if isinstance(value, int) else value for value in facts.values()]
        act = Act(actor_id=actor_id, key=key, kind=kind, names=list(facts), values=values, place=time_ns())
        with self._asked():
            try:
                act.save(force_insert=True)
            except mongoengine.NotUniqueError:
                return False
        return True

    def _feed(self, member_id: int, *, limit: int, before: str | None) -> list[ActivityEntry]:
        wanted: dict[str, Any] = {"actor_id": member_id}
        if before is not None:
            place, number = _read(before)
            wanted["$or"] = [{"place": {"$lt": place}}, {"place": place, "_id": {"$lt": number}}]
        with self._asked():
            rows = list(Act.objects(__raw__=wanted).order_by("-place", "-id").limit(limit))
        return [_entry(row) for row in rows]

    def erase(self, member_id: int) -> int:
        """Drop everything of a member."""
        with self._asked():
            return int(Act.objects(__raw__={"actor_id": member_id}).delete())

    def purge(self, before: datetime) -> int:
        """Drop what is older. No index drops by age: a server that lacks them would refuse the whole collection."""
        with self._asked():
            return int(Act.objects(__raw__={"place": {"$lt": _place(before)}}).delete())


def _entry(row: Any) -> ActivityEntry:
    pairs = zip(row.names, row.values, strict=True)
    facts = {name: value if isinstance(value, str) else int(value) for name, value in pairs}
    at = datetime.fromtimestamp(row.place / 1e9, tz=UTC)
    return ActivityEntry(row.kind, facts, row.key, at, f"{row.place}.{row.id}")


def _place(moment: datetime) -> int:
    return int(moment.timestamp() * 1e9)


def _read(cursor: str) -> tuple[int, ObjectId]:
    place, _, number = cursor.partition(".")
    try:
        if place.isascii() and place.isdigit() and int(place) <= BIGGEST:
            return int(place), ObjectId(number)
    except InvalidId:
        pass
    raise BadInput("before is not a place in the feed; take one from the page above it.")


@contextmanager
def _translated(*, unfit: bool = False) -> Iterator[None]:
    """Turn the client's errors into ours."""
    try:
        yield
    except errors.OperationFailure as error:
        if error.code in REFUSES:
            raise (BackendMisconfigured if unfit else BackendUnavailable)(REFUSED) from None
        raise WorkFailed(f"it refuses what it is asked (code {error.code}).") from None
    except mongoengine.OperationError:
        raise WorkFailed("it refuses what it is asked.") from None
    except (errors.ConnectionFailure, errors.ConfigurationError, mongoengine.ConnectionFailure):
        raise BackendUnavailable(NOBODY) from None
