"""The reference for people at /api/, the API itself below /api/v1/."""

from django.urls import path

from . import views
from .house import api

urlpatterns = [
    path("", views.reference, name="api_reference"),
    path("v1/", api.urls),
]
