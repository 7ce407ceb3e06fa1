"""`collectstatic`: a web server of another user can read the files, and nothing else that Votekin writes."""

import os
import stat
from pathlib import Path
from typing import Any

from django.core.management import call_command


def test_every_file_and_folder_is_readable_by_others(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {
            "BACKEND": "whitenoise.storage.CompressedStaticFilesStorage",
            "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
        },
    }
    before = os.umask(0o077)
    try:
        call_command("collectstatic", interactive=False, verbosity=0)
        assert os.umask(0o077) == 0o077
    finally:
        os.umask(before)
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in settings.STATIC_ROOT.rglob("*")}
    assert modes == {(True, 0o755), (False, 0o644)}
    assert [*settings.STATIC_ROOT.rglob("*.css.gz")]
