"""A hidden feature does not exist for those who may not see it; an unknown flag is off."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from waffle.models import Flag

from apps.accounts.models import User
from apps.core.flags import is_on, is_preview, require_flag

pytestmark = pytest.mark.django_db


def request_of(user: User | AnonymousUser) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_an_unknown_flag_is_off_for_everybody_and_leaves_no_row(owner: User) -> None:
    assert is_on(request_of(owner), "nobody_made_this") is False
    assert not Flag.objects.filter(name="nobody_made_this").exists()


def test_a_staff_flag_is_seen_by_staff_alone(steward: User, member: User) -> None:
    Flag.objects.create(name="new", staff=True)
    assert is_on(request_of(steward), "new")
    assert is_preview(request_of(steward), "new")
    assert not is_on(request_of(member), "new")
    assert not is_on(request_of(AnonymousUser()), "new")


def test_a_flag_for_everyone_is_no_preview(member: User) -> None:
    Flag.objects.create(name="new", everyone=True)
    assert is_on(request_of(member), "new")
    assert not is_preview(request_of(member), "new")


def test_a_flag_switched_off_is_off_for_staff_too(owner: User) -> None:
    Flag.objects.create(name="new", everyone=False, staff=True)
    assert not is_on(request_of(owner), "new")


def test_the_address_of_a_hidden_feature_does_not_answer(member: User) -> None:
    Flag.objects.create(name="new", staff=True)
    view = require_flag("new")(lambda _request: HttpResponse("here"))
    with pytest.raises(Http404):
        view(request_of(member))
