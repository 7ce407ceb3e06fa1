"""The tags and templates that every page consists of."""

import datetime as dt
from typing import Any

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError, engines
from django.utils import translation

from project.templatetags.browsers import browser
from project.templatetags.ui import EVIDENCE, STATUSES, human_date_filter


def render(source: str, **context: Any) -> str:
    return " ".join(str(engines["django"].from_string(source).render(context)).split())


@pytest.mark.parametrize("name", STATUSES)
def test_a_status_is_mark_and_word(name: str) -> None:
    html = render("{% status name %}", name=name)
    assert str(STATUSES[name].word) in html
    assert html.count("<svg") == 1
    assert 'aria-hidden="true"' in html


@pytest.mark.parametrize("name", EVIDENCE)
def test_evidence_is_mark_and_word(name: str) -> None:
    assert str(EVIDENCE[name].word) in render("{% evidence name %}", name=name)


def test_marks_differ_in_shape_and_not_in_colour_alone() -> None:
    shapes = {render("{% mark name %}", name=name).partition("viewBox")[2] for name in STATUSES}
    assert len(shapes) == len(STATUSES)


def test_words_of_a_status_are_escaped() -> None:
    assert "&lt;b&gt;" in render('{% status "likely" word %}', word="<b>")


@pytest.mark.parametrize("name", ["no-such", "../ui", ""])
def test_an_unknown_icon_is_a_mistake_that_shows(name: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="no icon"):
        Template("{% icon name %}").render(Context({"name": name}))


@pytest.mark.parametrize(
    ("value", "form", "english", "spanish"),
    [
        (dt.date(2026, 11, 3), "day", "November 3, 2026", "3 de noviembre de 2026"),
        (dt.date(2026, 11, 3), "weekday", "Tuesday, November 3, 2026", "martes 3 de noviembre de 2026"),
        (dt.date(2026, 11, 3), "short", "November 3", "3 de noviembre"),
        ("2026-11-03", "day", "November 3, 2026", "3 de noviembre de 2026"),
        (
            dt.datetime(2026, 9, 14, 13, 42, tzinfo=dt.UTC),
            "day",
            "September 14, 2026, 9:42 a.m.",
            "14 de septiembre de 2026, 9:42 a.\u00a0m.",
        ),
        (None, "day", "", ""),
    ],
)
def test_dates_are_words_of_the_language(value: Any, form: str, english: str, spanish: str) -> None:
    with translation.override("en"):
        assert human_date_filter(value, form) == english
    with translation.override("es"):
        assert human_date_filter(value, form) == spanish


def test_numbers_have_their_thousands_sign() -> None:
    with translation.override("en"):
        assert render("{{ number|count }}", number=1204118) == "1,204,118"


def test_a_missing_page_has_no_address() -> None:
    assert render('{% place_url "nowhere:home" as url %}[{{ url }}]') == "[]"


class Form(forms.Form):
    city = forms.CharField(help_text="As on your card.")
    phone = forms.CharField(required=False)
    agree = forms.BooleanField()
    way = forms.ChoiceField(choices=[("mail", "By mail"), ("letter", "By letter")], widget=forms.RadioSelect)

    def clean(self) -> None:
        raise forms.ValidationError("These do not go together.")


def test_a_field_has_label_hint_and_control() -> None:
    html = str(Form()["city"].as_field_group())
    assert '<label for="id_city">City</label>' in html
    assert 'id="id_city_helptext"' in html
    assert 'aria-describedby="id_city_helptext"' in html
    assert "(optional)" in str(Form()["phone"].as_field_group())


def test_choices_are_rows_and_none_is_preset() -> None:
    html = str(Form()["way"].as_field_group())
    assert html.count('class="choice"') == 2
    assert "<legend>Way</legend>" in html
    assert "checked" not in html


def test_an_error_stands_between_hint_and_field_and_is_tied_to_it() -> None:
    html = str(Form({})["city"].as_field_group())
    assert html.index("id_city_helptext") < html.index("Fill this in.") < html.index("<input")
    assert 'aria-describedby="id_city_helptext id_city_error"' in html
    assert 'aria-invalid="true"' in html


SUMMARY = '{% include "components/error_summary.html" with form=form %}'


def test_the_summary_links_each_line_to_its_field() -> None:
    html = render(SUMMARY, form=Form({}))
    assert '<a href="#id_city">City is missing</a>' in html
    assert '<a href="#id_way_0">Way is missing</a>' in html
    assert "<li>These do not go together.</li>" in html
    assert "4 things to fix" in html
    assert "autofocus" in html


def test_a_form_wide_error_appears_once_with_or_without_a_summary() -> None:
    form = Form({})
    assert render(SUMMARY + "{{ form }}", form=form).count("These do not go together.") == 1
    assert render("{{ form }}", form=Form({})).count("These do not go together.") == 1


def test_a_fresh_form_has_no_summary() -> None:
    assert render(SUMMARY, form=Form()).strip() == ""


def test_components_take_what_they_promise() -> None:
    progress = render('{% include "components/progress.html" with done=132 total=1212 left="2 seconds" %}')
    assert "132 of 1,212 done" in progress
    assert 'value="132" max="1212"' in progress
    notice = render('{% include "components/notice.html" with kind="fix" title="T" text=text %}', text="<b>")
    assert 'class="note err"' in notice
    assert "&lt;b&gt;" in notice
    empty = render('{% include "components/empty.html" with text="Nothing yet." url="/x/" label="Begin" %}')
    assert '<a class="btn" href="/x/">Begin</a>' in empty
    assert "vote.gov" in render('{% include "components/not_official.html" %}')
    assert "halden.example" in render(
        '{% include "components/not_official.html" with state_url="https://halden.example" %}'
    )


def test_a_browser_is_named_in_words() -> None:
    phone = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36"
    mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18 Safari/605.1.15"
    assert [browser(agent) for agent in (phone, mac, "curl/8", "")] == [
        "Chrome, Android",
        "Safari, Mac",
        "curl/8",
        "A browser without a name",
    ]
