"""Addresses of staff pages."""

from django.urls import path

from .views import audit, corrections, elections, home, owner, queue, rolls, voter_search

app_name = "staff"
urlpatterns = [
    path("", home.home, name="home"),
    path("cases/<slug:kind>/", queue.queue, name="queue"),
    path("cases/<slug:kind>/start/", queue.start, name="start"),
    path("cases/<slug:kind>/<int:case_id>/", queue.detail, name="case"),
    path("cases/<slug:kind>/<int:case_id>/take/", queue.take, name="take"),
    path("cases/<slug:kind>/<int:case_id>/answer/", queue.answer, name="answer"),
    path("cases/<slug:kind>/<int:case_id>/take-back/", queue.take_back, name="take_back"),
    path("cases/<slug:kind>/<int:case_id>/skip/", queue.skip, name="skip"),
    path("elections/", elections.elections, name="elections"),
    path("elections/new/", elections.new_election, name="new_election"),
    path("elections/<int:election_id>/", elections.election, name="election"),
    path("rolls/", rolls.rolls, name="rolls"),
    path("rolls/refresh/", rolls.start_refresh, name="refresh_rolls"),
    path("rolls/sources/", rolls.permitted, name="roll_sources"),
    path("rolls/sources/<slug:layout>/", rolls.accept_terms, name="accept_terms"),
    path("rolls/<int:number>/", rolls.roll, name="roll"),
    path("rolls/<int:number>/accept/", rolls.accept, name="accept_roll"),
    path("rolls/<int:number>/back/", rolls.back, name="roll_back"),
    path("rolls/<int:number>/quarantine/", rolls.quarantined, name="quarantine"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/divisions.csv", corrections.divisions_patch, name="divisions_patch"),
    path("corrections/<int:number>.yml", corrections.person_patch, name="person_patch"),
    path("corrections/<slug:subject>/", corrections.correct, name="correct"),
    path("people/", voter_search.people, name="people"),
    path("people/protect/", voter_search.protect, name="protect"),
    path("work/", owner.work, name="work"),
    path("work/change/", owner.change_work, name="change_work"),
    path("flags/", owner.flags, name="flags"),
    path("flags/<slug:name>/", owner.flag, name="flag"),
    path("members/", owner.members, name="members"),
    path("members/change/", owner.change_member, name="change_member"),
    path("audit/", audit.audit, name="audit"),
    path("audit/check/", audit.check_chain, name="check_chain"),
]
