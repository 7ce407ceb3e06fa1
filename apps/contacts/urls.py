"""URLs of contacts, under /contacts/."""

from django.urls import path

from .views import (
    detail,
    import_progress,
    upload,
)
from .views import (
    list as contact_list,
)
from .views import (
    map as contact_map,
)
from .views import (
    oauth as oauth_views,
)
from .views import (
    opt_out as opt_out_views,
)

app_name = "contacts"

urlpatterns = [
    path("", contact_list.home, name="home"),
    path("where/", contact_map.show_map, name="where"),
    path("search/", contact_list.search, name="search"),
    path("download/", contact_list.download, name="download"),
    path("re-check/", contact_list.recheck, name="recheck"),
    path("erase/", contact_list.erase, name="erase"),
    path("take-me-off/", opt_out_views.request_opt_out, name="take_me_off"),
    path("take-me-off/<str:token>/", opt_out_views.confirm_opt_out, name="confirm_off"),
    path("bring/", upload.choose, name="bring"),
    path("bring/paste/", upload.paste_list, name="paste"),
    path("bring/one/", upload.add_person, name="one"),
    path("bring/from/<slug:name>/", oauth_views.start, name="elsewhere"),
    path("bring/from/<slug:name>/back/", oauth_views.callback, name="back_from"),
    path("imports/", import_progress.index, name="imports"),
    path("imports/<int:import_id>/", import_progress.show, name="import"),
    path("imports/<int:import_id>/slip/", import_progress.progress_fragment, name="slip"),
    path("imports/<int:import_id>/said/", import_progress.announcement, name="said"),
    path("imports/<int:import_id>/columns/", upload.map_columns, name="columns"),
    path("imports/<int:import_id>/confirm/", upload.confirm, name="confirm"),
    path("imports/<int:import_id>/undo/", import_progress.undo, name="undo"),
    path("imports/<int:import_id>/bad.csv", import_progress.bad_rows, name="bad_rows"),
    path("<int:contact_id>/", detail.show, name="contact"),
    path("<int:contact_id>/apart/", detail.split, name="apart"),
    path("<int:contact_id>/correct/", detail.correct, name="correct"),
    path("<int:contact_id>/detail/", detail.add_detail, name="detail"),
    path("<int:contact_id>/forget/", detail.erase_contact, name="forget"),
]
