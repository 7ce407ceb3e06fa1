"""Create a member from the command line: the first owner, or a member who cannot receive email."""

from argparse import ArgumentParser
from typing import Any

from apps.accounts.services import add_member
from apps.core.commands import VotekinCommand
from apps.core.roles import Role
from apps.core.types import OptionValue


class Command(VotekinCommand):
    """Prints the password alone on the last line, so that it can be piped. It is stored only as a hash."""

    help = "Create a member whose email address counts as confirmed, and print a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the email address and the role."""
        parser.add_argument("email")
        roles = [role.value for role in Role if role is not Role.MEMBER]
        parser.add_argument("--role", choices=roles, default=Role.MEMBER.value, type=_current_spelling)

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Create the member."""
        member, password = add_member(email=options["email"], role=options["role"])
        return {"email": member.email, "role": member.role, "password": password}

    def print_report(self, report: dict[str, Any], *, as_json: bool) -> None:
        """Print the report with the password alone on the last line."""
        if as_json:
            super().print_report(report, as_json=True)
            return
        self.stdout.write(f"{report['email']} is a member now, with the role {report['role']}. The password:")
        self.stdout.write(report["password"])


def _current_spelling(role: str) -> str:
    """Accept the syntax of 0.1.0."""
    return "organizer" if role == "organiser" else role
