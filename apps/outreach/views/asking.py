"""Asking friends: pick them, send from one's own phone or mail, say what came of it."""

from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import MemberRequest
from apps.contacts import segments, serialization
from apps.contacts.dedupe import name_word_hashes
from apps.contacts.models import Contact
from apps.contacts.views.labels import contact_row
from apps.core.errors import Refused
from apps.outreach import message_templates, selectors
from apps.outreach.models import Ask, Asking, Pledge
from apps.outreach.services import asking as services

PAGE = 50
CARDS = 20


@login_required
@require_safe
def home(request: MemberRequest) -> HttpResponse:
    """The open asks, how far one is with each, and one's own plans."""
    open_asks = list(selectors.open_asks())
    asks = [
        {
            "ask": ask,
            "left": len(selectors.eligible(request.user, ask)),
            "progress": selectors.progress(Asking.objects.of(request.user).filter(ask=ask)),
        }
        for ask in open_asks
    ]
    plans = {plan.election_id: plan for plan in Pledge.objects.of(request.user)}
    elections = sorted({ask.campaign.election for ask in open_asks}, key=lambda one: (one.date, one.pk))
    context = {
        "asks": asks,
        "plans": [(one, plans.get(one.pk)) for one in elections],
        "contacts": Contact.objects.owned_by(request.user).exists(),
    }
    return render(request, "outreach/home.html", context)


def _open(ask_id: int) -> Ask:
    found: Ask = get_object_or_404(selectors.open_asks(), pk=ask_id)
    return found


@login_required
@require_safe
def choose(request: MemberRequest, ask_id: int) -> HttpResponse:
    """The friends whom an ask is about, to be picked."""
    return _choose_page(request, _open(ask_id))


def _choose_page(request: MemberRequest, ask: Ask, status: int = 200, query: str = "") -> HttpResponse:
    owner_id = int(request.user.pk or 0)
    able = segments.contacts_in(request.user, selectors.eligible(request.user, ask)).order_by("pk")
    page = Paginator(able.with_keys(owner_id, name_word_hashes(owner_id, query)), PAGE).get_page(
        request.GET.get("page")
    )
    mine = Asking.objects.of(request.user).filter(ask=ask)
    context = {
        "ask": ask,
        "page": page,
        "rows": [contact_row(one) for one in page.object_list],
        "progress": selectors.progress(mine),
        "query": query,
    }
    return render(request, "outreach/choose.html", context, status=status)


@login_required
@require_POST
def find(request: MemberRequest, ask_id: int) -> HttpResponse:
    """Find friends of an ask by whole words of their name; a name never stands in an address."""
    return _choose_page(request, _open(ask_id), query=request.POST.get("name", "")[:100])


@login_required
@require_POST
def pick(request: MemberRequest, ask_id: int) -> HttpResponse:
    """Pick friends."""
    ask = _open(ask_id)
    chosen = [int(one) for one in request.POST.getlist("friend") if one.isascii() and one.isdigit() and len(one) < 19]
    try:
        services.pick(member=request.user, ask=ask, contacts=chosen)
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("outreach:choose", ask.pk)
    return redirect("outreach:friends", ask.pk)


@login_required
@require_POST
def pick_one(request: MemberRequest, contact_id: int) -> HttpResponse:
    """Pick one friend from the list of contacts, for the first open ask that is about them."""
    contact = get_object_or_404(Contact.objects.owned_by(request.user), pk=contact_id)
    for ask in selectors.open_asks():
        if Asking.objects.of(request.user).filter(ask=ask, contact=contact).exists():
            return redirect(f"{reverse('outreach:friends', args=[ask.pk])}#friend-{contact.pk}")
        if contact.pk in selectors.eligible(request.user, ask):
            services.pick(member=request.user, ask=ask, contacts=[contact.pk])
            return redirect(f"{reverse('outreach:friends', args=[ask.pk])}#friend-{contact.pk}")
    messages.info(request, _("No ask that is open now is about this friend."))
    return redirect("outreach:home")


@dataclass(frozen=True)
class FriendCard:
    """A picked friend with the message, as links of one's own phone and mail."""

    asking: Asking
    name: str
    first: str
    message: str
    sms: str
    mail: str


def card(asking: Asking, language: str) -> FriendCard:
    """Return a card; a friend who is gone has no name and no links."""
    if asking.contact is None:
        return FriendCard(asking, _("A friend who is no longer kept"), "", "", "", "")
    person = serialization.load_contact(asking.contact.data)
    first = person.first or person.name
    text = message_templates.message(asking.ask, language, first)
    body = quote(text, safe="")
    phone = next((number for number in person.phones if number.lstrip("+").isdigit()), "")
    mail = quote(person.emails[0], safe="@") if person.emails else ""
    subject = quote(asking.ask.campaign.election.name, safe="")
    return FriendCard(
        asking,
        person.name or next(iter((*person.emails, *person.phones)), ""),
        first,
        text,
        f"sms:{phone}?&body={body}" if phone else "",
        f"mailto:{mail}?subject={subject}&body={body}" if mail else "",
    )


@login_required
@require_safe
def friends(request: MemberRequest, ask_id: int) -> HttpResponse:
    """The picked friends: first whom one has still to ask, then who has still to answer, then the rest."""
    ask = get_object_or_404(Ask.objects.select_related("campaign__election"), pk=ask_id)
    mine = Asking.objects.of(request.user).filter(ask=ask).select_related("contact", "ask__campaign__election")
    if not mine.exists():
        raise Http404
    known = message_templates.languages(ask)
    language = request.GET.get("in", "")
    if language not in known:
        language = get_language() if get_language() in known else next(iter(known), "en")
    to_do = Paginator(mine.to_send(), CARDS).get_page(request.GET.get("page"))
    context = {
        "ask": ask,
        "page": to_do,
        "to_ask": [card(one, language) for one in to_do.object_list],
        "waiting": [card(one, language) for one in mine.to_answer()[:CARDS]],
        "answered": [card(one, language) for one in mine.answered()[:CARDS]],
        "progress": selectors.progress(mine),
        "languages": [(code, name) for code, name in settings.LANGUAGES if code in known],
        "language": language,
        "outcomes": Asking.Outcome.choices,
    }
    return render(request, "outreach/friends.html", context)


def _mine(request: MemberRequest, asking_id: int) -> Asking:
    found: Asking = get_object_or_404(
        Asking.objects.of(request.user).select_related("ask__campaign", "owner"), pk=asking_id
    )
    return found


@login_required
@require_POST
def sent(request: MemberRequest, asking_id: int) -> HttpResponse:
    """Note that it was sent."""
    asking = _mine(request, asking_id)
    channel = request.POST.get("channel", "")
    services.sent(asking=asking, channel=channel if channel in Asking.Channel.values else Asking.Channel.TALK)
    messages.success(request, _("Noted. Come back when they answer."))
    return redirect("outreach:friends", asking.ask_id)


@login_required
@require_POST
def answer(request: MemberRequest, asking_id: int) -> HttpResponse:
    """Note what came back, or take the friend off the list again."""
    asking = _mine(request, asking_id)
    outcome = request.POST.get("outcome", "")
    if outcome == "put_back":
        services.put_back(asking=asking)
        left = Asking.objects.of(request.user).filter(ask=asking.ask_id).exists()
        return redirect("outreach:friends" if left else "outreach:choose", asking.ask_id)
    if outcome in Asking.Outcome.values:
        services.answered(asking=asking, outcome=outcome)
    return redirect("outreach:friends", asking.ask_id)
