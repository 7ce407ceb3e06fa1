"""URLs of the public pages and the district pages."""

from django.urls import path

from .views import districts, representatives, search, static_pages

app_name = "pages"
urlpatterns = [
    path("", representatives.home, name="home"),
    path("who/", representatives.find_representatives, name="who"),
    path("districts/", districts.show_districts, name="districts"),
    path("districts/wrong/", districts.report_wrong, name="district_wrong"),
    path("divisions/<path:path>/map.json", districts.show_map_data, name="map_data"),
    path("divisions/<path:path>/", districts.show_division, name="division"),
    path("help/", static_pages.help_page, name="help"),
    path("privacy/", static_pages.privacy, name="privacy"),
    path("terms/", static_pages.terms, name="terms"),
    path("accessibility/", static_pages.accessibility, name="accessibility"),
    path("search/", search.search, name="search"),
    path("sources/", districts.list_sources, name="sources"),
    path("language/", static_pages.set_page_language, name="language"),
    path("robots.txt", static_pages.robots, name="robots"),
]
