"""Template tags that draw charts as SVG on the server, without scripts or style attributes.

Available in every template. Each chart repeats its numbers as text, in its label or in the table around it.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Fill by status. Patterns distinguish the statuses without color.
FILLS = {"registered": "f-ok", "likely": "hatch-ok", "unclear": "f-brand"}
HATCH = mark_safe(
    '<defs><pattern id="hok" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path class="s-ok" d="M0 0v8"/></pattern></defs>'
)
GAP = 0.5  # percent between two segments
# The layout of a line chart in SVG units, with room for the label at the right.
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 360, 182, 34, 12, 30, 32
LINE = f"""<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{{label}}">
<path class="ax" d="M{LEFT} {{floor}}H{WIDTH}M{LEFT} {TOP}H{WIDTH}"/><polyline class="ln" points="{{drawn}}"/>
<circle class="f-brand" cx="{{x}}" cy="{{y}}" r="5"/>
<text class="b" x="{WIDTH}" y="{{words}}" text-anchor="end">{{last}}</text>
<text class="soft" x="{LEFT - 8}" y="{TOP + 5}" text-anchor="end">{{most}}</text>
<text class="soft" x="{LEFT - 8}" y="{HEIGHT - BOTTOM + 5}" text-anchor="end">0</text>
<text class="soft" x="{LEFT}" y="{HEIGHT - 10}">{{first}}</text></svg>"""


@register.simple_tag
def stackbar(counts: Mapping[str, int] | Iterable[tuple[str, int]]) -> SafeString:
    """Draw the count of each status as one stacked bar. Hidden from screen readers: the page shows the numbers."""
    parts = list(counts.items() if isinstance(counts, Mapping) else counts)
    total = sum(number for _status, number in parts)
    if not total:
        return mark_safe("")
    at, pieces = 0.0, []
    for status, number in parts:
        width = 100 * number / total
        if number:
            pieces.append((FILLS.get(status, "s-none"), f"{at:.1f}%", f"{max(GAP, width - GAP):.1f}%"))
        at += width
    drawn = format_html_join("", '<rect class="{}" x="{}" width="{}" height="100%"/>', pieces)
    return format_html('<svg class="stackbar" aria-hidden="true" focusable="false">{}{}</svg>', HATCH, drawn)


@register.simple_tag
def bar(value: float, largest: float, promise: float | None = None) -> SafeString:
    """Draw a number as a bar in a table cell; the next cell shows the number as text.

    `promise` draws a tick at a target or previous value.
    """
    width = 100 * min(1.0, value / largest) if largest > 0 else 0.0
    tick = mark_safe("")
    if promise and largest > 0:
        at = f"{100 * min(1.0, promise / largest):.1f}%"
        tick = format_html('<line class="tickln" x1="{0}" x2="{0}" y1="0" y2="100%"/>', at)
    return format_html(
        '<svg aria-hidden="true" focusable="false"><rect class="f-brand" width="{}" height="100%"/>{}</svg>',
        f"{width:.1f}%",
        tick,
    )


@register.simple_tag
def line_chart(values: Sequence[float], label: str, last: str = "", first: str = "") -> SafeString:
    """Draw numbers over time as a line chart. `label` describes it, `last` labels its end, `first` its start.

    Returns an empty string for fewer than two numbers; the page shows a single number as text.
    """
    if len(values) < 2:
        return mark_safe("")
    top = max(*values, 1)
    step = (WIDTH - LEFT - RIGHT) / (len(values) - 1)
    floor = HEIGHT - BOTTOM
    points = [(LEFT + index * step, floor - (floor - TOP) * value / top) for index, value in enumerate(values)]
    drawn = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    x, y = points[-1]
    # The label is above the end of the line, or below it if the line falls there.
    falls = any(one[1] < other[1] - 12 for one, other in pairwise(points[-3:]))
    return format_html(
        LINE,
        drawn=drawn,
        label=label,
        first=first,
        last=last,
        most=f"{top:g}",
        floor=floor,
        x=f"{x:.0f}",
        y=f"{y:.0f}",
        words=f"{y + 24 if falls else y - 10:.0f}",
    )


@register.simple_tag
def page_numbers(page: Page[Any]) -> list[int | str]:
    """Return the page numbers of a pager: first, last, neighbors, and ellipses between them."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
