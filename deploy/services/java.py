"""Elasticsearch and Solr, from Maven Central: their own downloads are not in a registry."""

import json
import shutil
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

from .packages import MAVEN, java_home, made_once, maven_copy
from .place import CHECKOUT
from .processes import run
from .server import Server

JAVA = ("openjdk-17-jdk-headless", "maven")
HERE = Path(__file__).resolve().parent


def get(url: str) -> Any:
    """Return the JSON behind a URL, or None if nothing answers yet."""
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            return json.load(answer)
    except (urllib.error.URLError, OSError, ValueError):
        return None


class Elasticsearch(Server):
    """Elasticsearch from the zip of Elastic's integration tests: no scripts, no ingest, few analyzers, and no `GET
    /`.
    """

    name = "elasticsearch"
    version = "8.19.21"
    port_offset = 10
    packages = JAVA
    ready_seconds = 120

    @property
    def home(self) -> Path:
        """Return where this version is unpacked."""
        return self.place.cache / f"elasticsearch-{self.version}"

    def install(self) -> None:
        """Fetch and unpack it once."""
        with made_once(self.home) as draft:
            if draft is None:
                return
            maven_copy(f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{self.version}:zip", draft)
            archive = draft / f"elasticsearch-{self.version}.zip"
            with zipfile.ZipFile(archive) as packed:
                packed.extractall(draft)
            archive.unlink()
            inner = draft / f"elasticsearch-{self.version}"
            for path in inner.iterdir():
                path.rename(draft / path.name)
            inner.rmdir()
            for tool in (draft / "bin").iterdir():
                tool.chmod(0o755)

    def prepare(self) -> None:
        """Copy the configuration, because Elasticsearch writes to it."""
        config = self.folder / "config"
        if not config.exists():
            shutil.copytree(self.home / "config", config)
        (self.folder / "tmp").mkdir(exist_ok=True)
        for path in (config, *config.rglob("*"), self.folder / "tmp"):
            self.place.own(path)

    def environment(self) -> dict[str, str]:
        """Return Java's home and a small heap."""
        return {
            "ES_JAVA_HOME": str(java_home()),
            "ES_PATH_CONF": str(self.folder / "config"),
            "ES_TMPDIR": str(self.folder / "tmp"),
            "ES_JAVA_OPTS": "-Xms768m -Xmx768m",
        }

    def command(self) -> list[str | Path]:
        """Return the command."""
        settings = {
            "discovery.type": "single-node",
            "network.host": "127.0.0.1",
            "http.port": self.port,
            "transport.port": self.port + 1,
            "path.data": self.folder / "data",
            "path.logs": self.folder / "logs",
            "xpack.security.enabled": "false",
            # A nearly full disk of a developer's machine must not block a test's few megabytes.
            "cluster.routing.allocation.disk.threshold_enabled": "false",
        }
        words = [word for name, value in settings.items() for word in ("-E", f"{name}={value}")]
        return [self.home / "bin" / "elasticsearch", *words]

    def is_ready(self) -> bool:
        """Return whether the cluster is healthy."""
        health = get(f"http://127.0.0.1:{self.port}/_cluster/health")
        return bool(health and health["status"] in {"yellow", "green"})

    def variables(self) -> dict[str, str]:
        """Return the address of the voter search."""
        return {"VOTER_SEARCH_URL": f"elasticsearch://127.0.0.1:{self.port}"}


class Solr(Server):
    """Solr, by its test runner with its own jars. It has no admin pages."""

    name = "solr"
    version = "9.10.1"
    port_offset = 12
    packages = JAVA
    as_service_user = False

    @property
    def home(self) -> Path:
        """Return where this version is built."""
        return self.place.cache / f"solr-{self.version}"

    def install(self) -> None:
        """Build it once."""
        with made_once(self.home) as draft:
            if draft is None:
                return
            for name in ("pom.xml", "src"):
                run(["cp", "-r", HERE / "solr" / name, draft])
            run([*MAVEN, f"-Dsolr.version={self.version}", "compile"], cwd=draft)

    def prepare(self) -> None:
        """Copy the core's configuration from the checkout at each start; the index stays."""
        home = self.folder / "home"
        shutil.copytree(HERE / "solr" / "home", home, dirs_exist_ok=True)
        shutil.copytree(CHECKOUT / "deploy" / "solr" / "conf", home / "site" / "conf", dirs_exist_ok=True)

    def command(self) -> list[str | Path]:
        """Return the command."""
        built = self.home / "target"
        return [
            java_home() / "bin" / "java", "-Xms128m", "-Xmx384m", f"-Dlog4j2.configurationFile={HERE}/solr/log4j2.xml",
            "-cp", f"{built}/classes:{built}/lib/*", "SolrServer", self.folder / "home", str(self.port),
        ]  # fmt: skip

    def is_ready(self) -> bool:
        """Return whether the core responds."""
        return bool(get(f"http://127.0.0.1:{self.port}/solr/site/admin/ping?wt=json"))

    def variables(self) -> dict[str, str]:
        """Return the address of the site search."""
        return {"SITE_SEARCH_URL": f"solr://127.0.0.1:{self.port}/solr/site"}
