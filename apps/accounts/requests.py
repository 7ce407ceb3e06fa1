"""Request types for views that require a signed-in member. Imports no view and no service."""

from django.http import HttpRequest

from .models import User


class MemberRequest(HttpRequest):
    """Type the request of a view behind `login_required`: its user is a member, never anonymous."""

    user: User
