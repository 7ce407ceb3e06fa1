"""The project's URLs and a bare view."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from project.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def bare(_request: HttpRequest) -> HttpResponse:
    """Return two bytes."""
    return HttpResponse(b"{}", content_type="application/json")


@login_required
def stock(request: HttpRequest) -> HttpResponse:
    """Return one small template that names the member, as a new Django project would."""
    return HttpResponse(engines["django"].from_string("<h1>{{ user.email }}</h1>").render({}, request))


urlpatterns = [path("bare", bare), path("stock", stock), path("", include("project.urls"))]
