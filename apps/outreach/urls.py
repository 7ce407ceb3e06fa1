"""URLs of outreach, under /ask/."""

from django.urls import path

from .views import asking, plans, staff

app_name = "outreach"
urlpatterns = [
    path("", asking.home, name="home"),
    path("<int:ask_id>/", asking.choose_friends, name="choose"),
    path("<int:ask_id>/find/", asking.search, name="find"),
    path("<int:ask_id>/pick/", asking.pick_friends, name="pick"),
    path("<int:ask_id>/friends/", asking.show_friends, name="friends"),
    path("one/<int:contact_id>/", asking.pick_one, name="pick_one"),
    path("friends/<int:friend_ask_id>/sent/", asking.mark_sent, name="sent"),
    path("friends/<int:friend_ask_id>/answer/", asking.record_outcome, name="answer"),
    path("plan/<int:election_id>/", plans.edit_plan, name="plan"),
    path("about/<slug:slug>/", plans.show_campaign, name="campaign"),
    path("come/<str:token>/", plans.accept_invitation, name="come"),
    path("staff/", staff.list_campaigns, name="campaigns"),
    path("staff/new/", staff.create_campaign, name="new_campaign"),
    path("staff/<int:campaign_id>/", staff.show_campaign, name="staff_campaign"),
    path("staff/<int:campaign_id>/edit/", staff.edit_campaign, name="edit_campaign"),
    path("staff/<int:campaign_id>/invitation/", staff.create_invitation, name="new_invitation"),
    path("staff/<int:campaign_id>/state/", staff.set_state, name="set_state"),
    path("staff/<int:campaign_id>/asks/new/", staff.edit_ask, name="new_ask"),
    path("staff/<int:campaign_id>/asks/<int:ask_id>/", staff.edit_ask, name="edit_ask"),
]
