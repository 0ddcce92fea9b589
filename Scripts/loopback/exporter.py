"""A made-up service's /metrics page on a free loopback port: exporter.py DIR

Counts 200 requests a second as http_requests_total{status}. None of them
fails, until the file DIR/failing exists: then one in five does. Writes its
port to DIR/exporter.port once it listens.
"""

import http.server
import os
import pathlib
import sys
import time

folder = pathlib.Path(sys.argv[1])
requests_per_second = 200
failing_one_in = 5

counts = {"200": 0, "500": 0}
counted_until = time.monotonic()


def count():
    """Adds the whole requests since the last call."""
    global counted_until
    new = int((time.monotonic() - counted_until) * requests_per_second)
    counted_until += new / requests_per_second
    failed = new // failing_one_in if (folder / "failing").exists() else 0
    counts["500"] += failed
    counts["200"] += new - failed


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        count()
        # As in a real service, a status nobody met has no series.
        samples = [
            f'http_requests_total{{status="{status}"}} {total}\n'
            for status, total in counts.items()
            if total
        ]
        body = "# TYPE http_requests_total counter\n" + "".join(samples)
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *arguments):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Page)
written = folder / "exporter.port.new"
written.write_text(f"{server.server_port}\n")
os.replace(written, folder / "exporter.port")
server.serve_forever()
