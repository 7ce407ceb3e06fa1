"""RabbitMQ: a node, a port mapper, a vhost and a user."""

from pathlib import Path

from .processes import run
from .server import Server

BIN = Path("/usr/lib/rabbitmq/bin")  # Debian's wrappers in /usr/sbin change user and folder
VHOST = "votekin"
CONFIG = """\
listeners.tcp.1 = 127.0.0.1:{port}
loopback_users = none
vm_memory_high_watermark.absolute = 1GB
disk_free_limit.absolute = 200MB
# Longer than any task: a worker that passes it loses its channel.
consumer_timeout = 900000
"""


class PortMapper(Server):
    """Erlang's epmd on its own port: the node would otherwise leave one running on the default port, shared by all."""

    name = "epmd"
    version = "25"
    port_offset = 5
    packages = ("rabbitmq-server",)

    def command(self) -> list[str | Path]:
        """Return the command; without -daemon it stays in the foreground."""
        return ["/usr/bin/epmd", "-port", str(self.port), "-address", "127.0.0.1", "-relaxed_command_check"]


class RabbitMQ(Server):
    """One node. `votekin` may do everything in its own vhost and nothing elsewhere."""

    name = "rabbitmq"
    version = "3.10"
    port_offset = 3
    packages = ("rabbitmq-server",)
    needs = ("epmd",)
    ready_seconds = 180  # 9 s on an idle machine, a minute and more on a busy one

    def prepare(self) -> None:
        """Write the configuration."""
        path = self.folder / "rabbitmq.conf"
        path.write_text(CONFIG.format(port=self.port))
        self.place.own(path)

    def environment(self) -> dict[str, str]:
        """Keep everything it writes in its own folder, and all of Erlang's ports on loopback."""
        folder, first = str(self.folder), self.place.first_port
        return {
            "HOME": folder,
            "RUNNING_UNDER_SYSTEMD": "1",  # the recorded process is the node itself, not a shell around it
            "RABBITMQ_CONF_ENV_FILE": f"{folder}/none",
            "RABBITMQ_NODENAME": f"votekin{self.port}@localhost",
            "ERL_EPMD_PORT": str(PortMapper(self.place).port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(first + 4),
            "RABBITMQ_CTL_DIST_PORT_MIN": str(first + 60),
            "RABBITMQ_CTL_DIST_PORT_MAX": str(first + 99),
            "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_LOGS": f"{folder}/log/node.log",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
            "RABBITMQ_PLUGINS_EXPAND_DIR": f"{folder}/plugins",
            "RABBITMQ_FEATURE_FLAGS_FILE": f"{folder}/feature_flags",
            "RABBITMQ_PID_FILE": f"{folder}/node.pid",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }

    def command(self) -> list[str | Path]:
        """Return the node's command."""
        return [BIN / "rabbitmq-server"]

    def control(self, *words: str, stdin: str = "") -> str:
        """Run rabbitmqctl against the node."""
        return run([BIN / "rabbitmqctl", "-q", *words], env=self.environment(), as_service_user=True, stdin=stdin)

    def after_start(self) -> None:
        """Create vhost and user once the node is up."""
        self.control("await_startup", "--timeout", "180")
        if VHOST not in self.control("list_vhosts").split():
            self.control("add_vhost", VHOST)
        users = {line.split()[0] for line in self.control("list_users").splitlines() if line}
        password = self.place.secret("rabbitmq") + "\n"  # on standard input, so that no process list shows it
        self.control("change_password" if "votekin" in users else "add_user", "votekin", stdin=password)
        if "guest" in users:
            self.control("delete_user", "guest")
        self.control("set_permissions", "-p", VHOST, "votekin", ".*", ".*", ".*")

    def variables(self) -> dict[str, str]:
        """Return the broker's address."""
        return {"BROKER_URL": f"amqp://votekin:{self.place.secret('rabbitmq')}@127.0.0.1:{self.port}/{VHOST}"}
