"""The one way to a logger; its fields are declared in settings/logs.py."""

import structlog


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of one module."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
