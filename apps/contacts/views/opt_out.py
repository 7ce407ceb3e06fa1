"""Opt-out pages, open to everyone without an account; the emailed link proves the address."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from apps.contacts.forms import OptOutForm
from apps.contacts.services import opt_out
from apps.core.errors import Refused
from apps.core.networks import client_network


@require_http_methods(["GET", "HEAD", "POST"])
def request_opt_out(request: HttpRequest) -> HttpResponse:
    """Accept an email address; the response is the same for every address."""
    form = OptOutForm(request.POST or None)
    requested = False
    if request.method == "POST" and form.is_valid():
        try:
            opt_out.request_opt_out(email=form.cleaned_data["email"], network=client_network(request))
            requested = True
        except Refused as error:
            form.add_error("email", str(error))
    return render(
        request, "contacts/off.html", {"form": form, "requested": requested}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_opt_out(request: HttpRequest, token: str) -> HttpResponse:
    """Opt out on a button press, because email programs open links by themselves."""
    pending = opt_out.pending_request(token)
    if pending is None:
        raise Http404
    if request.method == "POST":
        opt_out.confirm_request(request=pending)
    return render(request, "contacts/confirm_off.html", {"done": request.method == "POST"})
