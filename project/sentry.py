"""Report errors to a Sentry-protocol server if SENTRY_DSN is set, without personal data.

By default the SDK sends local variables (birth dates), source lines, exception texts, and arguments of tasks and
commands (measured). Therefore each event is rebuilt from an allowlist of fields.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from settings import logs

# Allowed fields of an event: what ran, when, where, in which version.
EVENT_FIELDS = frozenset(
    "event_id timestamp level platform sdk release environment server_name logger transaction modules type".split()
)
FRAME_FIELDS = frozenset("filename abs_path function module lineno in_app".split())
CONTEXTS = frozenset({"runtime", "os"})


def scrub(event: Mapping[str, Any], _hint: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event with types, files and lines only: no text, value, URL, body, header, argument or breadcrumb."""
    scrubbed = {name: value for name, value in event.items() if name in EVENT_FIELDS}
    values = (event.get("exception") or {}).get("values") or []
    if values:
        scrubbed["exception"] = {"values": [_exception(value) for value in values]}
    if event.get("request"):
        scrubbed["request"] = {"method": event["request"].get("method")}
    contexts = event.get("contexts") or {}
    scrubbed["contexts"] = {name: contexts[name] for name in CONTEXTS if name in contexts}
    if "id" in (event.get("user") or {}):
        scrubbed["user"] = {"id": str(event["user"]["id"])}
    return scrubbed


def _exception(value: Mapping[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    allowed = [{name: frame[name] for name in FRAME_FIELDS if name in frame} for frame in frames]
    # The server groups by type and text; without a text it groups by type.
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "value": "",
        "stacktrace": {"frames": allowed},
        "mechanism": {"type": "generic", "handled": bool((value.get("mechanism") or {}).get("handled", True))},
    }


def start() -> None:
    """Start the SDK if SENTRY_DSN is set."""
    if not settings.SENTRY_DSN:
        return
    import sentry_sdk
    from sentry_sdk.integrations.django import DjangoIntegration
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        trace_propagation_targets=[],  # sends no tracing headers to other servers
        before_send=scrub,  # type: ignore[arg-type]
        shutdown_timeout=2,
        integrations=[
            DjangoIntegration(transaction_style="function_name", middleware_spans=False, signals_spans=False),
            # Log lines contain no exception; `logs.report_to` passes it on before it is removed.
            LoggingIntegration(level=None, event_level=None),
        ],
    )
    logs.report_to(sentry_sdk.capture_exception)
