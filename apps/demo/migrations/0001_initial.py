"""Create the flag of the component sheet."""

from django.db import migrations

from apps.demo.flags import create_component_flag


class Migration(migrations.Migration):
    dependencies = [("waffle", "0004_update_everyone_nullbooleanfield")]
    operations = [
        migrations.RunPython(lambda apps, _editor: create_component_flag(apps), migrations.RunPython.noop),
    ]
