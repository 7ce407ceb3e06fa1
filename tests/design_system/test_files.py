"""Limits on the size and content of static files."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "project" / "static"
TEMPLATES = [path for path in ROOT.glob("*/**/templates/**/*.html") if ".venv" not in path.parts]
PAGES = [path for path in TEMPLATES if "mail" not in path.parts and "email" not in path.parts]


def test_the_style_sheet_is_one_file_under_9_kb_on_its_way() -> None:
    sheets = [path for path in STATIC.rglob("*.css") if "vendor" not in path.parts]
    assert [path.name for path in sheets] == ["votekin.css"]
    # Compressed size, because that is what a reader waits for: minifying by hand must not pay off.
    assert len(gzip.compress(sheets[0].read_bytes())) < 9_000


def test_a_page_without_map_is_light() -> None:
    font = (STATIC / "fonts" / "atkinson-next-latin.woff2").stat().st_size
    packed = sum(
        len(gzip.compress(path.read_bytes())) for path in (STATIC / "css" / "votekin.css", STATIC / "js" / "votekin.js")
    )
    # Beside htmx (17 kB compressed) and a page's own text, this leaves room within the limit of 100 kB.
    assert font + packed < 50_000


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_names_another_host_to_load_from(path: Path) -> None:
    assert not re.search(r"<(?:link|script|img|iframe)[^>]+(?:src|href)=[\"']?(?:https?:)?//", path.read_text())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_template_has_a_style_or_a_script_inside(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son\w+=[\"']", text)
    assert not re.search(r"<script(?![^>]*(?:src=|type=\"application/json\"))", text)


def test_sheets_and_scripts_load_nothing_from_elsewhere() -> None:
    for path in [*STATIC.rglob("*.css"), STATIC / "js" / "votekin.js", STATIC / "js" / "map.js"]:
        assert not re.search(r"url\([\"']?(?:https?:)?//|fetch\([\"']http|@import", path.read_text()), path


def test_what_others_made_has_its_licence() -> None:
    for path in ("static/fonts/OFL.txt", "static/vendor/leaflet/LICENSE.txt", "templates/icons/LICENSE-lucide.txt"):
        assert (ROOT / "project" / path).stat().st_size > 500


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _tokens(sheet: str) -> list[dict[str, str]]:
    blocks = re.findall(r":root\{(.*?)\n\s*\}", sheet, re.S)
    found = [dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})", block)) for block in blocks]
    long = [
        {
            name: "#" + "".join(2 * sign for sign in value[1:]) if len(value) == 4 else value
            for name, value in each.items()
        }
        for each in found
        if "page" in each
    ]
    return [long[0], {**long[0], **long[1]}]


@pytest.mark.parametrize("dark", [False, True])
def test_colours_keep_their_contrast(dark: bool) -> None:
    tokens = _tokens((STATIC / "css" / "votekin.css").read_text())[dark]
    for text in ("ink", "muted", "brand", "ok", "err"):
        for ground in ("page", "surface"):
            assert _contrast(tokens[text], tokens[ground]) >= 4.5, (text, ground)
    assert _contrast(tokens["edge"], tokens["surface"]) >= 3
    assert _contrast(tokens["on-brand"], tokens["brand"]) >= 4.5
