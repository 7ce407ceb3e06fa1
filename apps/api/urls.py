"""URLs: the reference page at /api/, the API below /api/v1/."""

from django.urls import path

from . import views
from .api import api
from .lists.routes import download_results

urlpatterns = [
    path("", views.reference, name="api_reference"),
    path("lists/<uuid:list_id>.csv", download_results, name="api_list_answers"),
    path("v1/", api.urls),
]
