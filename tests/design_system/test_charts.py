"""Charts rendered on the server: correct lengths, text alternatives, no external resources."""

import re
from typing import Any

from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

from .test_ui import render


def widths(html: str) -> list[float]:
    return [float(each) for each in re.findall(r'<rect[^>]* width="([\d.]+)%"', html)]


def test_a_bar_of_statuses_shows_each_share_and_no_empty_one() -> None:
    html = render("{% stackbar counts %}", counts={"registered": 75, "likely": 0, "not_found": 25})
    assert widths(html) == [74.5, 24.5]
    assert 'x="75.0%"' in html
    assert 'aria-hidden="true"' in html


def test_one_of_many_stays_visible_and_none_at_all_is_no_mistake() -> None:
    assert widths(render("{% stackbar counts %}", counts=[("registered", 9999), ("unclear", 1)]))[1] == 0.5
    assert widths(render("{% stackbar counts %}", counts={"registered": 0})) == []


def test_a_bar_is_cut_at_its_end_and_shows_the_promise() -> None:
    assert widths(render("{% bar 81 100 %}")) == [81.0]
    assert widths(render("{% bar 300 100 %}")) == [100.0]
    assert widths(render("{% bar 5 0 %}")) == [0.0]
    assert 'x1="99.0%"' in render("{% bar 81 100 99 %}")


def line(values: list[Any], label: str = "From 2 to 8") -> str:
    return render('{% line_chart values label "8 now" %}', values=values, label=label)


def test_a_line_runs_from_floor_to_top_and_says_its_numbers() -> None:
    html = line([0, 4, 8])
    assert 'points="34,150 191,90 348,30"' in html
    assert 'aria-label="From 2 to 8"' in html
    assert ">8 now</text>" in html
    assert line([3]) == ""
    assert "&lt;b&gt;" in line([1, 2], "<b>")


def pager(asked: str, number: int, of: int) -> str:
    page = Paginator(range(of), 10).page(number)
    return render_to_string("components/pager.html", {"page": page}, RequestFactory().get(asked)).strip()


def test_a_pager_links_the_ends_and_the_neighbours_and_keeps_the_filter() -> None:
    html = pager("/?status=likely&page=9", 9, 200)
    assert re.findall(r"page=(\d+)", html) == ["8", "1", "8", "10", "20", "10"]
    assert html.count("status=likely&amp;page=") == 6
    assert 'aria-current="page"' in html


def test_a_single_page_has_no_pager() -> None:
    assert pager("/", 1, 5) == ""
