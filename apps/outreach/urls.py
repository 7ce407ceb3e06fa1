"""Addresses of outreach."""

from django.urls import path

from . import views

app_name = "outreach"
urlpatterns = [path("", views.ask, name="ask")]
