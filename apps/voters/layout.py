"""Layouts: a YAML file per state that describes its voter file. docs/layouts.md explains each key.

Reads the operator's layouts in DATA_DIR/layouts first, then those shipped beside this module.
"""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from apps.core.errors import BadInput
from apps.core.types import FileValue
from apps.core.yaml_files import load_yaml
from apps.matching import VoterRecord

SHIPPED_LAYOUTS = Path(__file__).parent / "layouts"
LAYOUT_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}\Z")

# The fields that a layout may read. Nothing else of a file is ever stored.
LAYOUT_FIELDS = (
    *(name for name in VoterRecord._fields if name != "status"),
    "state", "county", "mail_1", "mail_2", "mail_3", "mail_4", "mail_city", "mail_state", "mail_zip",
)  # fmt: skip
REQUIRED_FIELDS = ("voter_id", "last_name")
DropReason = Literal["confidential", "exempt", "preregistered"]

# `A` is one column, `A + B` joins two by a space; in a list, the first alternative that the file has is used.
Source = str | list[str]
DateForm = Literal["YYYY-MM-DD", "MM/DD/YYYY", "MM-DD-YYYY", "MMDDYYYY", "YYYYMMDD", "DD/MM/YYYY", "any"]


class StrictModel(BaseModel):
    """A section of the YAML. An unknown key is an error, because it would be ignored silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StatusRule(StrictModel):
    """The status column and the meaning of its values; without a column, every voter is active.

    `blank` is the status of an empty value.
    """

    column: Source | None = None
    registered: dict[str, str] = Field(default_factory=lambda: {"": "active"})
    not_registered: dict[str, str] = Field(default_factory=dict)
    drop: dict[str, DropReason] = Field(default_factory=dict)
    blank: str | None = "active"


class DropRule(StrictModel):
    """Rows that are never stored: the column, its values in upper case, and the reason for the count."""

    column: Source
    values: list[str]
    reason: DropReason


class DistrictColumn(StrictModel):
    """A district column. `id` completes ocd-division/country:us/state:xx/…; complete ids are used as they are."""

    column: Source
    id: str
    skip: list[str] = Field(default_factory=list)

    @field_validator("id")
    @classmethod
    def _known_slots(cls, value: str) -> str:
        unknown = set(re.findall(r"{(\w*)}", value)) - {"value", "county"}
        if unknown:
            raise ValueError(f"may use {{value}} and {{county}}, not {{{unknown.pop()}}}")
        return value


class Layout(StrictModel):
    """The layout of one state's voter file."""

    name: Annotated[str, Field(pattern=LAYOUT_NAME)]
    title: str
    source: str = ""
    permitted_use: str = ""
    state: str = ""
    format: Literal["delimited", "fixed"] = "delimited"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    # False: a quote is an ordinary character, as in files that quote nothing.
    quotes: bool = True
    encoding: str = "cp1252"
    header: bool = True
    # How many files a whole roll has; fewer are reported. `skip_files`: patterns of files in a zip to skip, like *_H_*.
    files: Annotated[int, Field(ge=1)] = 1
    skip_files: list[str] = Field(default_factory=list)
    # The operator wrote the file: its phone and email columns are loaded without being enabled separately.
    own_file: bool = False
    # For files without a header: the names in order, or name -> [first character, length], counted from 1.
    names: list[str] = Field(default_factory=list)
    widths: dict[str, tuple[int, int]] = Field(default_factory=dict)
    # Known headers by the name of their form; check_layout compares with the closest. Without a header in the file, the
    # form with as many columns as the first line replaces `names`.
    forms: dict[str, list[str]] = Field(default_factory=dict)
    # Patterns of columns that change by design (one per election); never reported as a change.
    passing: list[str] = Field(default_factory=list)
    # Old name -> new name of columns that the state renamed.
    renamed: dict[str, str] = Field(default_factory=dict)
    columns: dict[str, Source]
    dates: list[DateForm] = ["any"]
    status: StatusRule = Field(default_factory=StatusRule)
    drop: list[DropRule] = Field(default_factory=list)
    districts: dict[str, DistrictColumn] = Field(default_factory=dict)
    # County code in the file -> county name.
    counties: dict[str, str] = Field(default_factory=dict)

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            "".encode(value)
        except LookupError:
            raise ValueError(f"is {value!r}, which is not an encoding; write cp1252, latin-1 or utf-8") from None
        return value

    @field_validator("columns")
    @classmethod
    def _known_fields(cls, value: dict[str, Source]) -> dict[str, Source]:
        for field in value:
            if field not in LAYOUT_FIELDS:
                raise ValueError(f"has the field {field!r}; known are: {', '.join(LAYOUT_FIELDS)}")
        for field in REQUIRED_FIELDS:
            if field not in value:
                raise ValueError(f"has to name a column for {field}")
        return value

    @field_validator("districts")
    @classmethod
    def _layer_names(cls, value: dict[str, DistrictColumn]) -> dict[str, DistrictColumn]:
        for layer in value:
            if not re.fullmatch(r"[a-z_]+", layer):
                raise ValueError(f"has the layer {layer!r}; a layer is a name of a-z and _")
        return value

    @model_validator(mode="after")
    def _header_or_names(self) -> "Layout":
        if self.format == "fixed" and not self.widths:
            raise ValueError("a fixed layout needs `widths`")
        if self.format == "delimited" and not self.header and not self.names:
            raise ValueError("a layout without a header needs `names`")
        for name, (first, length) in self.widths.items():
            if first < 1 or length < 1:
                raise ValueError(f"widths.{name}: write [first, length], both counted from 1")
        return self

    def headers(self) -> list[list[str]]:
        """Return the columns that a file without a header may have, the usual ones first."""
        return [] if self.header else [self.names, *self.forms.values()]

    def stable_columns(self, columns: list[str]) -> list[str]:
        """Return the columns of a file without those that change by design."""
        return [c for c in columns if not any(fnmatchcase(c.upper(), p.upper()) for p in self.passing)]


