"""The project's URLs and a bare view."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from project.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def bare(_request: HttpRequest) -> HttpResponse:
    """Return two bytes."""
    return HttpResponse(b"{}", content_type="application/json")


urlpatterns = [path("bare", bare), path("", include("project.urls"))]
