"""Pages for asking friends: pick them, send from one's own phone or email, record the outcome."""

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
from apps.outreach.models import Ask, FriendAsk, Pledge
from apps.outreach.services import asking as services

PAGE_SIZE = 50
CARDS_PER_PAGE = 20


@login_required
@require_safe
def home(request: MemberRequest) -> HttpResponse:
    """Show open asks with the member's progress, and their plans."""
    open_asks = list(selectors.open_asks())
    asks = [
        {
            "ask": ask,
            "left": len(selectors.eligible_contacts(request.user, ask)),
            "progress": selectors.count_progress(FriendAsk.objects.owned_by(request.user).filter(ask=ask)),
        }
        for ask in open_asks
    ]
    plans = {plan.election_id: plan for plan in Pledge.objects.owned_by(request.user)}
    elections = sorted({ask.campaign.election for ask in open_asks}, key=lambda election: (election.date, election.pk))
    context = {
        "asks": asks,
        "plans": [(election, plans.get(election.pk)) for election in elections],
        "contacts": Contact.objects.owned_by(request.user).exists(),
    }
    return render(request, "outreach/home.html", context)


def _open_ask(ask_id: int) -> Ask:
    ask: Ask = get_object_or_404(selectors.open_asks(), pk=ask_id)
    return ask


@login_required
@require_safe
def choose_friends(request: MemberRequest, ask_id: int) -> HttpResponse:
    """Show eligible friends to pick."""
    return _render_choose(request, _open_ask(ask_id))


