"""The addresses of the house; each app offers its own."""

from allauth.account import views as account
from django.db.transaction import atomic
from django.urls import include, path

from project import health

urlpatterns = [
    # First, since programs ask most: each address tries every line above its own.
    path("api/", include("apps.api.urls")),
    path("civicinfo/v2/", include("apps.api.civicinfo.urls")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics_page, name="metrics"),
    path("account/", include("apps.accounts.urls")),
    # An account or an address comes with the mail that confirms it, or not at all.
    path("account/signup/", atomic(account.signup), name="account_signup"),
    path("account/email/", atomic(account.email), name="account_email"),
    path("account/", include("allauth.urls")),
    path("inbox/", include("apps.records.urls")),
    path("activity/", include("apps.activity.urls")),
    path("ask/", include("apps.outreach.urls")),
    path("staff/lists/", include("apps.api.lists.urls")),
    path("staff/", include("apps.staff.urls")),
    path("registration/", include("apps.verification.urls")),
    path("contacts/", include("apps.contacts.urls")),
    path("", include("apps.pages.urls")),
]

handler400 = "project.errors.bad_request"
handler403 = "project.errors.forbidden"
handler404 = "project.errors.not_found"
handler429 = "project.errors.too_many"  # allauth asks for it
handler500 = "project.errors.server_error"
