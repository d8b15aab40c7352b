"""A stand-in that speaks the phone's end of docs/panel.md, and can be as rude as a test wants.

It shares no code with the client, so that the two can not share a mistake.
"""

import base64
import contextlib
import json
import socket
import threading

KEYS = ["services", "back", "soft1", "soft2", "soft3", "soft4", "up", "down", "1", "*", "#"]
PALETTE = ["#000000", "#ff0000", "#00ff00", "#ffffff"]
WIDTH, HEIGHT = 6, 4


def screen(**changes) -> dict:
    """A screen as the phone sends it, with some fields changed."""
    shown = {"kind": "menu", "mark": "●", "label": "A", "clock": "09:41", "title": "Menü",
             "rows": [{"n": 1, "text": "News", "aside": ""}, {"n": 2, "text": "Ελένη", "aside": ""}],
             "first": 0, "total": 2, "extra": None, "window": None,
             "selected": 1, "prompt": "Choose", "busy": False, "softkeys": ["Select", "Exit", "Back", ""],
             "serial": 1, "keys": 0}
    return {**shown, **changes}


def picture() -> dict:
    """Rows of two bytes: the pixels 1, 2, 3, 0 and then 3, 1."""
    return {"y": 0, "h": HEIGHT, "palette": PALETTE,
            "data": base64.b64encode(bytes((0b00111001, 0b00000111)) * HEIGHT).decode()}


class FakePhone:
    """Listens on a free port of loopback; `heard` are the messages of all clients, in order.

    first: messages (dict) or raw lines (bytes) sent to each client instead of the usual ones.
    answer(message): what to send back, or None for the usual: a screen that has taken the key.
    """

    def __init__(self, first=None, answer=None):
        self.keys = 0
        self.heard = []
        self.first = first if first is not None else [
            {"hello": "everline", "version": 1, "name": "SEP1", "label": "Ward 3", "width": WIDTH,
             "height": HEIGHT, "levels": 4, "keys": KEYS},
            {"screen": screen()}, {"pixels": picture()}, {"frame": 1, "keys": 0},
            {"note": {"n": 1, "t": 5, "text": "The phone starts."}}]
        self._answer = answer
        self._links = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "FakePhone":
        return self

    def __exit__(self, *_) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept(), which would hold the port
        self._listener.close()
        self.hang_up()

    def hang_up(self) -> None:
        """Close every link."""
        for link in self._links:
            try:
                link.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def send(self, *messages) -> None:
        """Send messages to every client."""
        for link in list(self._links):
            self._write(link, messages)

    def taken(self, **changes) -> list:
        """What a phone sends when it has taken a key."""
        return [{"screen": screen(keys=self.keys, **changes)}, {"frame": 2, "keys": self.keys}]

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            self._links.append(link)
            threading.Thread(target=self._follow, args=(link,), daemon=True).start()

    def _follow(self, link) -> None:
        self._write(link, self.first)
        with contextlib.suppress(ConnectionError), link, link.makefile("rb") as lines:
            for line in lines:
                message = json.loads(line)
                self.heard.append(message)
                self.keys += "key" in message
                answer = self._answer(message) if self._answer else None
                self._write(link, self.taken() if answer is None else answer)

    @staticmethod
    def _write(link, messages) -> None:
        for message in messages:
            line = message if isinstance(message, bytes) else json.dumps(message).encode() + b"\n"
            try:
                link.sendall(line)
            except OSError:
                return
