"""The flag of "Ask a friend": every role above member sees it."""

from django.db import migrations

NAME = "ask_a_friend"


def make(apps, schema_editor):
    row = {"staff": True, "superusers": False, "everyone": None, "note": "Ask a friend"}
    apps.get_model("waffle", "Flag").objects.get_or_create(name=NAME, defaults=row)


def drop(apps, schema_editor):
    apps.get_model("waffle", "Flag").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [("waffle", "0004_update_everyone_nullbooleanfield")]
    operations = [migrations.RunPython(make, drop)]
