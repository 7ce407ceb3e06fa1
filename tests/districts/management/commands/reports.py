"""Runs commands and reads their JSON reports."""

import json
from typing import Any

import pytest
from django.core.management import call_command


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """Run a command with --json and return its report."""
    call_command(*arguments, "--json")
    report: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return report
