"""Logging as JSON lines with declared fields only, so that no undeclared value is logged by accident."""

import logging
import logging.config
from collections.abc import Callable
from typing import Any

import structlog
from structlog.types import EventDict, Processor

# Metadata that logs may contain: object names, ids and counts, never personal names, addresses or input.
FIELDS = frozenset(
    """
    event level timestamp logger exception error_type request_id
    method route status ms
    user_id job_id case_id import_id attempt_id notice_id snapshot_id
    task queue state attempt reason count seconds kind name worker pid
    layer vintage rows dropped quarantined version command exit flag role backend restarted head
    """.split()
)


def declared_only(strict: bool) -> Processor:
    """Return a processor that drops undeclared fields; with `strict` (tests) it raises ValueError instead."""

    def process(_logger: Any, _method: str, event: EventDict) -> EventDict:
        unknown = [key for key in event if key not in FIELDS and not key.startswith("_")]
        if unknown and strict:
            raise ValueError(f"Log fields not declared in settings/logs.py: {', '.join(unknown)}")
        for key in unknown:
            del event[key]
        return event

    return process


def one_line(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Truncate long values; JSON encodes line breaks and control characters."""
    for key, value in event.items():
        if isinstance(value, str) and len(value) > 2000 and key != "exception":
            event[key] = value[:2000]
    return event


Reporter = Callable[[tuple[Any, BaseException, Any]], object]
_reporters: list[Reporter] = []


def report_to(reporter: Reporter) -> None:
    """Pass every logged exception to `reporter` too, before its text is removed from the line."""
    _reporters[:] = [reporter]


def _stack_without_values(_logger: Any, _method: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """Log an exception's type and stack (file, line, function), without its text or local variables."""
    info = event.pop("exc_info", None)
    if info is True:
        import sys

        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if not info or info[0] is None:
        return event
    for report in _reporters:
        report(info)
    import traceback

    frames = traceback.extract_tb(info[2])[-12:]
    event["exception"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    event["error_type"] = info[0].__name__
    return event


def logging_config(*, level: str, strict: bool, pretty: bool) -> None:
    """Configure structlog and the standard library's logging to write the same lines to standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _stack_without_values,
        declared_only(strict),
        one_line,
    ]
    renderer: Processor = structlog.dev.ConsoleRenderer(colors=False) if pretty else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "lines": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    # Logs a library's format string without its arguments: Django's would contain a path.
                    "use_get_message": False,
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                "django.request": {"level": "ERROR"},
                "django.server": {"level": "WARNING"},
                # Access lines at INFO would drown out application logs.
                "elastic_transport": {"level": "ERROR"},
                "pysolr": {"level": "CRITICAL"},
                "pymongo": {"level": "ERROR"},
                "celery": {"level": "WARNING"},
                "kombu": {"level": "ERROR"},
                # SQL contains values.
                "django.db.backends": {"level": "WARNING"},
                # These messages contain the requested URL.
                "django.security": {"level": "ERROR"},
            },
        }
    )
