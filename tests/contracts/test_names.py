"""Modules and identifiers use the field's names, and each view, service and command module has a test file."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT: Path = settings.ROOT
PACKAGES = ("apps", "project", "settings", "tasks", "deploy", "bench", "tests")

# Names that do not describe a module's content (CONTRIBUTING.md, Rules).
VAGUE_MODULES = frozenset(
    """
    acts alike answered apart asked books bounded bring cards cells child context crowds cycles deciding degrees
    drafts figures filing floor found grants graph hand hands held hiding house joining keeping kept kinds killed
    known listed look look_up lost machine made madeup mending named nation normal off opened owners people
    picture places protecting purses questions reads records registrations ride room said seen shapes stored stores
    tally texts tiles told typed values visitor watching where words
    """.split()
)
# `values`, `places` and `people` describe the content if the package gives the subject.
ALLOWED_MODULES = {
    "apps/matching/normalize/places.py",
    "apps/synthetic/people.py",
    "apps/synthetic/places.py",
    "apps/voters/loading/values.py",
    "tests/matching/test_places.py",
    "tests/voters/loading/test_values.py",
}
VAGUE_IDENTIFIERS = frozenset(
    """
    bury perform delete_me keep_me network_of lets_go StoreDown SeamUnfit NothingPersonalIsStored SessionsEnd Spent
    Book HANDS HouseCommand cached_json
    """.split()
)
AMBIGUOUS_CLASSES = frozenset("Row Answer Place Found Hit Kind Person".split())


def sources(*packages: str) -> Iterator[Path]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts and "__pycache__" not in path.parts:
                yield path


@cache
def definitions(path: Path) -> tuple[str, ...]:
    names: list[str] = []
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += (target.id for target in node.targets if isinstance(target, ast.Name))
    return tuple(names)


def test_no_module_has_a_vague_name() -> None:
    vague = {
        str(path.relative_to(ROOT))
        for path in sources(*PACKAGES)
        if path.stem.removeprefix("test_") in VAGUE_MODULES or VAGUE_MODULES & set(path.relative_to(ROOT).parts[:-1])
    }
    assert not vague - ALLOWED_MODULES


def test_no_definition_has_a_retired_or_an_ambiguous_name() -> None:
    bad = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in sources("apps", "project", "settings", "tasks")
        for name in definitions(path)
        if name in VAGUE_IDENTIFIERS or name in AMBIGUOUS_CLASSES
    }
    assert not bad


def test_a_top_level_function_called_register_or_ask_is_unique() -> None:
    for name in ("register", "ask"):
        modules = [path for path in sources("apps") if name in definitions(path) and path.parent.name != "templatetags"]
        assert len(modules) <= 1, modules


# Reasons why these modules need no test file of their own.
WITHOUT_TEST_FILE = {
    "project/management/commands/restore.py": "tests/project/commands/test_backup.py backs up and restores",
}


def modules_with_tests() -> Iterator[Path]:
    """Yield every view, service and command module."""
    for path in sources("apps", "project"):
        inside = path.relative_to(ROOT).parts
        named = path.stem in {"views", "services"}
        packaged = {"views", "services", "commands"} & set(inside[:-1])
        if (named or packaged) and path.stem != "__init__":
            yield path


def file_for(module: Path) -> Path | None:
    """Return the test file of a module: the same name under tests/<app>, in the most similar folder."""
    inside = module.relative_to(ROOT).parts
    app = inside[1] if inside[0] == "apps" else "project"
    files = sorted((ROOT / "tests" / app).rglob(f"test_{module.stem}.py"))
    return max(files, key=lambda file: len(set(file.parts) & set(inside)), default=None)


def test_every_view_service_and_command_has_a_test_file() -> None:
    modules = [path for path in modules_with_tests() if file_for(path) is None]
    missing = {str(path.relative_to(ROOT)) for path in modules}
    assert not missing - set(WITHOUT_TEST_FILE)


def test_no_page_or_email_calls_email_mail() -> None:
    phrase = re.compile(r"(?<!e)mail address|mailed code|demo mail", re.IGNORECASE)
    hits = [
        f"{path.relative_to(ROOT)}:{number}"
        for pattern in ("apps/**/*.html", "apps/**/*.txt", "project/templates/**/*", "apps/**/*.py", "project/**/*.py")
        for path in ROOT.glob(pattern)
        if path.name
        not in {"headers.py", "header_words.py", "columns.py", "dialects.py"}  # column names of other programs' files
        and path.is_file()
        and path.suffix in {".html", ".txt", ".py"}
        and "migrations" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if phrase.search(line)
    ]
    assert not hits
