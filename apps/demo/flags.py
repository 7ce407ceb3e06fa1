"""The flag of the component sheet, an example of a feature that only staff preview."""

from django.apps.registry import Apps


def create_component_flag(apps: Apps) -> None:
    """Create the flag, on for staff, unless it exists."""
    flags = apps.get_model("waffle", "Flag").objects
    flags.get_or_create(name="components", defaults={"staff": True, "note": "Component sheet"})
