"""Install servers from Debian packages, Maven Central, the Go module proxy and PyPI; each version is fetched once."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .place import ServiceError, is_root
from .processes import run

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPENDENCY_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
OLDEST_GO = (1, 21)  # older ones cannot fetch the version that a go.mod asks for
GO_TOOLCHAIN = "golang.org/toolchain@v0.0.1-go1.24.4.linux-amd64"
MAVEN = ("mvn", "-B", "-ntp", "-q")
POLICY = Path("/usr/sbin/policy-rc.d")


def missing(packages: Sequence[str]) -> list[str]:
    """Return the Debian packages that are not installed."""
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n", *packages],
        capture_output=True,
        text=True,
        check=False,
    )
    there = {line.partition(" ")[2] for line in shown.stdout.splitlines() if line.startswith("installed ")}
    return [name for name in packages if name not in there]


def install_debian(packages: Sequence[str]) -> None:
    """Install packages without letting them start their own daemons."""
    if not shutil.which("apt-get") or not is_root():
        raise ServiceError(
            f"These packages are missing and only root may install them: apt install {' '.join(packages)}"
        )
    with _no_daemons():
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        run(["apt-get", "update", "-qq"], env=quiet)
        run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], env=quiet)


@contextmanager
def _no_daemons() -> "Iterator[None]":
    if POLICY.exists():  # an existing policy stays
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


@contextmanager
def made_once(target: Path) -> "Iterator[Path | None]":
    """Yield a draft folder to fill, renamed to `target` if the block succeeds; None if the target exists."""
    if target.exists():
        yield None
        return
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o755)
    try:
        yield draft
        run(["chmod", "-R", "a+rX", draft])
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def maven_copy(artifact: str, folder: Path) -> None:
    """Fetch one artifact of Maven Central, verified by Maven, into a folder."""
    run(
        [
            "mvn",
            "-B",
            "-ntp",
            "-q",
            f"{DEPENDENCY_PLUGIN}:copy",
            f"-Dartifact={artifact}",
            f"-DoutputDirectory={folder}",
        ]
    )


def java_home() -> Path:
    """Return the home of Debian's Java 17."""
    for home in sorted(Path("/usr/lib/jvm").glob("java-17-openjdk-*")):
        return home
    raise ServiceError("Java 17 is missing: apt install openjdk-17-jdk-headless")


def has_go() -> bool:
    """Return whether a Go is installed, from Debian or not."""
    return bool(shutil.which("go")) or Path("/usr/local/go/bin/go").exists()


def go() -> tuple[str, dict[str, str]]:
    """Return a Go that can build current modules, and its environment: the system's, or one of the module proxy."""
    own = shutil.which("go") or "/usr/local/go/bin/go"
    version = run([own, "env", "GOVERSION"]).strip().removeprefix("go").split(".")
    if tuple(int(part) for part in version[:2]) >= OLDEST_GO:
        return own, {}
    folder = Path(run([own, "mod", "download", "-json", GO_TOOLCHAIN]).split('"Dir": "')[1].split('"')[0])
    # files of a module lose the executable bit
    for tool in [*(folder / "bin").iterdir(), *(folder / "pkg/tool").rglob("*")]:
        tool.chmod(0o755)
    return str(folder / "bin" / "go"), {"GOROOT": str(folder), "GOTOOLCHAIN": "local"}


def uv() -> Path:
    """Return the uv of this environment."""
    return Path(sys.executable).with_name("uv")
