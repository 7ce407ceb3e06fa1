"""URLs: the paths of the discovery document."""

from django.urls import path

from . import views

app_name = "civicinfo"
urlpatterns = [
    path("representatives", views.representatives, name="representatives"),
    path("representatives/<path:ocd_id>", views.division_representatives, name="division_representatives"),
    path("divisionsByAddress", views.divisions_by_address, name="divisions_by_address"),
    path("divisions", views.divisions, name="divisions"),
    path("elections", views.elections, name="elections"),
    path("voterinfo", views.voter_info, name="voter_info"),
    path("", views.unknown_method, name="unknown_method"),
    path("<path:rest>", views.unknown_method, name="unknown_method"),
]
