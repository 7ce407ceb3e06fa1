"""URLs under /registration/. No URL contains personal data."""

from django.urls import path

from .views import form_steps, member, staff, suppression

app_name = "verification"

urlpatterns = [
    path("", member.home, name="home"),
    path("find/", member.find, name="find"),
    path("find/<slug:question>/", form_steps.show_step, name="question"),
    path("looks/<uuid:number>/", member.show_attempt, name="attempt"),
    path("looks/<uuid:number>/slip/", member.progress_fragment, name="slip"),
    path("looks/<uuid:number>/detail/", member.follow_up, name="follow_up"),
    path("not-me/", member.release_claim, name="not_me"),
    path("letter/", member.request_letter, name="ask_letter"),
    path("looks/<uuid:number>/letter/", member.request_letter, name="ask_letter_of"),
    path("not-hidden/", member.undo_suppression, name="undo_suppression"),
    path("code/", member.confirm_code, name="type_code"),
    path("do-not-find-me/", suppression.request_suppression, name="hide"),
    path("letters/", staff.list_letters, name="letters"),
    path("letters/<int:number>/", staff.print_letter, name="print_letter"),
]
