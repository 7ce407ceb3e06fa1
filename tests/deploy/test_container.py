"""The image is built, its processes run without root and cannot write its files, and its web server responds."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.demo_server import until
from tests.deploy.test_nginx_https import free_port

pytestmark = [pytest.mark.container, pytest.mark.slow]
TAG = "localhost/votekin:test"
HOST = "votekin.example.org"


def buildah(*words: str) -> str:
    done = subprocess.run(["buildah", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words[:2]}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout.strip()


@pytest.fixture(scope="module")
def container() -> Iterator[str]:
    """Build the image; return a container of it. CONTAINER_PACKAGES names a folder of Python packages."""
    if os.geteuid() != 0:
        pytest.skip("only root can build images here")
    script = settings.ROOT / "deploy" / "container" / "build.sh"
    subprocess.run([script, TAG, *filter(None, [os.environ.get("CONTAINER_PACKAGES", "")])], check=True)
    name = buildah("from", "--pull-never", TAG)
    yield name
    buildah("rm", name)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the options that pass a new environment."""
    arguments = [f"SITE_URL=https://{HOST}", f"ALLOWED_HOSTS={HOST}", "EMAIL_URL=console:"]
    made = subprocess.run(
        [sys.executable, settings.ROOT / "deploy" / "make_env.py", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [*made.stdout.replace("'", "").splitlines(), f"PORT={free_port()}", "BIND=127.0.0.1"]
    return [word for line in lines for word in ("--env", line)]


def command(container: str, environment: list[str], *words: str) -> list[str]:
    return ["buildah", "run", "--isolation", "chroot", *environment, container, "--", *words]


def test_the_image_runs_without_root_and_checks_its_health(container: str) -> None:
    config = json.loads(buildah("inspect", "--type", "image", TAG))["Docker"]["config"]
    assert config["User"] == "votekin"
    assert config["Healthcheck"]["Test"] == ["CMD", "/opt/votekin/deploy/container/check_web.py"]
    assert config["Entrypoint"] == ["/opt/votekin/deploy/container/run"]
    root = Path(buildah("mount", container))
    owned = subprocess.run(
        ["find", root, "-xdev", "-uid", "10001", "-type", "f"], capture_output=True, text=True, check=True
    )
    assert owned.stdout == ""
    assert not (root / "opt/votekin/tests").exists()
    assert shutil.which("make", path=str(root / "usr/bin")) is None


def test_the_web_server_responds(container: str, environment: list[str]) -> None:
    run = "/opt/votekin/deploy/container/run"
    subprocess.run(command(container, environment, run, "setup"), check=True, capture_output=True)
    with subprocess.Popen(command(container, environment, run, "web"), start_new_session=True) as web:
        try:
            check = command(container, environment, "/opt/votekin/deploy/container/check_web.py")
            assert until(lambda: subprocess.run(check, capture_output=True, check=False).returncode == 0, 60)
        finally:
            os.killpg(web.pid, 15)
    doctor = subprocess.run(
        command(container, environment, run, "doctor"), capture_output=True, text=True, check=False
    ).stdout
    assert "ok    database" in doctor
