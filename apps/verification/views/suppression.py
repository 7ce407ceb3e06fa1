"""Suppression requests, open to everyone without an account; the response never depends on a roll."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.core.errors import Refused
from apps.core.networks import client_network

from .. import suppression_requests
from ..forms import SuppressionForm


@require_http_methods(["GET", "HEAD", "POST"])
def request_suppression(request: HttpRequest) -> HttpResponse:
    """Accept a request; the response is the same for everyone."""
    form = SuppressionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            suppression_requests.request_suppression(query=form.query, network=client_network(request))
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                _(
                    "We have your request. If a roll has you as you typed it, nobody else here can find you "
                    "after a day at most."
                ),
            )
            return redirect("verification:hide")
    return render(request, "verification/hide.html", {"form": form}, status=422 if form.errors else 200)
