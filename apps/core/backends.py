"""Load the class that a backend's URL scheme names. A backend that cannot load stops the start; no fallback."""

from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from apps.core.types import PassedThrough

from .errors import BackendMisconfigured, BackendUnavailable


def without_secret(url: str) -> str:
    """Return a URL without its credentials and query, for messages and logs."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, query="").geturl()


@cache
def get_backend(variable: str) -> Any:
    """Return the backend that a variable configures, one instance per process.

    Raises ImproperlyConfigured, which names the variable, the class and the cause.
    """
    url = str(getattr(settings, variable))
    backends = settings.BACKENDS[variable]
    scheme = urlsplit(url).scheme
    if scheme not in backends:
        raise ImproperlyConfigured(f"{variable} has the scheme {scheme!r}; known are: {', '.join(sorted(backends))}.")
    try:
        return import_string(backends[scheme])(url)
    except Exception as error:
        raise ImproperlyConfigured(
            f"{variable}={without_secret(url)}: {backends[scheme]} cannot be loaded: {error}"
        ) from error


def probe(variable: str) -> None:
    """Check that the server of a backend is up and usable. Embedded backends have no server and pass.

    Raises BackendUnavailable if it does not answer, BackendMisconfigured if the answer cannot be used. Both name the
    variable and its URL without the password, and say what was expected and what to do.
    """
    backend = get_backend(variable)
    if not hasattr(backend, "probe"):
        return
    where = f"{variable}={without_secret(str(getattr(settings, variable)))}"
    try:
        backend.probe()
    except BackendUnavailable as error:
        raise BackendUnavailable(f"{where}: {error}") from error
    except BackendMisconfigured as error:
        raise BackendMisconfigured(f"{where}: {error}") from error


def _clear_cache(*, setting: str, **_: PassedThrough) -> None:
    if setting == "BACKENDS" or setting in settings.BACKENDS:
        get_backend.cache_clear()


setting_changed.connect(_clear_cache)
