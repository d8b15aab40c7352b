"""A server that sends one menu of a hundred items in small pieces, as over a bad uplink."""

import socket
import threading

ITEMS = 100
# What the phone reads at once, at 13 KB/s: a menu of 13 KB takes about a second.
PIECE, PAUSE_SECONDS = 256, 0.02
REQUEST_MAX = 4096


def menu() -> bytes:
    """The page, 13 KB of it."""
    items = "".join("<MenuItem><Name>Service number %03d</Name><URL>http://services.example.com/app/menu.php"
                    "?id=%03d&amp;dev=#DEVICENAME#</URL></MenuItem>\n" % (n, n) for n in range(ITEMS))
    return ("<CiscoIPPhoneMenu><Title>Stream</Title>%s</CiscoIPPhoneMenu>" % items).encode()


class Stream:
    """Listens on a port of its own until it is closed; each connection has a thread."""

    def __init__(self):
        self._server = socket.create_server(("127.0.0.1", 0))
        self._over = threading.Event()
        self.url = "http://127.0.0.1:%d/stream.xml" % self._server.getsockname()[1]

    def __enter__(self) -> "Stream":
        threading.Thread(target=self._accept, name="stream", daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self._over.set()
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                link = self._server.accept()[0]
            except OSError:
                return  # closed
            threading.Thread(target=self._serve, args=(link,), name="stream", daemon=True).start()

    def _serve(self, link) -> None:
        body = menu()
        with link:
            try:
                link.recv(REQUEST_MAX)
                link.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n"
                             b"Connection: close\r\n\r\n" % len(body))
                for at in range(0, len(body), PIECE):
                    if self._over.wait(PAUSE_SECONDS):
                        return
                    link.sendall(body[at : at + PIECE])
            except OSError:
                return  # the phone does not want it any longer
