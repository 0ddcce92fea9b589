"""A proxy between browser and service that breaks what it is told to break."""

import contextlib
import socket
import struct
import threading

_STREAM = b"GET /api/sse/"
_REQUEST = (b"GET ", b"HEAD ", b"POST ", b"PUT ", b"PATCH ", b"DELETE ", b"OPTIONS ")
# Closing with this sends a reset in place of an orderly end.
_ABRUPTLY = struct.pack("ii", 1, 0)


class Proxy:
    """Passes bytes on, on a port that stays the same while the way is broken.

    A connection is an event stream from the request for one to the next request: browsers do not send a second
    before the first is answered.
    """

    def __init__(self, target_port):
        self._target = ("127.0.0.1", target_port)
        self._changed = threading.Condition()
        self._connections = set()
        self._holds_streams = False
        self._answer = None
        self._listener = None
        self.port = 0
        self.stream_requests = 0
        """How often a stream was asked for."""
        self.admit()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    # What it can be told

    def admit(self):
        """Takes connections, on the port it had before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def refuse(self):
        """Takes no connections any more; those there are go on."""
        if self._listener:
            # Wakes the thread that accepts; closing alone would leave it, and the port, as they are.
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def cut(self):
        """Resets every connection."""
        with self._changed:
            connections = list(self._connections)
        for connection in connections:
            connection.end()

    def break_off(self):
        """An outage: nothing gets through until `admit` is called."""
        self.refuse()
        self.cut()

    def hold_streams(self):
        """Keeps back what the service sends on streams, as a buffering proxy does."""
        self._set(holds=True)

    def release_streams(self):
        self._set(holds=False)

    def answer_streams(self, head, body=""):
        """Answers requests for streams itself, with a status line and headers."""
        lines = [f"HTTP/1.1 {head[0]}", *head[1:], f"Content-Length: {len(body)}", "Connection: close"]
        with self._changed:
            self._answer = ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    def pass_streams(self):
        """Has the service answer again."""
        with self._changed:
            self._answer = None

    def close(self):
        self.break_off()
        self.release_streams()

    # How it does it

    def _set(self, holds):
        with self._changed:
            self._holds_streams = holds
            self._changed.notify_all()

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self._target, timeout=10)
                server.settimeout(None)
            except OSError:
                _reset(client)
                continue
            connection = _Connection(client, server)
            with self._changed:
                self._connections.add(connection)
            for pump in (self._pump_requests, self._pump_answers):
                threading.Thread(target=pump, args=(connection,), daemon=True).start()

    def _pump_requests(self, connection):
        with contextlib.suppress(OSError):
            while data := connection.client.recv(65536):
                if data.startswith(_REQUEST):
                    connection.is_stream = data.startswith(_STREAM)
                if data.startswith(_STREAM):
                    with self._changed:
                        self.stream_requests += 1
                        answer = self._answer
                    if answer:
                        connection.client.sendall(answer)
                        connection.client.shutdown(socket.SHUT_WR)
                        continue
                connection.server.sendall(data)
        self._forget(connection)

    def _pump_answers(self, connection):
        with contextlib.suppress(OSError):
            while data := connection.server.recv(65536):
                with self._changed:
                    self._changed.wait_for(
                        lambda: connection.ended or not (connection.is_stream and self._holds_streams)
                    )
                connection.client.sendall(data)
        self._forget(connection)

    def _forget(self, connection):
        with self._changed:
            self._connections.discard(connection)
        connection.end()
        with self._changed:
            self._changed.notify_all()


class _Connection:
    def __init__(self, client, server):
        self.client, self.server = client, server
        self.is_stream = False
        self.ended = False

    def end(self):
        self.ended = True
        _reset(self.client)
        _reset(self.server)


def _reset(side):
    with contextlib.suppress(OSError):
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABRUPTLY)
    # Wakes a thread that reads from it.
    with contextlib.suppress(OSError):
        side.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        side.close()
