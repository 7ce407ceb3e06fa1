"""URLs of staff pages."""

from django.urls import path

from .views import audit, corrections, elections, home, owner, queue, rolls, voter_search

app_name = "staff"
urlpatterns = [
    path("", home.home, name="home"),
    path("cases/<slug:kind>/", queue.show_queue, name="queue"),
    path("cases/<slug:kind>/start/", queue.take_oldest, name="start"),
    path("cases/<slug:kind>/<int:case_id>/", queue.show_case, name="case"),
    path("cases/<slug:kind>/<int:case_id>/take/", queue.take_case, name="take"),
    path("cases/<slug:kind>/<int:case_id>/answer/", queue.decide_case, name="answer"),
    path("cases/<slug:kind>/<int:case_id>/take-back/", queue.retract_decision, name="take_back"),
    path("cases/<slug:kind>/<int:case_id>/skip/", queue.skip_case, name="skip"),
    path("elections/", elections.list_elections, name="elections"),
    path("elections/new/", elections.create_election, name="new_election"),
    path("elections/<int:election_id>/", elections.change_election, name="election"),
    path("rolls/", rolls.list_rolls, name="rolls"),
    path("rolls/refresh/", rolls.start_refresh, name="refresh_rolls"),
    path("rolls/sources/", rolls.list_terms, name="roll_sources"),
    path("rolls/sources/<slug:layout>/", rolls.accept_terms, name="accept_terms"),
    path("rolls/<int:number>/", rolls.show_roll, name="roll"),
    path("rolls/<int:number>/accept/", rolls.accept_roll, name="accept_roll"),
    path("rolls/<int:number>/back/", rolls.roll_back, name="roll_back"),
    path("rolls/<int:number>/quarantine/", rolls.show_quarantine, name="quarantine"),
    path("corrections/", corrections.list_corrections, name="corrections"),
    path("corrections/divisions.csv", corrections.divisions_patch, name="divisions_patch"),
    path("corrections/<int:number>.yml", corrections.person_patch, name="person_patch"),
    path("corrections/<slug:subject>/", corrections.correct, name="correct"),
    path("people/", voter_search.search_voters, name="people"),
    path("people/street/", voter_search.open_street, name="street"),
    path("people/protect/", voter_search.suppress_voter, name="protect"),
    path("work/", owner.show_jobs, name="work"),
    path("work/change/", owner.change_jobs, name="change_work"),
    path("flags/", owner.list_flags, name="flags"),
    path("flags/<slug:name>/", owner.edit_flag, name="flag"),
    path("members/", owner.find_member, name="members"),
    path("members/change/", owner.change_member, name="change_member"),
    path("audit/", audit.show_audit, name="audit"),
    path("audit/check/", audit.check_chain, name="check_chain"),
]
