"""Options shared by several commands."""

from datetime import date

from apps.core.errors import BadInput


def date_option(text: str | None, option: str) -> date | None:
    """Return the date of an option, None if it is not given; raise BadInput that names the option."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(f"{option} {text}: not a date; write it as YYYY-MM-DD.") from error
