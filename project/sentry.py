"""Errors go to a Sentry-protocol server where SENTRY_DSN names one; nothing personal goes along.

Measured: the SDK's defaults send local variables (birth dates), source lines, the text of exceptions, arguments of
tasks and of commands. So an event is made anew out of what is named here, and all else stays.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from settings import logs

# Of an event: what ran, when, where, in which version.
KEPT = frozenset(
    "event_id timestamp level platform sdk release environment server_name logger transaction modules type".split()
)
OF_A_FRAME = frozenset("filename abs_path function module lineno in_app".split())
OF_CONTEXTS = frozenset({"runtime", "os"})


def scrub(event: Mapping[str, Any], _hint: Mapping[str, Any]) -> dict[str, Any]:
    """Return types, files and lines; no text, value, address, body, header, argument or breadcrumb."""
    made = {name: value for name, value in event.items() if name in KEPT}
    values = (event.get("exception") or {}).get("values") or []
    if values:
        made["exception"] = {"values": [_exception(value) for value in values]}
    if event.get("request"):
        made["request"] = {"method": event["request"].get("method")}
    contexts = event.get("contexts") or {}
    made["contexts"] = {name: contexts[name] for name in OF_CONTEXTS if name in contexts}
    if "id" in (event.get("user") or {}):
        made["user"] = {"id": str(event["user"]["id"])}
    return made


def _exception(value: Mapping[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames") or []
    kept = [{name: frame[name] for name in OF_A_FRAME if name in frame} for frame in frames]
    # The server groups by type and text: every text is left out, so the type alone stands for it.
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "value": "",
        "stacktrace": {"frames": kept},
        "mechanism": {"type": "generic", "handled": bool((value.get("mechanism") or {}).get("handled", True))},
    }


def start() -> None:
    """Start the SDK once, if it is wanted."""
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
        trace_propagation_targets=[],  # no header of ours on calls to others
        before_send=scrub,  # type: ignore[arg-type]
        shutdown_timeout=2,
        integrations=[
            DjangoIntegration(transaction_style="function_name", middleware_spans=False, signals_spans=False),
            # Our lines hold no exception any more when logging sees them; `logs.report_to` hands it over before.
            LoggingIntegration(level=None, event_level=None),
        ],
    )
    logs.report_to(sentry_sdk.capture_exception)
