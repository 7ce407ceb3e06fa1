"""Inspect a voter file: describe it for `check_layout`, and draft a layout for `new_layout`."""

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from apps.core.types import FileValue
from apps.core.yaml_files import load_yaml

from .header_changes import describe_column_changes
from .layout import LAYOUT_FIELDS, REQUIRED_FIELDS, SHIPPED_LAYOUTS, Layout, alternatives, known_layouts, load_layout
from .loading import type_inference
from .loading.plan import ColumnPlan
from .loading.tables import open_table
from .loading.type_inference import MIN_ROWS
from .models import Snapshot
from .reading.opening import open_parts
from .reading.rows import BadRow, Batch, Table, open_delimited

SAMPLE_ROWS: Final = 2_000
# Usual column names of voter files, for a draft that an operator completes.
FIELD_PATTERNS: Final = (
    (
        "voter_id",
        r"(state_?)?voter_?id|sos_?voterid|ncid|voter_?(reg_?)?(num|number)|registration_?(id|number)|reg_?num",
    ),
    ("first_name", r"(name_?)?first(_?name)?|fname"),
    ("middle_name", r"(name_?)?middle(_?name)?|midl_?name|mname"),
    ("last_name", r"(name_?)?last(_?name)?|lname|surname"),
    ("suffix", r"(name_?)?suf+i?x(_lbl|_cd)?"),
    ("dob", r"dob|birth_?date|date_?of_?birth"),
    ("birth_year", r"birth_?year|year_?of_?birth|yob"),
    ("sex", r"sex|gender(_code)?"),
    ("address", r"(res(idence|idential)?_?)?(street_?)?address(_?(line)?_?1)?"),
    ("city", r"(res(idence|idential)?_?)?city(_desc)?"),
    ("zip", r"(res(idence|idential)?_?)?(zip(_?code)?5?|postal_?code)"),
    ("county", r"county(_?(name|desc))?"),
    ("mail_1", r"mail(ing)?_?(address|addr)(_?(line)?_?1)?"),
    ("mail_city", r"mail(ing)?_?city"),
    ("mail_state", r"mail(ing)?_?state"),
    ("mail_zip", r"mail(ing)?_?zip(_?code)?"),
)
DISTRICT_PATTERNS: Final = (
    ("cd", r"(us_?)?cong(ressional)?(_dist(rict)?)?(_abbrv)?", "cd:{value}"),
    ("sldu", r"(state_?)?senat(e|orial)(_dist(rict)?)?|sldu", "sldu:{value}"),
    ("sldl", r"(state_?)?(house|representative|assembly)(_dist(rict)?)?|sldl", "sldl:{value}"),
    ("precinct", r"precinct(_?(name|code|abbrv))?", "county:{county}/precinct:{value}"),
)
STATUS_PATTERN: Final = r"(voter_?)?(reg(istration)?_?)?status(_cd|_code)?"


@dataclass(frozen=True)
class FileSample:
    """The first rows of a file's first part, with its table and bad rows."""

    table: Table
    rows: list[list[str]]
    bad: list[BadRow]
    has_header: bool


def sample_file(path: Path, layout: Layout | None = None) -> FileSample:
    """Read the beginning of a file; raise BadInput or Refused like a load if it cannot be read."""
    rows: list[list[str]] = []
    bad: list[BadRow] = []
    with closing(open_parts(path, layout.skip_files if layout else ())) as parts:
        part = next(parts)
        table = open_table(part, layout) if layout else open_delimited(part, fallback="cp1252", delimiter=None)
        for batch in table.rows:
            rows += batch.rows
            bad += batch.bad
            if len(rows) >= SAMPLE_ROWS:
                break
    has_header = layout.header if layout and layout.format == "delimited" else _is_header(table.header)
    return FileSample(table, rows, bad, has_header)


def _is_header(cells: Sequence[str]) -> bool:
    """Return whether cells are column names: letters in at least 80% of them, and no cell of digits alone."""
    named = sum(bool(re.search(r"[A-Za-z]{2}", cell)) for cell in cells)
    return named >= 0.8 * len(cells) and not any(re.fullmatch(r"[\d/.-]+", cell) for cell in cells if cell)


