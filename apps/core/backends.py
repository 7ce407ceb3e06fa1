"""The registry of seams: a variable's URL scheme names a class; nothing is ever downgraded in silence."""

from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from .errors import BackendMisconfigured, BackendUnavailable


def without_secret(url: str) -> str:
    """Return a URL that may be shown: its user and password are left out."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=host, query="").geturl()


@cache
def get_backend(variable: str) -> Any:
    """Return the store that a seam's variable names, made once per process.

    Raises ImproperlyConfigured naming the variable, the class and the cause.
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
    store = get_backend(variable)
    if not hasattr(store, "probe"):
        return
    where = f"{variable}={without_secret(str(getattr(settings, variable)))}"
    try:
        store.probe()
    except BackendUnavailable as error:
        raise BackendUnavailable(f"{where}: {error}") from error
    except BackendMisconfigured as error:
        raise BackendMisconfigured(f"{where}: {error}") from error


def _forget(*, setting: str, **_: Any) -> None:
    if setting == "BACKENDS" or setting in settings.BACKENDS:
        get_backend.cache_clear()


setting_changed.connect(_forget)
