"""The reference page."""

import re

import pytest
from django.test import Client

from apps.api.api import api


@pytest.mark.django_db
def test_the_reference_names_every_operation_and_loads_nothing_from_elsewhere() -> None:
    response = Client().get("/api/")
    assert response.status_code == 200
    page = response.content.decode()
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in page
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)
    assert set(re.findall(r'(?:src|href)="(https?:)?//', page)) == set()
    assert "&lt;" not in re.sub(r"<pre.*?</pre>", "", page, flags=re.DOTALL)


@pytest.mark.usefixtures("people")
def test_the_reference_shows_the_coverage() -> None:
    page = " ".join(Client().get("/api/").content.decode().split())
    assert "cd-2022.parquet" in page
    rows = dict(re.findall(r'<th role="rowheader" scope="row"> ?<code>(\w+)</code>.*?With a holder">(\d+)</td>', page))
    assert rows == {"cd": "1", "county": "0"}
