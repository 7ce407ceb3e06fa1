"""Normalize email addresses for comparison."""

_DOTLESS = frozenset({"gmail.com", "googlemail.com"})  # these ignore dots in the local part


def mail(text: str) -> str:
    """Return the address in lower case without a +tag; empty if it is not an address."""
    if "@" not in text or len(text) > 254:
        return ""
    box, _, domain = text.strip().lower().rpartition("@")
    box = box.split("+", 1)[0]
    if domain in _DOTLESS:
        box, domain = box.replace(".", ""), "gmail.com"
    return f"{box}@{domain}" if box and "." in domain else ""
