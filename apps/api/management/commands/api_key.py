"""`api_key create|list|revoke`: manage the keys of partners' programs."""

from argparse import ArgumentParser
from typing import Any

from apps.api.key_quotas import spent_today
from apps.api.models import SCOPES, ApiKey
from apps.api.services import create_key, revoke_key
from apps.core.commands import VotekinCommand
from apps.core.types import OptionValue


class Command(VotekinCommand):
    """Prints a new key once, alone on the last line; only its hash is stored."""

    help = "create NAME --scope SCOPE --budget N | list | revoke PREFIX: keys of partners' programs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the action, NAME, --scope and --budget."""
        parser.add_argument("action", choices=["create", "list", "revoke"])
        parser.add_argument("name", nargs="?", default="", help="create: the partner's program; revoke: the prefix.")
        parser.add_argument(
            "--scope", dest="scopes", action="append", default=[], help=f"{' or '.join(SCOPES)}; repeatable."
        )
        parser.add_argument("--budget", type=int, default=0, help="Cost of all requests of a day.")

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Create, revoke or list keys."""
        if options["action"] == "create":
            row, key = create_key(name=options["name"], scopes=options["scopes"], daily_budget=options["budget"])
            return {"name": row.name, "prefix": row.prefix, "key": key}
        if options["action"] == "revoke":
            return {"revoked": revoke_key(prefix=options["name"]).prefix}
        return {"keys": [_as_dict(row) for row in ApiKey.objects.all()]}

    def print_report(self, report: dict[str, Any], *, as_json: bool) -> None:
        """Print a key alone on the last line, or a list with a key per line."""
        if as_json:
            super().print_report(report, as_json=True)
        elif "key" in report:
            self.stdout.write(f"The key of {report['name']}; it is shown only once:")
            self.stdout.write(report["key"])
        elif "keys" in report:
            for row in report["keys"]:
                self.stdout.write("  ".join(str(value) for value in row.values()))
        else:
            super().print_report(report, as_json=False)


def _as_dict(row: ApiKey) -> dict[str, Any]:
    return {
        "prefix": row.prefix,
        "state": "revoked" if row.revoked_at else "live",
        "scopes": ",".join(row.scopes),
        "budget": row.daily_budget,
        "spent": spent_today(row),
        "name": row.name,
    }
