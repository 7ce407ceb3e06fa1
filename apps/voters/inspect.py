"""What a file is, in plain words: for `check_layout` before a load, and for the first YAML of a new layout."""

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

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
# Words that columns of voter files are made of, for a first guess that a person finishes.
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
    """What the first text of a file looks like."""

    open_delimited: Table
    rows: list[list[str]]
    bad: list[BadRow]
    has_header: bool


def sample_file(path: Path, layout: Layout | None = None) -> FileSample:
    """Read the beginning of a file. Raises as a load does where it cannot be read at all."""
    rows: list[list[str]] = []
    bad: list[BadRow] = []
    with closing(open_parts(path, layout.skip_files if layout else ())) as every:
        first = next(every)
        found = open_table(first, layout) if layout else open_delimited(first, fallback="cp1252", delimiter=None)
        for batch in found.rows:
            rows += batch.rows
            bad += batch.bad
            if len(rows) >= SAMPLE_ROWS:
                break
    named = layout.header if layout and layout.format == "delimited" else _is_header(found.header)
    return FileSample(found, rows, bad, named)


def _is_header(cells: Sequence[str]) -> bool:
    """A header has names: letters in nearly every cell, and no cell of digits alone."""
    named = sum(bool(re.search(r"[A-Za-z]{2}", cell)) for cell in cells)
    return named >= 0.8 * len(cells) and not any(re.fullmatch(r"[\d/.-]+", cell) for cell in cells if cell)


def best_layout(header: Sequence[str]) -> tuple[str, float]:
    """Return the layout whose columns the header fits best, and the share of them that it has."""
    have = {column.strip().upper() for column in header}
    found = [(_column_share(load_layout(name), have), name) for name in known_layouts()]
    share, name = max(found, default=(0.0, ""))
    return name, share


def _column_share(layout: Layout, have: set[str]) -> float:
    sources = list(layout.columns.values())
    fits = [any(columns[0] in have for columns in alternatives(source)) for source in sources]
    return sum(fits) / len(sources) if _has_required(list(have), layout) else 0.0


def describe_file(path: Path, name: str = "") -> list[str]:
    """Say what a file is, which layout it fits, and what changed against the layout and the last load."""
    layout = load_layout(name) if name else None
    seen = sample_file(path, layout)
    header = seen.table.header
    words = [f"{seen.table.name}: text of {len(header)} columns, {_describe_delimiter(seen)}."]
    if seen.bad:
        read = len(seen.rows) + len(seen.bad)
        words.append(f"Of the first {read:,} rows {len(seen.bad):,} cannot be read.")
    if not seen.has_header and (layout is None or layout.header):
        words.append("The first line holds values, not names: this file has no header.")
        if layout is None:
            layout = _layout_by_column_count(len(header))
        if layout is None or layout.header:
            return [*words, f"No layout has as many columns. Begin one with: manage.py new_layout {path.name}"]
        words.append(f"It may be the layout {layout.name}, which has as many columns.")
        return [*words, *_describe_values(path, layout), *_compare_with_last_load(layout.names, layout)]
    if layout is None:
        fit, share = best_layout(header)
        if not share:
            return [*words, f"No layout fits. Begin one with: manage.py new_layout {path.name}"]
        words.append(f"It fits the layout {fit}: {share:.0%} of the columns that it reads are there.")
        layout = load_layout(fit)
    return [
        *words,
        *_compare_with_layout(header, layout),
        *_describe_values(path, layout),
        *_compare_with_last_load(header, layout),
    ]


def _describe_delimiter(seen: FileSample) -> str:
    names = {"\t": "tabs", ",": "commas", "|": "pipes", ";": "semicolons"}
    return (
        f"divided by {names.get(seen.table.delimiter, 'nothing')}" if seen.table.delimiter else "each of a fixed width"
    )


def _layout_by_column_count(columns: int) -> Layout | None:
    """Return the layout without a header that has as many columns."""
    every = (load_layout(name) for name in known_layouts())
    return next((layout for layout in every if not layout.header and len(layout.names) == columns), None)


def _describe_values(path: Path, layout: Layout) -> list[str]:
    """Say what of the first rows the layout does not understand, by the reasons a load would give."""
    seen = sample_file(path, layout)
    if not seen.rows or not _has_required(seen.table.header, layout):
        return []
    plan = ColumnPlan(layout, seen.table.header, name=seen.table.name, state="")
    voters = plan.voters(Batch(range(len(seen.rows)), seen.rows, []))
    wrong = Counter(f"{bad.column}: {bad.reason}" for bad in voters.bad)
    words = [f"{count:,} of the first {len(seen.rows):,} rows: {why}." for why, count in wrong.most_common(3)]
    fit = type_inference.describe_misfits(plan.raw(seen.rows)) if len(seen.rows) >= MIN_ROWS else []
    if fit:
        words.append(f"The columns do not hold what the layout says: {', '.join(fit)}.")
    return words or [f"The first {len(seen.rows):,} rows read as the layout says."]


