"""URLs of the owner's page of partners' lists."""

from django.urls import path

from . import views

app_name = "lists"
urlpatterns = [
    path("", views.lists, name="lists"),
    path("decide/", views.decide, name="decide"),
]
