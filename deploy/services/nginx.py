"""nginx in front of gunicorn, with the pages of memcached."""

import shutil
from pathlib import Path

from .caches import Memcached
from .place import CHECKOUT
from .server import Server

CONFIG = """\
daemon off;
worker_processes 2;
pcre_jit on;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 2048; }}
http {{
    include /etc/nginx/mime.types;
    default_type text/html;
    access_log off;
    sendfile on;
    keepalive_requests 100000;
    client_max_body_size 101m;
    client_header_timeout 10s;
    client_body_timeout 15s;
    send_timeout 15s;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include votekin_pages_maps.conf;
    upstream votekin_web {{ server 127.0.0.1:{web} fail_timeout=0; keepalive 32; keepalive_timeout 4s; }}
    upstream votekin_pages {{ server 127.0.0.1:{memcached}; keepalive 32; }}
    server {{
        listen 127.0.0.1:{port};
        charset utf-8;
        location /static/ {{ alias {static}/; gzip_static on; }}
        include votekin_pages.conf;
    }}
}}
"""


class Nginx(Server):
    """nginx on its own port: static files from DATA_DIR/static, pages from memcached, the rest from gunicorn."""

    name = "nginx"
    version = "1.22"
    port_offset = 8
    packages = ("nginx-light",)
    as_service_user = False  # its static files lie in DATA_DIR, which only the caller may read

    @property
    def web_port(self) -> int:
        """Return the port where gunicorn is expected."""
        return self.place.first_port + 9

    def prepare(self) -> None:
        """Write the configuration."""
        text = CONFIG.format(
            folder=self.folder,
            web=self.web_port,
            memcached=Memcached(self.place).port,
            port=self.port,
            static=self.place.root.parent / "static",
        )
        if self.place.root.owner() == "root":
            text = "user root;\n" + text
        (self.folder / "nginx.conf").write_text(text)
        for name in ("votekin_pages_maps.conf", "votekin_pages.conf", "votekin_proxy.conf"):
            shutil.copyfile(CHECKOUT / "deploy" / "nginx" / name, self.folder / name)

    def command(self) -> list[str | Path]:
        """Return the command."""
        return ["/usr/sbin/nginx", "-p", self.folder, "-e", "stderr", "-c", self.folder / "nginx.conf"]

    def variables(self) -> dict[str, str]:
        """Return the address for browsers, and the one on which gunicorn must listen."""
        return {"NGINX_URL": f"http://127.0.0.1:{self.port}", "NGINX_WEB": f"127.0.0.1:{self.web_port}"}
