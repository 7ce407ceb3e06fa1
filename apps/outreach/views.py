"""Ask a friend: unfinished, behind the flag `ask_a_friend`. To others not even its address answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from apps.core.flags import is_preview, require_flag

from . import services
from .forms import AskForm

FLAG = "ask_a_friend"


@require_flag(FLAG)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Put a message together for the member to copy; nothing is stored and nothing is sent."""
    form = AskForm(request.POST if request.method == "POST" else None)
    words = ""
    if form.is_valid():
        words = services.message(tone=form.cleaned_data["tone"], friend=form.cleaned_data["friend"])
    context = {"form": form, "words": words, "preview": is_preview(request, FLAG)}
    return render(request, "outreach/ask.html", context)
