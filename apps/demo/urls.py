"""URLs of the demo's inbox and of the component sheet."""

from django.urls import path

from . import views

app_name = "demo"
urlpatterns = [
    path("demo/inbox/", views.inbox, name="inbox"),
    path("components/", views.components, name="components"),
]
