"""URLs of the account pages; allauth's pages are in project/urls.py."""

from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("", views.home, name="home"),
    path("agree/", views.agree, name="agree"),
    path("download/", views.download, name="download"),
    path("download/<str:token>/", views.fetch, name="fetch"),
    path("delete/", views.delete, name="delete"),
    path("leaving/", views.leaving, name="leaving"),
    path("sign-out-everywhere/", views.sign_out_everywhere, name="sign_out_everywhere"),
]
