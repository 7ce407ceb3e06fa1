"""OAuth round trip of the browser: to Google or Microsoft, and back with a code that only this browser can use."""

import secrets
import time
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import MemberRequest
from apps.contacts.imports import oauth_import
from apps.contacts.oauth import client as oauth_client
from apps.contacts.oauth import enabled_provider, enabled_providers
from apps.core import http_client
from apps.core.errors import Refused

View = Callable[[MemberRequest], HttpResponse]
SESSION_KEY = "contacts.oauth"
MAX_AGE_SECONDS = 600


def allow_oauth_form_action(view: View) -> View:
    """Extend the `form-action` policy of a view to the enabled providers, and to no other host."""

    @wraps(view)
    def page(request: MemberRequest) -> HttpResponse:
        response = view(request)
        if hosts := [
            http_client.origin(enabled.endpoint_url(enabled.authorize_url)) for enabled in enabled_providers()
        ]:
            # django-csp's middleware reads this; its decorator accepts only fixed values.
            response._csp_update = {"form-action": hosts}  # type: ignore[attr-defined]
        return response

    return page


@login_required
@require_POST
def start(request: MemberRequest, name: str) -> HttpResponse:
    """Redirect to the provider; the session stores state and PKCE verifier."""
    chosen = enabled_provider(name)
    if chosen is None:
        raise Http404
    state, verifier = secrets.token_urlsafe(24), oauth_client.new_verifier()
    request.session[SESSION_KEY] = {"name": name, "state": state, "verifier": verifier, "at": time.time()}
    return redirect(oauth_client.authorization_url(chosen, state=state, verifier=verifier))


@login_required
@require_safe
def callback(request: MemberRequest, name: str) -> HttpResponse:
    """Accept the code, unless the state is unknown to this session, already used or too old."""
    chosen = enabled_provider(name)
    if chosen is None:
        raise Http404
    pending = request.session.pop(SESSION_KEY, None)
    code, state = request.GET.get("code", ""), request.GET.get("state", "")
    is_ours = pending and pending["name"] == name and constant_time_compare(pending["state"], state)
    if not is_ours or time.time() - pending["at"] > MAX_AGE_SECONDS:
        messages.warning(request, _("That did not come from this page. Nothing was read. Start once more."))
        return redirect("contacts:bring")
    if not code or len(code) > 2000:
        messages.info(request, _("You declined at %(who)s. Nothing was read.") % {"who": chosen.title})
        return redirect("contacts:bring")
    try:
        run = oauth_import.start_import(owner=request.user, provider=chosen, code=code, verifier=pending["verifier"])
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("contacts:bring")
    return redirect("contacts:import", run.pk)
