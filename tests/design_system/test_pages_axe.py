"""Every page that a reader can reach: no axe findings, no sideways scrolling, no blocked script or style."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext
from waffle import get_waffle_flag_model

from tests.pages.conftest import HOME, halden

from .pages import MAY_OPEN, Walk, chromium

__all__ = ["halden"]
OPEN = frozenset(MAY_OPEN["open"])
# Pages of the second factor differ for accounts with one, as every owner has.
MEMBERS = frozenset(name for name in MAY_OPEN["member"] if not name.startswith("mfa_"))
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("halden"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="en-US", reduced_motion="reduce")
    yield made
    made.close()


@pytest.fixture
def signed_in(context: BrowserContext, live_server: Any, client_of: Callable[[Any], Client]) -> Callable[[Any], None]:
    """Return the session cookie of an account."""

    def sign_in(user: Any) -> None:
        session = client_of(user).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    return sign_in


def walk(context: BrowserContext, live_server: Any, *paths: str, passed: frozenset[str] = frozenset()) -> Walk:
    return Walk(context.new_page(), live_server.url, passed).from_pages(*paths)


def test_pages_of_a_stranger(context: BrowserContext, live_server: Any) -> None:
    walked = walk(context, live_server, "/", "/account/login/", "/account/signup/", "/account/confirm-email/")
    page = walked.page
    for typed, name in ((HOME, "address"), ("00417", "ZIP code"), ("12 Elm St", "choices"), ("Nowhere", "mistake")):
        page.goto(live_server.url)
        page.fill("#id_q", typed)
        page.click("text=Show districts")
        walked.look_here(f"answer to {name}")
    page.goto(f"{live_server.url}/divisions/country:us/state:hd/cd:1/")
    walked.look_here("division")
    assert not walked.found, "\n".join(walked.found)
    assert {"pages:home", "pages:privacy", "account_login", "account_signup"} <= set(walked.seen)


def test_pages_of_a_member(
    context: BrowserContext, live_server: Any, member: Any, signed_in: Callable[[Any], None]
) -> None:
    signed_in(member)
    paths = ("/", "/districts/", "/account/", "/account/sessions/", "/account/email/", "/registration/find/name/")
    walked = walk(context, live_server, *paths, passed=OPEN)
    walked.page.goto(f"{live_server.url}/districts/")
    walked.page.fill("#id_q", HOME)
    walked.page.click("text=Show districts")
    walked.look_here("my districts")
    assert not walked.found, "\n".join(walked.found)
    assert "pages:districts" in walked.seen


@pytest.fixture
def flag(transactional_db: None) -> None:
    """Create the flag of the component page, which emptying the tables removed."""
    flag_model = get_waffle_flag_model()
    flag_model.objects.update_or_create(name="components", defaults={"staff": True})


@pytest.mark.usefixtures("flag")
def test_pages_of_the_owner(
    context: BrowserContext, live_server: Any, owner: Any, signed_in: Callable[[Any], None]
) -> None:
    signed_in(owner)
    walked = walk(context, live_server, "/components/", "/staff/", "/account/2fa/", passed=OPEN | MEMBERS)
    assert not walked.found, "\n".join(walked.found)
    assert "demo:components" in walked.seen


def test_pages_in_spanish_on_the_narrowest_phone(
    browser: Browser, live_server: Any, member: Any, client_of: Callable[[Any], Client]
) -> None:
    """Spanish words are longer, yet nothing is wider than the phone. `make screenshots` runs axe in Spanish."""
    context = browser.new_context(locale="es-US", reduced_motion="reduce")
    session = client_of(member).cookies["sessionid"].value
    page = context.new_page()
    page.goto(live_server.url)
    assert page.locator("html").get_attribute("lang") == "es"
    walked = Walk(page, live_server.url, guises=[]).from_pages("/account/signup/")
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    walked.from_pages("/districts/", "/account/", "/registration/find/", "/contacts/bring/", "/inbox/")
    context.close()
    assert not walked.found, "\n".join(walked.found)
    assert {"pages:districts", "accounts:home", "contacts:bring"} <= set(walked.seen)