def _has_required(header: Sequence[str], layout: Layout) -> bool:
    have = {column.strip().upper() for column in header}
    return all(any(c[0] in have for c in alternatives(layout.columns[f])) for f in REQUIRED_FIELDS)


def _compare_with_layout(header: Sequence[str], layout: Layout) -> list[str]:
    have = {column.strip().upper() for column in header}
    words = []
    for field, source in layout.columns.items():
        choices = alternatives(source)
        if not any(columns[0] in have for columns in choices):
            need = "It cannot be loaded without it." if field in ("voter_id", "last_name") else "It stays empty."
            words.append(f"No column for {field} ({' or '.join(c[0].lower() for c in choices)}). {need}")
    forms = {form: [c.strip() for c in columns] for form, columns in layout.forms.items()}
    if forms:
        form = max(forms, key=lambda f: 2 * len({c.upper() for c in forms[f]} & have) - len(forms[f]))
        words.append(f"Compared with the form {form!r} of the layout ({len(forms[form])} columns):")
        words += describe_column_changes(header, forms[form], layout) or ["No difference."]
    return words


def _compare_with_last_load(header: Sequence[str], layout: Layout) -> list[str]:
    last = Snapshot.objects.filter(layout=layout.name).exclude(columns=[]).order_by("-id").first()
    if last is None:
        return ["This layout was not loaded here before."]
    words = describe_column_changes(header, last.columns, layout) or ["No difference in the columns."]
    return [f"Compared with the last load ({last.file_name}, roll of {last.as_of}):", *words]


def draft_layout(path: Path) -> tuple[str, str]:
    """Return a name and the text of a first YAML for a file, with what could be guessed and what is left open."""
    seen = sample_file(path)
    name = re.sub(r"[^a-z0-9]+", "_", path.name.lower().split(".")[0]).strip("_")[:30] or "new"
    name = name if name[0].isalpha() else f"f_{name}"[:30]
    header = seen.table.header
    content: dict[str, Any] = {"name": name, "title": path.name, "source": "", "permitted_use": "", "state": ""}
    if seen.table.delimiter != ",":
        content["delimiter"] = seen.table.delimiter
    if not seen.has_header:
        content |= {"header": False, "names": [f"column_{n}" for n in range(1, len(header) + 1)]}
        header = content["names"]
    columns = _guess_columns(header, FIELD_PATTERNS)
    content["columns"] = {field: columns[field] for field in LAYOUT_FIELDS if field in columns}
    for field in ("voter_id", "last_name"):
        content["columns"].setdefault(field, "FILL IN")
    if status := _guess_columns(header, (("status", STATUS_PATTERN),)).get("status"):
        content["status"] = {"column": status, **_default_status_values()}
    districts = _guess_columns(header, [(layer, pattern) for layer, pattern, _ in DISTRICT_PATTERNS])
    ids = {layer: template for layer, _, template in DISTRICT_PATTERNS}
    if districts:
        content["districts"] = {layer: {"column": c, "id": ids[layer]} for layer, c in districts.items()}
    left = [c for c in header if c not in {*columns.values(), *districts.values(), status}]
    return name, _as_yaml(content, left)


def _guess_columns(header: Sequence[str], guesses: Sequence[tuple[str, str]]) -> dict[str, str]:
    found = {}
    for field, pattern in guesses:
        column = next((c for c in header if re.fullmatch(pattern, c.strip().lower())), None)
        if column:
            found[field] = column
    return found


def _default_status_values() -> dict[str, Any]:
    """Return the words of the generic layout: what most states write."""
    generic: Any = yaml.safe_load((SHIPPED_LAYOUTS / "generic.yaml").read_text(encoding="utf-8"))
    return {key: generic["status"][key] for key in ("registered", "not_registered", "drop")}


def _as_yaml(content: dict[str, Any], left: Sequence[str]) -> str:
    text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)
    note = "# A first guess from the header alone: read every line, fill in what is open, then run check_layout.\n"
    rest = "".join(f"#   {column}\n" for column in left)
    return f"{note}{text}# Columns that nothing above reads, and that are therefore never stored:\n{rest}"
