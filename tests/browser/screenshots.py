"""Take screenshots of every page for `make screenshots`: 390 and 1280 px, light and dark, in English and Spanish.

Runs on the demo's processes; adds print and forced colors.

Writes screenshots/<page>-<width>-<scheme>-<language>.png; docs/pictures/ has the few that README and docs show. axe
examines each page in each variant, and at 320 px: findings are printed, and the exit status is 1. Arguments select
pages: `python -m tests.browser.screenshots home contacts`.
"""

import os
import sys
from itertools import product
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.test")

import django

django.setup()

from playwright.sync_api import Error, Page  # noqa: E402
from tqdm import tqdm  # noqa: E402

from tests.browser.page_tour import Stop, Tour, tour  # noqa: E402
from tests.design_system.pages import ALL, SETTLED, findings  # noqa: E402

OUT = Path("screenshots")
DOCS = Path("docs/pictures")
FOR_DOCS = {"home-1280-light-en", "districts-1280-light-en", "contacts-390-light-en"}
FOR_DOCS |= {"find-390-light-en", "result-390-light-en"}
GUISES = [*product((390, 1280), ("light", "dark"), ("en", "es")), (1280, "print", "en"), (390, "forced", "en")]
NARROW = 320


def shoot(page: Page, stop: Stop, guise: str) -> list[str]:
    """Take a screenshot of a page; return axe's findings."""
    page.emulate_media(media="screen")
    stop.visit(page)
    if "print" in guise:
        page.emulate_media(media="print")
    elif "forced" in guise:
        page.emulate_media(forced_colors="active")
    page.evaluate(SETTLED)
    target = OUT / f"{stop.name}-{guise}.png"
    page.screenshot(path=target, full_page=True)
    if target.stem in FOR_DOCS:
        # Only the first screen: a full page is a file three times as large, which no one reads.
        page.screenshot(path=DOCS / f"{target.stem.removesuffix('-en')}.png")
    return [f"{stop.name} {guise}: {each}" for each in findings(page, ALL)]


def narrowed(page: Page, stop: Stop, guise: str) -> list[str]:
    """Return the problems of the open page at the narrowest width."""
    page.set_viewport_size({"width": NARROW, "height": 844})
    page.evaluate(SETTLED)
    wide = page.evaluate("document.documentElement.scrollWidth")
    found = [f"{stop.name} {guise} at {NARROW}: {each}" for each in findings(page, ALL)]
    return found + ([f"{stop.name} {guise}: {wide} px wide at {NARROW}"] if wide > NARROW else [])


def looked(page: Page, stop: Stop, guise: str) -> list[str]:
    """Return all problems of a page in one variant; an unreachable page does not end the run."""
    try:
        found = shoot(page, stop, guise)
        return found + (narrowed(page, stop, guise) if guise.startswith("390-light") else [])
    except Error as error:
        return [f"{stop.name} {guise}: {error}"]


def walk(made: Tour, chosen: set[str]) -> list[str]:
    """Take every screenshot; return axe's findings."""
    found: list[str] = []
    stops = [(who, stop) for who, each in made.stops.items() for stop in each if not chosen or stop.name in chosen]
    bar = tqdm(total=len(GUISES) * len(stops), desc="pictures", file=sys.stderr)
    for width, scheme, language in GUISES:
        guise = f"{width}-{scheme}-{language}"
        for who in made.stops:
            shades = scheme if scheme == "dark" else "light"
            context = made.context(who, width=width, scheme=shades, language=language)
            page = context.new_page()
            page.goto("/")  # the first page of a browser loads before the font, by design
            for stop in (stop for owner, stop in stops if owner == who):
                page.set_viewport_size({"width": width, "height": 844 if width < 800 else 800})
                wrong = looked(page, stop, guise)
                for each in wrong:
                    bar.write(each, file=sys.stderr)
                found += wrong
                bar.update()
            context.close()
    bar.close()
    return found


def main(chosen: set[str]) -> int:
    """Take the screenshots and print the problems."""
    OUT.mkdir(exist_ok=True)
    with tour() as made:
        found = walk(made, chosen)
    print("\n".join(found) or f"axe found nothing on any page in {len(GUISES)} guises, nor at {NARROW} px.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[1:])))
