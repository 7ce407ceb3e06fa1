"""The root URL configuration; each app defines its own URLs."""

from allauth.account import views as account
from django.apps import apps
from django.db.transaction import atomic
from django.urls import include, path

from project import health

urlpatterns = [
    # First, because partners call the API most and Django tries patterns in order.
    path("api/", include("apps.api.urls")),
    path("civicinfo/v2/", include("apps.api.civicinfo.urls")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics_page, name="metrics"),
    path("account/", include("apps.accounts.urls")),
    # The account and its confirmation email are committed together.
    path("account/signup/", atomic(account.signup), name="account_signup"),
    path("account/email/", atomic(account.email), name="account_email"),
    path("account/", include("allauth.urls")),
    path("inbox/", include("apps.notifications.urls")),
    path("activity/", include("apps.activity.urls")),
    path("ask/", include("apps.outreach.urls")),
    path("staff/lists/", include("apps.api.lists.urls")),
    path("staff/", include("apps.staff.urls")),
    path("registration/", include("apps.verification.urls")),
    path("contacts/", include("apps.contacts.urls")),
    path("", include("apps.pages.urls")),
]
if apps.is_installed("apps.demo"):
    urlpatterns.append(path("", include("apps.demo.urls")))

handler400 = "project.error_views.bad_request"
handler403 = "project.error_views.forbidden"
handler404 = "project.error_views.not_found"
handler429 = "project.error_views.too_many"  # used by allauth
handler500 = "project.error_views.server_error"