def best_layout(header: Sequence[str]) -> tuple[str, float]:
    """Return the layout that fits the header best, and the share of its columns that the header has."""
    have = {column.strip().upper() for column in header}
    shares = [(_column_share(load_layout(name), have), name) for name in known_layouts()]
    share, name = max(shares, default=(0.0, ""))
    return name, share


def _column_share(layout: Layout, have: set[str]) -> float:
    sources = list(layout.columns.values())
    fits = [any(columns[0] in have for columns in alternatives(source)) for source in sources]
    return sum(fits) / len(sources) if _has_required(list(have), layout) else 0.0


def describe_file(path: Path, name: str = "") -> list[str]:
    """Return sentences on a file's format, the layout it fits, and changes against the layout and the last load."""
    layout = load_layout(name) if name else None
    sample = sample_file(path, layout)
    header = sample.table.header
    sentences = [f"{sample.table.name}: text of {len(header)} columns, {_describe_delimiter(sample)}."]
    if sample.bad:
        read = len(sample.rows) + len(sample.bad)
        sentences.append(f"{len(sample.bad):,} of the first {read:,} rows cannot be read.")
    if not sample.has_header and (layout is None or layout.header):
        sentences.append("The first line contains values, not names: this file has no header.")
        if layout is None:
            layout = _layout_by_column_count(len(header))
        if layout is None or layout.header:
            return [*sentences, f"No layout has that many columns. Start one with: manage.py new_layout {path.name}"]
        sentences.append(f"It may be the layout {layout.name}, which has the same number of columns.")
        return [*sentences, *_describe_values(path, layout), *_compare_with_last_load(layout.names, layout)]
    if layout is None:
        fit, share = best_layout(header)
        if not share:
            return [*sentences, f"No layout fits. Start one with: manage.py new_layout {path.name}"]
        sentences.append(f"It fits the layout {fit}: the file has {share:.0%} of the layout's columns.")
        layout = load_layout(fit)
    return [
        *sentences,
        *_compare_with_layout(header, layout),
        *_describe_values(path, layout),
        *_compare_with_last_load(header, layout),
    ]


def _describe_delimiter(sample: FileSample) -> str:
    names = {"\t": "tabs", ",": "commas", "|": "pipes", ";": "semicolons"}
    return f"separated by {names[sample.table.delimiter]}" if sample.table.delimiter else "each of fixed width"


def _layout_by_column_count(columns: int) -> Layout | None:
    """Return the layout without a header that has this number of columns."""
    layouts = (load_layout(name) for name in known_layouts())
    return next((layout for layout in layouts if columns in map(len, layout.headers())), None)


def _describe_values(path: Path, layout: Layout) -> list[str]:
    """Return sentences on first rows that the layout cannot parse, with the reasons that a load would give."""
    sample = sample_file(path, layout)
    if not sample.rows or not _has_required(sample.table.header, layout):
        return []
    plan = ColumnPlan(layout, sample.table.header, name=sample.table.name, state="")
    first_line = 2 if sample.has_header else 1
    parsed = plan.parse(Batch(range(first_line, first_line + len(sample.rows)), sample.rows, []))
    wrong = Counter(f"{bad.column}: {bad.reason}" for bad in parsed.bad)
    sentences = [f"{count:,} of the first {len(sample.rows):,} rows: {why}." for why, count in wrong.most_common(3)]
    misfits = type_inference.describe_misfits(plan.raw_cells(sample.rows)) if len(sample.rows) >= MIN_ROWS else []
    if misfits:
        sentences.append(f"The columns do not match the layout: {', '.join(misfits)}.")
    plan.dates.settle()
    sentences += [f"{plan.dates.problem()[0].upper()}{plan.dates.problem()[1:]}"] if plan.dates.problem() else []
    sentences = sentences or [f"The first {len(sample.rows):,} rows match the layout."]
    return [*sentences, *plan.dates.sentences()]


