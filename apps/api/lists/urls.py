"""The owner's page of partners' lists."""

from django.urls import path

from . import pages

app_name = "lists"
urlpatterns = [
    path("", pages.lists, name="lists"),
    path("decide/", pages.decide, name="decide"),
]
