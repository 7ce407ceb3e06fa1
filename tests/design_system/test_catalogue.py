"""Every message is in the catalog, in Spanish too, and easy to read in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import reading
from .catalogue import ROOT, SOURCES, TEMPLATES, Message, bare_words, messages, spanish

FOUND = messages()
CATALOGUE = spanish()
ENGLISH = sorted({words for one in FOUND for words in (one.words, one.many) if words})
SPANISH = sorted({words for one in FOUND for words in one.spanish(CATALOGUE)})
# Titles, labels and buttons are too short for a grade.
LONG = [words for words in ENGLISH if sum(map(len, reading.sentences(words))) >= 12]


def where(message: Message) -> str:
    return f"{FOUND[message].relative_to(ROOT)}: {message.words[:90]!r}"


def test_the_sources_are_read() -> None:
    """The collection below is complete: it includes forms, templates, plurals and messages with a context."""
    assert len(FOUND) > 1200
    assert {"First name", "Sign in", "Who represents me?"} <= set(ENGLISH)
    assert any(one.many for one in FOUND)
    assert Message("House", None, "of a state") in FOUND


def test_nothing_is_without_spanish() -> None:
    missing = [where(one) for one in FOUND if len(one.spanish(CATALOGUE)) != (3 if one.many else 1)]
    assert not missing, f"{len(missing)} untranslated, fuzzy or not compiled (make messages):\n" + "\n".join(missing)


def slots(words: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}|<a [^>]*>|</?b>", words))


def test_spanish_fills_in_the_same_things() -> None:
    for one in FOUND:
        allowed = slots(one.words) | slots(one.many or "")
        for at, form in enumerate(one.spanish(CATALOGUE)):
            # The singular may omit the number, as English does.
            needed = slots(one.words) & slots(one.many or one.words) if not (one.many and at == 0) else set()
            assert needed <= slots(form) <= allowed, where(one)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_word_of_a_template_is_outside_the_catalogue(path: Path) -> None:
    if "icons" not in path.parts:
        assert bare_words(path.read_text("utf-8")) == []


SHOWN = {"label", "help_text", "empty_label", "placeholder"}
# Modules whose error messages a view shows unchanged.
REFUSING = {"accounts", "records", "staff", "verification"}


def bare_strings(path: Path) -> Iterator[str]:
    """Return the untranslated literals that a form or a message would show to a reader."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        owner = getattr(getattr(node.func, "value", None), "id", "")
        said = [each.value for each in node.keywords if each.arg in SHOWN]
        refusing = name == "Refused" and REFUSING & set(path.parts)
        if name in {"ValidationError", "add_error"} or owner == "messages" or refusing:
            said += node.args
        for each in said:
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and re.search(r"[a-z] [a-z]", each.value):
                yield f"{path.relative_to(ROOT)}:{each.lineno}: {each.value!r}"


def test_no_form_and_no_message_speaks_past_the_catalogue() -> None:
    assert [found for path in SOURCES if path.name != "models.py" for found in bare_strings(path)] == []


def test_english_is_read_with_ease_at_school_year_eight() -> None:
    assert reading.grade(ENGLISH) < 6
    hard = {words: round(reading.grade([words]), 1) for words in LONG}
    assert {words: grade for words, grade in hard.items() if grade >= 9} == {}


def test_spanish_is_read_with_ease() -> None:
    assert reading.ease(SPANISH) > 70


@pytest.mark.parametrize("words", [ENGLISH, SPANISH], ids=["English", "Spanish"])
def test_sentences_are_short(words: list[str]) -> None:
    assert [said for said in words if max(map(len, reading.sentences(said)), default=0) > 30] == []


COLD = re.compile(r"!|\b(please|oops|invalid|submit|unregistered|sorry|successfully|unable|whoops|click here)\b", re.I)
FRIO = re.compile(r"[!¡]|\b(tú|tu|tus|tienes|puedes|haz|por favor|inválid\w*)\b", re.I)


def test_the_voice_is_calm() -> None:
    assert [words for words in ENGLISH if COLD.search(reading.plain(words))] == []
    assert [words for words in SPANISH if FRIO.search(reading.plain(words))] == []


@pytest.mark.parametrize(
    ("word", "beats"), [("registration", 4), ("roll", 1), ("vote", 1), ("mailed", 1), ("people", 2), ("county", 2)]
)
def test_syllables_are_counted(word: str, beats: int) -> None:
    assert reading.beats_en(word) == beats


def test_a_hard_text_is_distinguished_from_an_easy_one() -> None:
    easy = "We did not find you. Type your street and your ZIP code, and look again."
    hard = "Authentication of the aforementioned constituent necessitates verification of residential documentation."
    assert reading.grade([easy]) < 4
    assert reading.grade([hard]) > 15
    assert bare_words("<p>{% translate 'Yes' %} no way</p>") == ["no", "way"]
