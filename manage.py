#!/usr/bin/env python
"""Every command of Votekin starts here."""

import os
import sys


def main() -> None:
    """Run one management command with the settings of one machine unless told otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.dev")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
