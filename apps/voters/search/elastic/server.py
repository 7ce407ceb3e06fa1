"""The only module that uses the Elasticsearch client: timeouts, retries, a circuit breaker, and clear errors."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import elasticsearch
from django.conf import settings

from apps.core.circuit_breaker import Breaker
from apps.core.errors import BackendMisconfigured, BackendUnavailable, JobFailed

CLIENT_MAJOR: Final = elasticsearch.__version__[0]
RETRY_STATUSES: Final = (429, 502, 503, 504)
DEFAULT_PREFIX: Final = "votekin"
NO_RESPONSE: Final = "it does not respond. Start Elasticsearch, or correct the address; look-ups wait until then."
ACCESS_DENIED: Final = (
    "it refuses the user or the password. Expected: a user who may monitor the cluster and manage indices {prefix}-*. "
    "Put them into the URL: elasticsearch://user:password@host:9200/."
)
WRONG_SERVER: Final = "it is {server}. Expected: Elasticsearch {major}.x. Run that version, or correct the URL."


class Server:
    """Elasticsearch for this process. `url`: elasticsearch[+https]://[user:password@]host:port/[prefix]."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.prefix = parts.path.strip("/") or DEFAULT_PREFIX
        scheme = "https" if parts.scheme.endswith("+https") else "http"
        self._host = f"{scheme}://{parts.hostname or '127.0.0.1'}:{parts.port or 9200}"
        self._user = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        self._clients: dict[tuple[int, float, int], elasticsearch.Elasticsearch] = {}
        self._breaker = Breaker("voter search")

    def _client(self, seconds: float, retries: int) -> elasticsearch.Elasticsearch:
        """Return this process's client for a timeout and retry count; a forked worker must not share connections."""
        key = (os.getpid(), seconds, retries)
        if key not in self._clients:
            self._clients[key] = elasticsearch.Elasticsearch(
                self._host,
                basic_auth=self._user,
                request_timeout=seconds,
                max_retries=retries,
                retry_on_timeout=True,
                retry_on_status=RETRY_STATUSES,
            )
        return self._clients[key]

    @contextmanager
    def client(self, *, seconds: float, retries: int = 0) -> Iterator[elasticsearch.Elasticsearch]:
        """Yield a client whose requests time out after `seconds` each; raise BackendUnavailable if it is down."""
        with self._breaker.call(), translate_errors(self.prefix):
            yield self._client(seconds, retries)

    @contextmanager
    def background_client(self) -> Iterator[elasticsearch.Elasticsearch]:
        """Yield a client with the longer timeout and the retries of background work."""
        with self.client(seconds=settings.BACKEND_JOB_SECONDS, retries=settings.BACKEND_RETRIES) as client:
            yield client

    def probe(self) -> None:
        """Raise BackendUnavailable if the server is down, BackendMisconfigured on a wrong version or password."""
        with translate_errors(self.prefix, probing=True):
            client = self._client(settings.BACKEND_REQUEST_SECONDS, 0)
            nodes = client.nodes.info(node_id="_local", metric="http", filter_path=["nodes.*.version"])
            version = next(iter(nodes.get("nodes", {"": {"version": "no Elasticsearch"}}).values()))["version"]
            if not version.startswith(f"{CLIENT_MAJOR}."):
                raise BackendMisconfigured(WRONG_SERVER.format(server=f"version {version}", major=CLIENT_MAJOR))


@contextmanager
def translate_errors(prefix: str, *, probing: bool = False) -> Iterator[None]:
    """Translate the client's errors without the query text; `probing` makes lasting ones BackendMisconfigured."""
    try:
        yield
    except (elasticsearch.AuthenticationException, elasticsearch.AuthorizationException):
        raise (BackendMisconfigured if probing else BackendUnavailable)(ACCESS_DENIED.format(prefix=prefix)) from None
    except elasticsearch.UnsupportedProductError:
        raise (BackendMisconfigured if probing else BackendUnavailable)(
            WRONG_SERVER.format(server="another product", major=CLIENT_MAJOR)
        ) from None
    except elasticsearch.NotFoundError as error:
        raise BackendUnavailable("an index is missing; it is rebuilt automatically, or by index_voters.") from error
    except elasticsearch.TransportError:
        raise BackendUnavailable(NO_RESPONSE) from None
    except elasticsearch.ApiError as error:
        status = error.meta.status
        if probing:
            raise BackendMisconfigured(
                WRONG_SERVER.format(server=f"a server that responds with status {status}", major=CLIENT_MAJOR)
            ) from None
        if status in RETRY_STATUSES:
            raise BackendUnavailable(f"it is overloaded ({status}); requests are retried automatically.") from None
        raise JobFailed(f"it rejects the request ({status}).") from None


def refused_documents(response: Mapping[str, Any]) -> Sequence[str]:
    """Return the error types in a bulk response, except those of statuses worth a retry."""
    items = [next(iter(item.values())) for item in response["items"]] if response["errors"] else []
    return [item["error"]["type"] for item in items if "error" in item and item["status"] not in RETRY_STATUSES]