def _render_choose(request: MemberRequest, ask: Ask, status: int = 200, query: str = "") -> HttpResponse:
    owner_id = request.user.pk
    eligible = segments.contacts_in(request.user, selectors.eligible_contacts(request.user, ask)).order_by("pk")
    page = Paginator(eligible.with_keys(owner_id, name_word_hashes(owner_id, query)), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    picked = FriendAsk.objects.owned_by(request.user).filter(ask=ask)
    context = {
        "ask": ask,
        "page": page,
        "rows": [contact_row(contact) for contact in page.object_list],
        "progress": selectors.count_progress(picked),
        "query": query,
    }
    return render(request, "outreach/choose.html", context, status=status)


@login_required
@require_POST
def search(request: MemberRequest, ask_id: int) -> HttpResponse:
    """Find eligible friends by whole words of their name; a POST, so that no name appears in a URL."""
    return _render_choose(request, _open_ask(ask_id), query=request.POST.get("name", "")[:100])


@login_required
@require_POST
def pick_friends(request: MemberRequest, ask_id: int) -> HttpResponse:
    """Pick friends."""
    ask = _open_ask(ask_id)
    chosen = [
        int(value)
        for value in request.POST.getlist("friend")
        if value.isascii() and value.isdigit() and len(value) < 19
    ]
    try:
        services.pick_friends(member=request.user, ask=ask, contacts=chosen)
    except Refused as error:
        messages.warning(request, str(error))
        return redirect("outreach:choose", ask.pk)
    return redirect("outreach:friends", ask.pk)


@login_required
@require_POST
def pick_one(request: MemberRequest, contact_id: int) -> HttpResponse:
    """Pick one contact for the first open ask that matches."""
    contact = get_object_or_404(Contact.objects.owned_by(request.user), pk=contact_id)
    for ask in selectors.open_asks():
        if FriendAsk.objects.owned_by(request.user).filter(ask=ask, contact=contact).exists():
            return redirect(f"{reverse('outreach:friends', args=[ask.pk])}#friend-{contact.pk}")
        if contact.pk in selectors.eligible_contacts(request.user, ask):
            services.pick_friends(member=request.user, ask=ask, contacts=[contact.pk])
            return redirect(f"{reverse('outreach:friends', args=[ask.pk])}#friend-{contact.pk}")
    messages.info(request, _("No ask that is open now is about this friend."))
    return redirect("outreach:home")


@dataclass(frozen=True)
class FriendCard:
    """Hold a picked friend with the message and its links for text and email."""

    friend_ask: FriendAsk
    name: str
    first: str
    message: str
    sms_url: str
    email_url: str


def friend_card(friend_ask: FriendAsk, language: str) -> FriendCard:
    """Return a card; a friend whose contact is deleted has neither name nor links."""
    if friend_ask.contact is None:
        return FriendCard(friend_ask, _("A friend who is no longer kept"), "", "", "", "")
    person = serialization.load_contact(friend_ask.contact.data)
    first = person.first or person.name
    text = message_templates.render_message(friend_ask.ask, language, first)
    body = quote(text, safe="")
    phone = next((number for number in person.phones if number.lstrip("+").isdigit()), "")
    address = quote(person.emails[0], safe="@") if person.emails else ""
    subject = quote(friend_ask.ask.campaign.election.name, safe="")
    return FriendCard(
        friend_ask,
        person.name or next(iter((*person.emails, *person.phones)), ""),
        first,
        text,
        f"sms:{phone}?&body={body}" if phone else "",
        f"mailto:{address}?subject={subject}&body={body}" if address else "",
    )


@login_required
@require_safe
def show_friends(request: MemberRequest, ask_id: int) -> HttpResponse:
    """Show picked friends: to ask, awaiting a response, with an outcome."""
    ask = get_object_or_404(Ask.objects.select_related("campaign__election"), pk=ask_id)
    picked = (
        FriendAsk.objects.owned_by(request.user).filter(ask=ask).select_related("contact", "ask__campaign__election")
    )
    if not picked.exists():
        raise Http404
    available = message_templates.message_languages(ask)
    language = request.GET.get("in", "")
    if language not in available:
        language = get_language() if get_language() in available else next(iter(available), "en")
    to_do = Paginator(picked.to_send(), CARDS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "ask": ask,
        "page": to_do,
        "to_ask": [friend_card(friend_ask, language) for friend_ask in to_do.object_list],
        "waiting": [friend_card(friend_ask, language) for friend_ask in picked.awaiting_response()[:CARDS_PER_PAGE]],
        "responded": [friend_card(friend_ask, language) for friend_ask in picked.with_outcome()[:CARDS_PER_PAGE]],
        "progress": selectors.count_progress(picked),
        "languages": [(code, name) for code, name in settings.LANGUAGES if code in available],
        "language": language,
        "outcomes": FriendAsk.Outcome.choices,
    }
    return render(request, "outreach/friends.html", context)


def _own_friend_ask(request: MemberRequest, friend_ask_id: int) -> FriendAsk:
    friend_ask: FriendAsk = get_object_or_404(
        FriendAsk.objects.owned_by(request.user).select_related("ask__campaign", "owner"), pk=friend_ask_id
    )
    return friend_ask


@login_required
@require_POST
def mark_sent(request: MemberRequest, friend_ask_id: int) -> HttpResponse:
    """Record that the message was sent."""
    friend_ask = _own_friend_ask(request, friend_ask_id)
    channel = request.POST.get("channel", "")
    services.mark_sent(
        friend_ask=friend_ask, channel=channel if channel in FriendAsk.Channel.values else FriendAsk.Channel.TALK
    )
    messages.success(request, _("Noted. Come back when they answer."))
    return redirect("outreach:friends", friend_ask.ask_id)


@login_required
@require_POST
def record_outcome(request: MemberRequest, friend_ask_id: int) -> HttpResponse:
    """Record the outcome, or remove the friend from the list."""
    friend_ask = _own_friend_ask(request, friend_ask_id)
    outcome = request.POST.get("outcome", "")
    if outcome == "put_back":
        services.unpick_friend(friend_ask=friend_ask)
        left = FriendAsk.objects.owned_by(request.user).filter(ask=friend_ask.ask_id).exists()
        return redirect("outreach:friends" if left else "outreach:choose", friend_ask.ask_id)
    if outcome in FriendAsk.Outcome.values:
        services.record_outcome(friend_ask=friend_ask, outcome=outcome)
    return redirect("outreach:friends", friend_ask.ask_id)
