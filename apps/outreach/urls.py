"""Addresses of outreach, under /ask/."""

from django.urls import path

from .views import asking, plans, staff

app_name = "outreach"
urlpatterns = [
    path("", asking.home, name="home"),
    path("<int:ask_id>/", asking.choose, name="choose"),
    path("<int:ask_id>/find/", asking.find, name="find"),
    path("<int:ask_id>/pick/", asking.pick, name="pick"),
    path("<int:ask_id>/friends/", asking.friends, name="friends"),
    path("one/<int:contact_id>/", asking.pick_one, name="pick_one"),
    path("friends/<int:asking_id>/sent/", asking.sent, name="sent"),
    path("friends/<int:asking_id>/answer/", asking.answer, name="answer"),
    path("plan/<int:election_id>/", plans.plan, name="plan"),
    path("about/<slug:slug>/", plans.campaign, name="campaign"),
    path("staff/", staff.campaigns, name="campaigns"),
    path("staff/new/", staff.new_campaign, name="new_campaign"),
    path("staff/<int:campaign_id>/", staff.campaign, name="staff_campaign"),
    path("staff/<int:campaign_id>/edit/", staff.edit_campaign, name="edit_campaign"),
    path("staff/<int:campaign_id>/state/", staff.set_state, name="set_state"),
    path("staff/<int:campaign_id>/asks/new/", staff.edit_ask, name="new_ask"),
    path("staff/<int:campaign_id>/asks/<int:ask_id>/", staff.edit_ask, name="edit_ask"),
]
