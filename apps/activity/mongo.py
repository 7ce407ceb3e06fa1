"""The activity feed in MongoDB: the only module that uses mongoengine and pymongo.

Correct without transactions and with concurrent writers: each activity is one document, inserted once under a unique
index and never changed.
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
from apps.core.errors import BackendMisconfigured, BackendUnavailable, BadInput, JobFailed

from .base import INVALID_CURSOR, MAX_INTEGER, Activity, ActivityEntry

ALIAS: Final = "activity"
DATABASE: Final = "votekin"
MIN_VERSION: Final = 5  # major version
ACCESS_DENIED_CODES: Final = frozenset({13, 18, 8000})  # error codes: unauthorized, authentication failed
NO_RESPONSE: Final = "it does not respond. Start MongoDB, or correct the address; activities wait as jobs until then."
ACCESS_DENIED: Final = (
    "it refuses the user or the password. Expected: a user who may read and write the database. "
    "Put them into the URL: mongodb://user:password@host:27017/votekin."
)


class ActivityRecord(mongoengine.Document):  # type: ignore[misc]
    """One activity of a member. `position` (nanoseconds) orders a feed; `names` and `values` are the facts."""

    actor_id = fields.LongField(required=True)
    key = fields.StringField(required=True, max_length=120)
    kind = fields.StringField(required=True, max_length=60)
    names = fields.ListField(fields.StringField())
    values = fields.ListField()
    position = fields.LongField(required=True)
    meta = {
        "db_alias": ALIAS,
        "collection": "activity",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["actor_id", "key"], "unique": True, "name": "once"},
            {"fields": ["actor_id", "-position"], "name": "feed"},
            {"fields": ["position"], "name": "age"},
        ],
    }


class MongoActivity(Activity):
    """`url` is a MongoDB URL whose path names the database. A cursor is `position.id`."""

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
        """Connect once per process: a forked worker must not share a client."""
        connection = (os.getpid(), self.url)
        with MongoActivity._lock:
            if MongoActivity._connected == connection:
                return
            mongoengine.disconnect(ALIAS)
            ActivityRecord._collection = None
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
            ActivityRecord.ensure_indexes()
            MongoActivity._connected = connection

    @contextmanager
    def _request(self) -> Iterator[None]:
        with self._breaker.call(), _translate_errors():
            self._connect()
            yield

    def probe(self) -> None:
        """Raise BackendUnavailable if MongoDB is down, BackendMisconfigured if it is too old or denies access."""
        with _translate_errors(probing=True):
            self._connect()
            version = str(get_connection(ALIAS).server_info()["version"])
            if int(version.partition(".")[0]) < MIN_VERSION:
                raise BackendMisconfigured(f"it is version {version}. Expected: MongoDB {MIN_VERSION} or later.")

    def _append(self, *, actor_id: int, kind: str, facts: dict[str, int | str], key: str) -> bool:
        values = [Int64(value) if isinstance(value, int) else value for value in facts.values()]
        record = ActivityRecord(
            actor_id=actor_id, key=key, kind=kind, names=list(facts), values=values, position=time_ns()
        )
        with self._request():
            try:
                record.save(force_insert=True)
            except mongoengine.NotUniqueError:
                return False
        return True

    def _feed(self, member_id: int, *, limit: int, before: str | None) -> list[ActivityEntry]:
        query: dict[str, Any] = {"actor_id": member_id}
        if before is not None:
            position, object_id = _parse_cursor(before)
            query["$or"] = [{"position": {"$lt": position}}, {"position": position, "_id": {"$lt": object_id}}]
        with self._request():
            rows = list(ActivityRecord.objects(__raw__=query).order_by("-position", "-id").limit(limit))
        return [_entry(row) for row in rows]

    def erase(self, member_id: int) -> int:
        """Delete all activities of a member."""
        with self._request():
            return int(ActivityRecord.objects(__raw__={"actor_id": member_id}).delete())

    def purge(self, before: datetime) -> int:
        """Delete activities before a time. A TTL index is not used: servers without them reject the collection."""
        with self._request():
            return int(ActivityRecord.objects(__raw__={"position": {"$lt": _nanoseconds(before)}}).delete())


def _entry(row: Any) -> ActivityEntry:
    pairs = zip(row.names, row.values, strict=True)
    facts = {name: value if isinstance(value, str) else int(value) for name, value in pairs}
    at = datetime.fromtimestamp(row.position / 1e9, tz=UTC)
    return ActivityEntry(row.kind, facts, row.key, at, f"{row.position}.{row.id}")


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1e9)


def _parse_cursor(cursor: str) -> tuple[int, ObjectId]:
    position, _, object_id = cursor.partition(".")
    try:
        if position.isascii() and position.isdigit() and int(position) <= MAX_INTEGER:
            return int(position), ObjectId(object_id)
    except InvalidId:
        pass
    raise BadInput(INVALID_CURSOR)


@contextmanager
def _translate_errors(*, probing: bool = False) -> Iterator[None]:
    """Translate the client's errors; `probing` makes denied access BackendMisconfigured."""
    try:
        yield
    except errors.OperationFailure as error:
        if error.code in ACCESS_DENIED_CODES:
            raise (BackendMisconfigured if probing else BackendUnavailable)(ACCESS_DENIED) from None
        raise JobFailed(f"it rejects the request (code {error.code}).") from None
    except mongoengine.OperationError:
        raise JobFailed("it rejects the request.") from None
    except (errors.ConnectionFailure, errors.ConfigurationError, mongoengine.ConnectionFailure):
        raise BackendUnavailable(NO_RESPONSE) from None
