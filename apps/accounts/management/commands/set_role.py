"""Change a role from the command line: for an installation with a single owner. Its use is logged."""

from argparse import ArgumentParser
from typing import Any

from apps.accounts import services
from apps.accounts.models import User
from apps.core.commands import VotekinCommand
from apps.core.errors import BadInput
from apps.core.roles import Role


class Command(VotekinCommand):
    """Changes the role of one account. On the site a role change takes two owners."""

    help = "Change the role of an account; on the site this takes two owners."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the email address, the role and the reason."""
        parser.add_argument("email")
        parser.add_argument("role", choices=[role.value for role in Role])
        parser.add_argument("--reason", required=True)

    def run(self, **options: Any) -> dict[str, Any]:
        """Change the role."""
        member = User.objects.filter(email=options["email"].strip().lower()).first()
        if member is None:
            raise BadInput("No account has this email address.")
        services.change_role(actor=None, member=member, role=options["role"], reason=options["reason"])
        return {"email": member.email, "role": options["role"]}
