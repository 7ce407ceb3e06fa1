"""Create Bugsink's tables, one project and one token, and print {dsn, token, project} as the last line."""

import json
import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "conf"
django.setup()

from bsmain.models import AuthToken  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from projects.models import Project  # noqa: E402
from teams.models import Team  # noqa: E402

for database in ("default", "snappea"):
    call_command("migrate", interactive=False, verbosity=0, database=database)
users = get_user_model().objects
if not users.exists():
    users.create_superuser(username="owner@example.org", email="owner@example.org", password=os.environ["SECRET_KEY"])
team, _ = Team.objects.get_or_create(name="votekin")
project, _ = Project.objects.get_or_create(name="votekin", defaults={"team": team})
token = AuthToken.create_full_access().token
print(json.dumps({"dsn": project.dsn, "token": token, "project": project.id}))
