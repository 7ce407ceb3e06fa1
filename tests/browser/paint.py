"""Measure for `make paint` what each page weighs and when a slow phone has painted it, on the demo's processes.

The phone is Lighthouse's: 390 px, a quarter of this processor, 1.6 Mbit/s down, 750 kbit/s up, 150 ms a round trip,
an empty cache. Weight is the transfer size with gzip, as nginx sends it. Figures are the median of three visits.
Exits with 1 if a page is over a limit. Arguments select pages: `python -m tests.browser.paint rolls`.
"""

import gzip
import os
import sys
from statistics import median
from typing import NamedTuple

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.test")

import django

django.setup()

from playwright.sync_api import Error, Page, Response  # noqa: E402
from tqdm import tqdm  # noqa: E402

from tests.browser.page_tour import Stop, Tour, tour  # noqa: E402

LOOKS = 3
LCP_MS, CLS = 1500, 0.005
KB, KB_WITH_MAP = 100, 250
PHONE = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
QUARTER = 4
# Recorded by the page itself: the largest paint so far, the sum of unexpected layout shifts, and what shifted.
WATCH = """
window.seen = {lcp: 0, cls: 0, moved: []};
const told = node => !node ? '?' : (node.outerHTML || node.textContent).slice(0, 80).replace(/\\s+/g, ' ');
new PerformanceObserver(list => { for (const each of list.getEntries()) window.seen.lcp = each.startTime; })
    .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(list => { for (const each of list.getEntries())
    if (!each.hadRecentInput) {
        window.seen.cls += each.value;
        window.seen.moved.push(...each.sources.map(source => Math.round(each.startTime) + ' ms: '
            + source.previousRect.y + ' to ' + source.currentRect.y + ' px, ' + told(source.node)));
    } }).observe({type: 'layout-shift', buffered: true});
"""
# Not wait_for_function: it evaluates strings in the page, which the page's own policy forbids.
PAINTED = """() => new Promise(done => {
    const look = () => window.seen.lcp ? done(true) : setTimeout(look, 20);
    look();
})"""


class Figures(NamedTuple):
    """The cost of one page: kB transferred, largest contentful paint in ms, layout shift."""

    name: str
    kb: float
    lcp: float
    cls: float
    has_map: bool
    moved: list[str]

    def over(self) -> str:
        """Return the exceeded limits; empty if the page meets all of them."""
        limit = KB_WITH_MAP if self.has_map else KB
        broken = [("weight", self.kb > limit), ("paint", self.lcp > LCP_MS), ("shift", self.cls > CLS)]
        return ", ".join(name for name, over in broken if over)


def packed(response: Response) -> int:
    """Return the transfer size of a response in bytes."""
    try:
        body = response.body()
    except Error:  # a redirect has no body
        return 0
    squeezed = response.headers.get("content-type", "").startswith(("text/", "application/j", "image/svg"))
    return len(gzip.compress(body, 6)) if squeezed else len(body)


def look(made: Tour, who: str, stop: Stop) -> Figures:
    """Open a page once, as a slow phone with an empty cache."""
    context = made.context(who, width=390)
    page = context.new_page()
    page.add_init_script(WATCH)
    slow(page)
    answers: list[Response] = []

    def heard(answer: Response) -> None:  # Playwright does not accept built-ins as listeners
        answers.append(answer)

    page.on("response", heard)
    page.goto(stop.path, wait_until="load")
    page.wait_for_load_state("networkidle")
    page.evaluate(PAINTED)
    seen = page.evaluate("window.seen")
    has_map = bool(page.locator("#map").count())
    weight = sum(packed(answer) for answer in answers)
    context.close()
    return Figures(stop.name, weight / 1000, seen["lcp"], seen["cls"], has_map, seen["moved"])


def slow(page: Page) -> None:
    """Set the page's network and processor to those of the phone."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", PHONE)
    session.send("Emulation.setCPUThrottlingRate", {"rate": QUARTER})


def measure(made: Tour, who: str, stop: Stop) -> Figures:
    """Return the median of a few visits."""
    looks = [look(made, who, stop) for _ in range(LOOKS)]
    first = looks[0]
    kb, lcp, cls = (median(getattr(each, name) for each in looks) for name in ("kb", "lcp", "cls"))
    return Figures(first.name, kb, lcp, cls, first.has_map, max((each.moved for each in looks), key=len))


def main(chosen: set[str]) -> int:
    """Print the table."""
    with tour() as made:
        # A page shown after an action was measured before the action, under another name.
        every = [(who, stop) for who, each in made.stops.items() for stop in each if stop.act is None]
        stops = [each for each in every if not chosen or each[1].name in chosen]
        rows = [measure(made, who, stop) for who, stop in tqdm(stops, desc="pages", file=sys.stderr)]
    print(f"{'page':<18} {'kB':>6} {'limit':>6} {'LCP ms':>7} {'CLS':>6}")
    for row in sorted(rows, key=lambda row: -row.lcp):
        limit = KB_WITH_MAP if row.has_map else KB
        print(f"{row.name:<18} {row.kb:>6.1f} {limit:>6} {row.lcp:>7.0f} {row.cls:>6.3f} {row.over()}")
    for row in rows:
        if row.cls > CLS:
            print(f"{row.name} moves:", *row.moved, sep="\n  ")
    worst = max(rows, key=lambda row: row.lcp)
    print(
        f"{len(rows)} pages; slowest {worst.name} {worst.lcp:.0f} ms (limit {LCP_MS}), {os.uname().machine},", end=" "
    )
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    return any(row.over() for row in rows)


if __name__ == "__main__":
    sys.exit(main(set(sys.argv[1:])))
