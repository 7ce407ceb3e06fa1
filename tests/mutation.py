"""Check that test files fail when their module does nothing: `python -m tests.mutation [--only TEXT]`.

For each view, service and command module, the longest public function (of a command: `run` or `handle`) is replaced
by one that returns None, and the module's own test file runs. A test file that still passes asserts nothing about it.
Prints one line per module and exits with 1 if one survives. Works in a copy of the checkout.
"""

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main_function(tree: ast.Module) -> ast.FunctionDef | None:
    """Return the function to disable: a command's `run` or `handle`, or the longest public function."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == "Command":
            methods = {item.name: item for item in node.body if isinstance(item, ast.FunctionDef)}
            return methods.get("run") or methods.get("handle")
    public = [node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    return max(public, key=lambda node: (node.end_lineno or 0) - node.lineno, default=None)


def mutate(path: Path) -> str | None:
    """Make the main function of a module return None; return its name."""
    text = path.read_text()
    function = main_function(ast.parse(text))
    if function is None:
        return None
    lines = text.split("\n")
    first = function.body[0]
    indent = " " * first.col_offset
    lines.insert(first.lineno - 1, f"{indent}return None")
    path.write_text("\n".join(lines))
    return function.name


def survives(copy: Path, module: Path, test_file: Path) -> tuple[str | None, bool]:
    """Return the disabled function and whether the module's test file still passes."""
    original = (copy / module).read_text()
    name = mutate(copy / module)
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:warnings", str(test_file)]
    result = subprocess.run(
        command, cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, capture_output=True, check=False
    )
    (copy / module).write_text(original)
    return name, result.returncode in {0, 5}


def run(only: str) -> int:
    """Check every module whose path contains `only`; return the number of survivors."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.test")
    django.setup()
    from tests.contracts.test_names import file_for, modules_with_tests

    survivors = 0
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "checkout"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("var", ".git", ".venv", "__pycache__", ".mypy_cache"))
        for module in modules_with_tests():
            test_file = file_for(module)
            inside = module.relative_to(ROOT)
            if only not in str(inside) or test_file is None:
                continue
            name, alive = survives(copy, inside, test_file.relative_to(ROOT))
            survivors += alive and name is not None
            print(f"{'SURVIVED' if alive else 'failed  '}  {inside}  {name or 'no function'}", flush=True)
    print(f"{survivors} survived")
    return survivors


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="part of a module's path")
    sys.exit(1 if run(parser.parse_args().only) else 0)
