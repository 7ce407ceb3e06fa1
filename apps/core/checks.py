"""System checks: the order of timeouts, the backends, and the servers behind them."""

from itertools import pairwise

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.core.exceptions import ImproperlyConfigured

from apps.core.types import PassedThrough

from .backends import get_backend, probe
from .errors import BackendMisconfigured, BackendUnavailable


def timeout_errors() -> list[CheckMessage]:
    """Return an error unless request < task soft < task hard < longest lease, and renewal < lease."""
    order = [
        ("REQUEST_SECONDS", settings.REQUEST_SECONDS),
        ("TASK_SOFT_SECONDS", settings.TASK_SOFT_SECONDS),
        ("TASK_HARD_SECONDS", settings.TASK_HARD_SECONDS),
        ("LEASE_LONGEST_SECONDS", settings.LEASE_LONGEST_SECONDS),
    ]
    pairs = [*pairwise(order)]
    with_retries = settings.BACKEND_JOB_SECONDS * (1 + settings.BACKEND_RETRIES)
    pairs += [
        (("BACKEND_REQUEST_SECONDS", settings.BACKEND_REQUEST_SECONDS), ("REQUEST_SECONDS", settings.REQUEST_SECONDS)),
        (("BACKEND_JOB_SECONDS with its retries", with_retries), ("TASK_SOFT_SECONDS", settings.TASK_SOFT_SECONDS)),
    ]
    pairs.append((("LEASE_RENEW_SECONDS", settings.LEASE_RENEW_SECONDS * 2), ("LEASE_SECONDS", settings.LEASE_SECONDS)))
    return [
        Error(
            f"{low_name} must be shorter than {high_name}.",
            hint="Two workers would run a task that outlives its lease. See settings/celery.py.",
            id="core.E001",
        )
        for (low_name, low), (high_name, high) in pairs
        if low >= high
    ]


@register(Tags.compatibility)
def timeouts_in_order(**_: PassedThrough) -> list[CheckMessage]:
    """Check the order of every timeout."""
    return timeout_errors()


@register(Tags.compatibility)
def backends_load(**_: PassedThrough) -> list[CheckMessage]:
    """Check that every backend class loads."""
    errors: list[CheckMessage] = []
    for variable in settings.BACKENDS:
        try:
            get_backend(variable)
        except ImproperlyConfigured as error:
            errors.append(Error(str(error), id="core.E002"))
    return errors


@register("servers")
def servers_usable(**_: PassedThrough) -> list[CheckMessage]:
    """Probe every server: a warning if it is down, an error if it answers but cannot be used."""
    messages: list[CheckMessage] = []
    for variable in settings.BACKENDS:
        try:
            probe(variable)
        except BackendUnavailable as error:
            messages.append(CheckWarning(str(error), id="core.W003"))
        except BackendMisconfigured as error:
            messages.append(Error(str(error), id="core.E003"))
        except ImproperlyConfigured:
            continue  # reported by backends_load
    return messages