def with_column_map(layout: Layout, pairs: Mapping[str, str]) -> Layout:
    """Return a layout that reads some fields, layers or the status from other columns; BadInput for a wrong field."""
    columns, districts, status = dict(layout.columns), dict(layout.districts), layout.status
    for name, column in pairs.items():
        if name in LAYOUT_FIELDS:
            columns[name] = column
        elif name in districts:
            districts[name] = districts[name].model_copy(update={"column": column})
        elif name == "status":
            status = status.model_copy(update={"column": column})
        else:
            known = ", ".join([*LAYOUT_FIELDS, "status", *districts])
            raise BadInput(f"--map {name}={column}: {name} is not a field; known are: {known}.")
    return layout.model_copy(update={"columns": columns, "districts": districts, "status": status})


def alternatives(source: Source) -> list[list[str]]:
    """Return the ways to read a field, each as the columns to join, in upper case."""
    return [
        [part.strip().upper() for part in choice.split(" + ")]
        for choice in ([source] if isinstance(source, str) else source)
    ]


def layout_folders() -> tuple[Path, Path]:
    """Return the folders of layouts: the operator's, then the shipped ones."""
    return settings.DATA_DIR / "layouts", SHIPPED_LAYOUTS


def known_layouts() -> list[str]:
    """Return the names of all layouts."""
    return sorted({layout_path.stem for folder in layout_folders() for layout_path in folder.glob("*.yaml")})


def load_layout(name: str) -> Layout:
    """Return a layout by name; raise BadInput that names the file and the wrong key."""
    if LAYOUT_NAME.match(name):
        for folder in layout_folders():
            layout_path = folder / f"{name}.yaml"
            if layout_path.is_file():
                return read_layout(layout_path)
    raise BadInput(f"There is no layout {name!r}; known are: {', '.join(known_layouts())}.")


def read_layout(layout_path: Path) -> Layout:
    """Read and validate one YAML file; raise BadInput that names the file and the line or key."""
    try:
        content: FileValue = load_yaml(layout_path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "context_mark", None) or getattr(error, "problem_mark", None)
        where = f" line {mark.line + 1}" if mark else ""
        raise BadInput(f"{layout_path.name}{where}: invalid YAML. Check indentation and quotes there.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{layout_path.name} cannot be read as UTF-8 text.") from error
    if not isinstance(content, dict):
        raise BadInput(f"{layout_path.name}: a layout is a list of keys and values; see layouts/generic.yaml.")
    content = _with_base(layout_path, content)
    try:
        layout = Layout.model_validate(content)
    except ValidationError as error:
        raise BadInput(f"{layout_path.name}: {_first_error(error)}") from error
    if layout.name != layout_path.stem:
        raise BadInput(f"{layout_path.name}: name is {layout.name!r}; write {layout_path.stem!r}, the file's name.")
    return layout


def _with_base(layout_path: Path, content: dict[str, Any]) -> dict[str, Any]:
    """Return the content merged over the layout it `extends`; columns, status and districts are merged key by key."""
    base_name = content.pop("extends", None)
    if base_name is None:
        return content
    base_path = SHIPPED_LAYOUTS / f"{base_name}.yaml"
    if not base_path.is_file():
        shipped = ", ".join(sorted(p.stem for p in SHIPPED_LAYOUTS.glob("*.yaml")))
        raise BadInput(f"{layout_path.name}: key extends: is {base_name!r}; a layout extends one of: {shipped}.")
    base: dict[str, Any] = load_yaml(base_path.read_text(encoding="utf-8"))
    groups: dict[str, Any] = {
        key: {**base[key], **content[key]}
        for key in ("columns", "status", "districts")
        if isinstance(content.get(key), dict) and key in base
    }
    return {**base, **content, **groups}


def _first_error(error: ValidationError) -> str:
    """Return the first validation error with its key, and how many more there are."""
    errors = error.errors()
    first = errors[0]
    key = ".".join(str(part) for part in first["loc"]) or "the layout"
    message = {"extra_forbidden": "is not a layout key", "missing": "is missing"}.get(
        first["type"], str(first["msg"]).removeprefix("Value error, ")
    )
    more = f" ({len(errors) - 1} more after it)" if len(errors) > 1 else ""
    return f"key {key}: {message}{more}."
