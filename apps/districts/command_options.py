"""Options that several commands take."""

from datetime import date

from apps.core.errors import BadInput


def day_option(text: str | None, option: str) -> date | None:
    """A date from an option; BadInput names the option otherwise."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput(f"{option} {text}: no date; write it as YYYY-MM-DD.") from error
