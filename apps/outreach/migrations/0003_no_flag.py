"""Asking friends is for everybody: its flag goes."""

from django.db import migrations

NAME = "ask_a_friend"


def drop(apps, schema_editor):
    apps.get_model("waffle", "Flag").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [("outreach", "0002_campaigns"), ("waffle", "0004_update_everyone_nullbooleanfield")]
    operations = [migrations.RunPython(drop, migrations.RunPython.noop)]
