"""Addresses under /registration/. No address holds anything of a person."""

from django.urls import path

from .views import form_steps, member, staff, suppression

app_name = "verification"

urlpatterns = [
    path("", member.home, name="home"),
    path("find/", member.find, name="find"),
    path("find/<slug:question>/", form_steps.show_step, name="question"),
    path("looks/<uuid:number>/", member.attempt, name="attempt"),
    path("looks/<uuid:number>/slip/", member.slip, name="slip"),
    path("looks/<uuid:number>/detail/", member.follow_up, name="follow_up"),
    path("not-me/", member.not_me, name="not_me"),
    path("letter/", member.ask_letter, name="ask_letter"),
    path("code/", member.type_code, name="type_code"),
    path("do-not-find-me/", suppression.request_suppression, name="hide"),
    path("letters/", staff.letters, name="letters"),
    path("letters/<int:number>/", staff.print_letter, name="print_letter"),
]
