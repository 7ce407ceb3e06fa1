"""The page of components is staff's: its flag."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def make_flag(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("waffle", "Flag").objects.get_or_create(
        name="components",
        defaults={"staff": True, "note": "Component sheet"},
    )


class Migration(migrations.Migration):
    dependencies = [("waffle", "0004_update_everyone_nullbooleanfield")]
    operations = [migrations.RunPython(make_flag, migrations.RunPython.noop)]
