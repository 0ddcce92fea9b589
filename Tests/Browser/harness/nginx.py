"""A real nginx between browser and service."""

import pathlib
import signal
import socket

from .programs import Program, free_port
from .waiting import Hopeless, eventually

_CONFIGURATION = """
daemon off; master_process on; pid {folder}/nginx.pid; error_log stderr warn;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {http}
    server {{
        listen 127.0.0.1:{port};
        {server}
    }}
}}
"""

# As nginx is where nobody thought of streams, and told not to listen to the service about it.
BUFFERING = """
    location / {{
        proxy_pass {url};
        proxy_set_header Host $http_host;
        proxy_buffering on;
        proxy_ignore_headers X-Accel-Buffering;
        gzip on; gzip_proxied any; gzip_types text/event-stream application/json;
    }}
"""


class Nginx:
    """What stands inside `server { … }` is the case's."""

    def __init__(self, folder, server, http=""):
        self.folder = pathlib.Path(folder)
        # Workers of a root's nginx are another user.
        self.folder.chmod(0o755)
        self.port = free_port()
        self._write(server, http)
        command = ["nginx", "-p", self.folder, "-c", self.folder / "nginx.conf", "-e", "stderr"]
        self.program = Program(command, self.folder / "nginx.log")
        eventually("nginx listens", self._listens)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def _write(self, server, http):
        text = _CONFIGURATION.format(folder=self.folder, port=self.port, server=server, http=http)
        (self.folder / "nginx.conf").write_text(text)

    def _listens(self):
        if not self.program.is_running:
            raise Hopeless(f"nginx ended: {self.program.words}")
        with socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True

    def change(self, server, http=""):
        """Reads another configuration; connections there are end when they are done."""
        self._write(server, http)
        self.program.process.send_signal(signal.SIGHUP)

    def stop(self):
        # An orderly end takes the workers along.
        self.program.ask_to_end()
        try:
            self.program.wait(within=10)
        finally:
            self.program.kill()
