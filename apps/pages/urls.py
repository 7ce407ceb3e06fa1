"""Public pages, my districts, and what every installation says about itself."""

from django.urls import path

from . import views

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("who/", views.who, name="who"),
    path("districts/", views.districts, name="districts"),
    path("divisions/<path:ocd_id>/", views.division, name="division"),
    path("help/", views.help_page, name="help"),
    path("privacy/", views.privacy, name="privacy"),
    path("terms/", views.terms, name="terms"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("sources/", views.sources, name="sources"),
    path("components/", views.components, name="components"),
    path("language/", views.language, name="language"),
    path("robots.txt", views.robots, name="robots"),
    path("demo/mail/", views.demo_mail, name="demo_mail"),
]
