"""Google and Microsoft: the browser goes there to ask, and comes back with a code that only this browser can use."""

import secrets
import time
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.contacts.imports import oauth_import
from apps.contacts.oauth import client as oauth_client
from apps.contacts.oauth import enabled_provider, enabled_providers
from apps.core import http_client
from apps.core.errors import Refused

SESSION_KEY = "contacts.asked"
MAX_AGE_SECONDS = 600


def allow_oauth_form_action(view: Any) -> Any:
    """Let the forms of a page lead to the providers that are on; the policy names no other host."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **kwargs)
        if hosts := [http_client.origin(one.at(one.authorize)) for one in enabled_providers()]:
            # Read by django-csp's middleware; its decorator takes fixed values only.
            response._csp_update = {"form-action": hosts}  # type: ignore[attr-defined]
        return response

    return page


@login_required
@require_POST
def start(request: HttpRequest, name: str) -> HttpResponse:
    """Send the browser to the provider, with a state and a challenge that are kept in the session."""
    one = enabled_provider(name)
    if one is None:
        raise Http404
    state, verifier = secrets.token_urlsafe(24), oauth_client.new_verifier()
    request.session[SESSION_KEY] = {"name": name, "state": state, "verifier": verifier, "at": time.time()}
    return redirect(oauth_client.authorization_url(one, state=state, verifier=verifier))


@login_required
@require_safe
def callback(request: HttpRequest, name: str) -> HttpResponse:
    """Take the code; a state that this session did not send, or one used before, ends here."""
    one = enabled_provider(name)
    if one is None:
        raise Http404
    asked = request.session.pop(SESSION_KEY, None)
    code, state = request.GET.get("code", ""), request.GET.get("state", "")
    ours = asked and asked["name"] == name and constant_time_compare(asked["state"], state)
    if not ours or time.time() - asked["at"] > MAX_AGE_SECONDS:
        messages.warning(request, _("That did not come from this page. Nothing was read. Start once more."))
        return redirect("contacts:bring")
    if not code or len(code) > 2000:
        messages.info(request, _("%(who)s was told no. Nothing was read.") % {"who": one.title})
        return redirect("contacts:bring")
    try:
        run = oauth_import.start_import(owner=request.user, provider=one, code=code, verifier=asked["verifier"])
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("contacts:bring")
    return redirect("contacts:import", run.pk)
