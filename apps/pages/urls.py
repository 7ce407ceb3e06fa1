"""Public pages, my districts, and what every installation says about itself."""

from django.urls import path

from .views import districts, representatives, search, static_pages

app_name = "pages"
urlpatterns = [
    path("", representatives.home, name="home"),
    path("who/", representatives.who, name="who"),
    path("districts/", districts.districts, name="districts"),
    path("districts/wrong/", districts.wrong, name="district_wrong"),
    path("divisions/<path:path>/", districts.division, name="division"),
    path("help/", static_pages.help_page, name="help"),
    path("privacy/", static_pages.privacy, name="privacy"),
    path("terms/", static_pages.terms, name="terms"),
    path("accessibility/", static_pages.accessibility, name="accessibility"),
    path("search/", search.search, name="search"),
    path("sources/", districts.sources, name="sources"),
    path("language/", static_pages.language, name="language"),
    path("robots.txt", static_pages.robots, name="robots"),
]
