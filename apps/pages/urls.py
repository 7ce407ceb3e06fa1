"""Public pages, my districts, and what every installation says about itself."""

from django.urls import path

from .views import demo, districts, public, search, texts

app_name = "pages"
urlpatterns = [
    path("", public.home, name="home"),
    path("who/", public.who, name="who"),
    path("districts/", districts.districts, name="districts"),
    path("districts/wrong/", districts.wrong, name="district_wrong"),
    path("divisions/<path:path>/", districts.division, name="division"),
    path("help/", texts.help_page, name="help"),
    path("privacy/", texts.privacy, name="privacy"),
    path("terms/", texts.terms, name="terms"),
    path("accessibility/", texts.accessibility, name="accessibility"),
    path("search/", search.search, name="search"),
    path("sources/", districts.sources, name="sources"),
    path("components/", texts.components, name="components"),
    path("language/", texts.language, name="language"),
    path("robots.txt", texts.robots, name="robots"),
    path("demo/mail/", demo.demo_mail, name="demo_mail"),
]