def _has_required(header: Sequence[str], layout: Layout) -> bool:
    have = {column.strip().upper() for column in header}
    return all(any(c[0] in have for c in alternatives(layout.columns[f])) for f in REQUIRED_FIELDS)


def _compare_with_layout(header: Sequence[str], layout: Layout) -> list[str]:
    have = {column.strip().upper() for column in header}
    sentences = []
    for field, source in layout.columns.items():
        choices = alternatives(source)
        if not any(columns[0] in have for columns in choices):
            effect = "The file cannot be loaded without it." if field in REQUIRED_FIELDS else "The field stays empty."
            sentences.append(f"No column for {field} ({' or '.join(c[0].lower() for c in choices)}). {effect}")
    forms = {form: [c.strip() for c in columns] for form, columns in layout.forms.items()}
    if forms:
        form = max(forms, key=lambda f: 2 * len({c.upper() for c in forms[f]} & have) - len(forms[f]))
        sentences.append(f"Compared with the layout's form {form!r} ({len(forms[form])} columns):")
        sentences += describe_column_changes(header, forms[form], layout) or ["No difference."]
    return sentences


def _compare_with_last_load(header: Sequence[str], layout: Layout) -> list[str]:
    last = Snapshot.objects.filter(layout=layout.name).exclude(columns=[]).order_by("-id").first()
    if last is None:
        return ["No file has been loaded with this layout before."]
    sentences = describe_column_changes(header, last.columns, layout) or ["No difference in the columns."]
    return [f"Compared with the last load ({last.file_name}, roll of {last.as_of}):", *sentences]


def draft_layout(path: Path) -> tuple[str, str]:
    """Return a name and the YAML text of a draft layout, with guessed columns and the open ones to fill in."""
    sample = sample_file(path)
    name = re.sub(r"[^a-z0-9]+", "_", path.name.lower().split(".")[0]).strip("_")[:30] or "new"
    name = name if name[0].isalpha() else f"f_{name}"[:30]
    header = sample.table.header
    content: dict[str, Any] = {"name": name, "title": path.name, "source": "", "permitted_use": "", "state": ""}
    if sample.table.delimiter != ",":
        content["delimiter"] = sample.table.delimiter
    if not sample.has_header:
        content |= {"header": False, "names": [f"column_{n}" for n in range(1, len(header) + 1)]}
        header = content["names"]
    columns = _guess_columns(header, FIELD_PATTERNS)
    content["columns"] = {field: columns[field] for field in LAYOUT_FIELDS if field in columns}
    for field in REQUIRED_FIELDS:
        content["columns"].setdefault(field, "FILL IN")
    if status := _guess_columns(header, (("status", STATUS_PATTERN),)).get("status"):
        content["status"] = {"column": status, **_default_status_values()}
    districts = _guess_columns(header, [(layer, pattern) for layer, pattern, _ in DISTRICT_PATTERNS])
    ids = {layer: template for layer, _, template in DISTRICT_PATTERNS}
    if districts:
        content["districts"] = {layer: {"column": c, "id": ids[layer]} for layer, c in districts.items()}
    unread = [c for c in header if c not in {*columns.values(), *districts.values(), status}]
    return name, _as_yaml(content, unread)


def _guess_columns(header: Sequence[str], guesses: Sequence[tuple[str, str]]) -> dict[str, str]:
    columns = {}
    for field, pattern in guesses:
        column = next((c for c in header if re.fullmatch(pattern, c.strip().lower())), None)
        if column:
            columns[field] = column
    return columns


def _default_status_values() -> dict[str, Any]:
    """Return the status values of the generic layout, which most states use."""
    generic: FileValue = load_yaml((SHIPPED_LAYOUTS / "generic.yaml").read_text(encoding="utf-8"))
    return {key: generic["status"][key] for key in ("registered", "not_registered", "drop")}


def _as_yaml(content: dict[str, Any], unread: Sequence[str]) -> str:
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)
    note = "# A draft from the header alone: read every line, fill in what is open, then run check_layout.\n"
    rest = "".join(f"#   {column}\n" for column in unread)
    return f"{note}{text}# Columns not read above; they are never stored:\n{rest}"
