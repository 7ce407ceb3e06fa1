"""Addresses of contacts, under /contacts/."""

from django.urls import path

from .views import book, bring, elsewhere, off, person, progress, where

app_name = "contacts"

urlpatterns = [
    path("", book.home, name="home"),
    path("where/", where.where, name="where"),
    path("search/", book.search, name="search"),
    path("download/", book.download, name="download"),
    path("erase/", book.erase, name="erase"),
    path("take-me-off/", off.ask, name="take_me_off"),
    path("take-me-off/<str:token>/", off.confirm, name="confirm_off"),
    path("bring/", bring.choose, name="bring"),
    path("bring/paste/", bring.paste, name="paste"),
    path("bring/one/", bring.one, name="one"),
    path("bring/from/<slug:name>/", elsewhere.start, name="elsewhere"),
    path("bring/from/<slug:name>/back/", elsewhere.back, name="back_from"),
    path("imports/", progress.imports, name="imports"),
    path("imports/<int:import_id>/", progress.page, name="import"),
    path("imports/<int:import_id>/slip/", progress.slip, name="slip"),
    path("imports/<int:import_id>/said/", progress.said, name="said"),
    path("imports/<int:import_id>/columns/", bring.columns, name="columns"),
    path("imports/<int:import_id>/confirm/", bring.confirm, name="confirm"),
    path("imports/<int:import_id>/undo/", progress.undo, name="undo"),
    path("imports/<int:import_id>/bad.csv", progress.bad_rows, name="bad_rows"),
    path("<int:contact_id>/", person.page, name="contact"),
    path("<int:contact_id>/apart/", person.apart, name="apart"),
    path("<int:contact_id>/correct/", person.correct, name="correct"),
    path("<int:contact_id>/detail/", person.detail, name="detail"),
    path("<int:contact_id>/forget/", person.forget, name="forget"),
]
