"""Take me off: for anybody, without an account. The address proves itself by the link it gets."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from apps.contacts.forms import OptOutForm
from apps.contacts.services import opt_out
from apps.core.errors import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def request_opt_out(request: HttpRequest) -> HttpResponse:
    """Take a mail address; the answer is the same for every address."""
    form = OptOutForm(request.POST or None)
    asked = False
    if request.method == "POST" and form.is_valid():
        try:
            opt_out.request_opt_out(mail=form.cleaned_data["mail"])
            asked = True
        except Refused as error:
            form.add_error("mail", str(error))
    return render(request, "contacts/off.html", {"form": form, "asked": asked}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_opt_out(request: HttpRequest, token: str) -> HttpResponse:
    """Do it on a press of the button: mail programs open links by themselves."""
    waiting = opt_out.pending_request(token)
    if waiting is None:
        raise Http404
    if request.method == "POST":
        opt_out.confirm_request(request=waiting)
    return render(request, "contacts/confirm_off.html", {"done": request.method == "POST"})
