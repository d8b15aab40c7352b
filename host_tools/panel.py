"""The panel link from the host's end (docs/panel.md): press keys, read the screen.

    with Panel.connect("127.0.0.1", 5100) as phone:
        phone.press("services")
        screen = phone.wait(lambda s: s["title"] == "Services", 10, "the services menu")

A thread of its own reads the link and keeps the latest state, so that nothing has to be polled
and the phone never waits for a slow reader. Whatever comes that is not the protocol is counted
in `odd` and otherwise ignored.
"""

import json
import socket
import threading
import time
from collections import deque

from host_tools.picture import Picture
from host_tools.problem import Problem

PORT = 5100
# A full picture of 320x240 is 26 KB in base64; a line that is longer than this is not from a phone.
LINE_MAX = 1 << 20
# As many notes as a long look at the account needs; the phone itself keeps 64.
NOTES_MAX = 1000
CONNECT_SECONDS = 5.0
# A phone that shows no change within this time is asked for its screen: a key need not change it.
ASK_SECONDS = 0.3
# The phone promises to end a key press in a page or a sentence within 10 s.
PROMISE_SECONDS = 10.0


class PanelError(Problem):
    """The link failed, or what was waited for did not happen."""


def screen_lines(screen) -> list:
    """A screen as lines of plain text: status, title, rows, prompt, softkeys."""
    if not screen:
        return ["(nothing shown yet)"]
    lines = ["%s %s  %s" % (screen["mark"], screen["label"], screen["clock"]), screen["title"]]
    for place, row in enumerate(screen["rows"], screen["first"]):
        mark = ">" if place == screen["selected"] else " "
        number = "%2d" % row["n"] if row["n"] else "  "
        lines.append(("%s %s %s  %s" % (mark, number, row["text"], row.get("aside", ""))).rstrip())
    if screen["prompt"]:
        lines.append("[%s]%s" % (screen["prompt"], " ..." if screen["busy"] else ""))
    lines.append(" | ".join(screen["softkeys"]))
    return lines


def _screen(value):
    """A `screen` message made whole: every field there and of its type, or None."""
    if not isinstance(value, dict):
        return None
    whole = {}
    for name, kind in (("kind", str), ("mark", str), ("label", str), ("clock", str), ("title", str),
                       ("prompt", str), ("busy", bool), ("first", int), ("total", int),
                       ("selected", int), ("serial", int), ("keys", int)):
        whole[name] = value[name] if isinstance(value.get(name), kind) else kind()
    rows = value.get("rows") if isinstance(value.get("rows"), list) else []
    whole["rows"] = [{"n": _number(row.get("n")), "text": str(row.get("text", "")),
                      "aside": str(row.get("aside", ""))}
                     for row in rows if isinstance(row, dict)]
    whole["extra"] = value.get("extra")  # of the kind's own: docs/panel.md
    whole["window"] = value.get("window")  # text and timer of a Status, or null
    keys = value.get("softkeys") if isinstance(value.get("softkeys"), list) else []
    whole["softkeys"] = ([str(key) for key in keys] + ["", "", "", ""])[:4]
    return whole


def _number(value) -> int:
    return value if isinstance(value, int) else 0


class Panel:
    """One connection to a phone. All waiting is bounded; PanelError says what went wrong."""

    def __init__(self, link: socket.socket, where: str = "the phone"):
        self.where = where
        self.hello = {}
        self.screen = None
        self.notes = deque(maxlen=NOTES_MAX)
        self.lamp = False
        self.light = None
        self.tones = deque(maxlen=NOTES_MAX)
        self.errors = deque(maxlen=NOTES_MAX)
        self.frame = 0
        self.odd = 0
        self.closed = ""
        self._keys = -1
        self._drawn = -1
        self._whole = False  # no screen and no pixels since the last frame
        self._picture = None
        self._link = link
        self._write_lock = threading.Lock()
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, name="panel", daemon=True)
        self._reader.start()

    @classmethod
    def connect(cls, host: str = "127.0.0.1", port: int = PORT, timeout: float = CONNECT_SECONDS) -> "Panel":
        """Connect and wait for the phone's hello and first screen."""
        where = "%s:%d" % (host, port)
        try:
            link = socket.create_connection((host, port), timeout)
        except (OSError, OverflowError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or str(error) or "no answer"
            raise PanelError("No phone answers at %s (%s). Start one with `everline run` or `everline phone`."
                             % (where, reason.lower())) from error
        link.settimeout(None)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        panel = cls(link, where)
        try:
            panel._until(lambda: panel.hello and panel.screen, timeout,
                         "%s is no phone's panel: no hello and screen came within %g s." % (where, timeout))
        except PanelError:
            panel.close()
            raise
        return panel

    def __enter__(self) -> "Panel":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the link. The latest screen stays readable."""
        try:
            self._link.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the phone has closed it already
        self._link.close()
        if threading.current_thread() is not self._reader:
            self._reader.join(2)

    @property
    def keys(self) -> tuple:
        """The key names that this phone knows."""
        names = self.hello.get("keys")
        return tuple(str(name) for name in names) if isinstance(names, list) else ()

    def check(self, key: str) -> None:
        """PanelError with the list of keys unless the phone knows `key`."""
        if key not in self.keys:
            raise PanelError("The phone has no key %r. Its keys: %s." % (key, " ".join(self.keys)))

    def press(self, key: str, timeout: float = PROMISE_SECONDS) -> None:
        """Press and release a key, and wait until the phone has taken it."""
        self.check(key)
        self._press({"key": key}, timeout)

    def tap(self, key: str) -> None:
        """Press and release a key and wait for nothing."""
        self.check(key)
        self._send({"key": key})

    def hold(self, key: str, seconds: float, timeout: float = PROMISE_SECONDS) -> None:
        """Press a key, keep it down for `seconds`, release it."""
        self.check(key)
        self._press({"key": key, "down": True}, timeout)
        time.sleep(seconds)
        self._press({"key": key, "down": False}, timeout)

    def open(self, page: str) -> None:
        """Ask for one of the phone's own pages, such as "drill"; wait for nothing."""
        self._send({"open": page})

    def wait(self, predicate, timeout: float = PROMISE_SECONDS, what: str = "the wanted screen") -> dict:
        """Wait until predicate(screen) holds; return that screen."""
        return self._until(lambda: self.screen if self.screen and predicate(self.screen) else None, timeout,
                           "Waited %g s for %s, but it did not come." % (timeout, what))

    def wait_note(self, text: str, timeout: float = PROMISE_SECONDS, after: int = 0) -> dict:
        """Wait for a note that contains `text` and whose number is above `after`; return it."""
        def found():
            return next((note for note in self.notes if note["n"] > after and text in note["text"]), None)
        return self._until(found, timeout, "Waited %g s for a note with %r, but none came." % (timeout, text))

    def settle(self, timeout: float = PROMISE_SECONDS + 2) -> dict:
        """Wait until the phone is not loading and the picture shows the latest screen; return the screen."""
        def settled():
            screen = self.screen
            return screen if self._whole and not screen["busy"] and self._drawn >= self._keys else None
        return self._until(settled, timeout, "The phone was still busy after %g s." % timeout)

    def image(self, scale: int = 1):
        """The picture as a PIL image (RGB)."""
        if self._picture is None:
            raise PanelError("The phone at %s has sent no picture." % self.where)
        with self._changed:
            return self._picture.image(scale)

    def text(self) -> str:
        """The latest screen as plain text."""
        return "\n".join(screen_lines(self.screen))

    # --- inside ---------------------------------------------------------------------------------

    def _press(self, message, timeout) -> None:
        before = self._keys
        self._send(message)
        try:
            self._until(lambda: self._keys > before, min(ASK_SECONDS, timeout), "")
        except PanelError:
            if self.closed:
                raise
            self._send({"ask": "screen"})
            self._until(lambda: self._keys > before, timeout,
                        "The phone did not take the key %s within %g s." % (message["key"], timeout))

    def _send(self, message) -> None:
        try:
            with self._write_lock:
                self._link.sendall(json.dumps(message).encode() + b"\n")
        except OSError as error:
            raise PanelError(self._gone()) from error

    def _gone(self) -> str:
        return "The phone at %s is gone: %s." % (self.where, self.closed or "the link broke")

    def _until(self, found, timeout, sentence):
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                result = found()
                if result:
                    return result
                left = deadline - time.monotonic()
                if self.closed or left <= 0:
                    reason = self._gone() if self.closed else sentence
                    shown = "\n".join("  " + line for line in screen_lines(self.screen))
                    raise PanelError("%s The screen shows:\n%s" % (reason, shown) if self.screen else reason)
                self._changed.wait(left)

    def _read(self) -> None:
        why = "it closed the link"
        try:
            with self._link.makefile("rb") as lines:
                while True:
                    line = lines.readline(LINE_MAX)
                    if not line:
                        break
                    if not line.endswith(b"\n"):
                        line = self._skip(lines)
                    self._take(line)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "the link broke"
        with self._changed:
            self.closed = why.lower()
            self._changed.notify_all()

    def _skip(self, lines) -> bytes:
        """Pass over the rest of a line that is too long."""
        rest = b"."
        while rest and not rest.endswith(b"\n"):
            rest = lines.readline(LINE_MAX)
        return b""

    def _take(self, line) -> None:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            message = None
        with self._changed:
            if not isinstance(message, dict):
                self.odd += 1
                return
            for name, value in message.items():
                if name in _TAKERS and not _TAKERS[name](self, value, message):
                    self.odd += 1
            self._changed.notify_all()

    def _take_hello(self, value, message) -> bool:
        width, height = message.get("width"), message.get("height")
        if not (isinstance(width, int) and isinstance(height, int)):
            return False
        self.hello = message
        self._picture = Picture(width, height)
        return True

    def _take_screen(self, value, _message) -> bool:
        screen = _screen(value)
        if screen is None:
            return False
        self.screen = screen
        self._whole = False
        self._keys = max(self._keys, screen["keys"])
        return True

    def _take_pixels(self, value, _message) -> bool:
        self._whole = False
        return self._picture is not None and self._picture.put(value)

    def _take_frame(self, value, message) -> bool:
        keys = message.get("keys")
        if not (isinstance(value, int) and isinstance(keys, int)):
            return False
        self.frame = value
        self._drawn = keys
        self._whole = True
        self._keys = max(self._keys, keys)
        return True

    def _take_note(self, value, _message) -> bool:
        if not isinstance(value, dict) or not isinstance(value.get("text"), str):
            return False
        at = value.get("at") if isinstance(value.get("at"), int) else None
        note = {"n": _number(value.get("n")), "t": _number(value.get("t")), "at": at, "text": value["text"]}
        self.notes.append(note)
        return True

    def _take_lamp(self, value, _message) -> bool:
        self.lamp = bool(value)
        return True

    def _take_light(self, value, _message) -> bool:
        self.light = value if isinstance(value, int) else None
        return self.light is not None

    def _take_tone(self, value, _message) -> bool:
        self.tones.append(str(value))
        return True

    def _take_error(self, value, _message) -> bool:
        self.errors.append(str(value))
        return True


# `keys` belongs to hello and frame; every other name that is unknown is a later version's.
_TAKERS = {
    "hello": Panel._take_hello, "screen": Panel._take_screen, "pixels": Panel._take_pixels,
    "frame": Panel._take_frame, "note": Panel._take_note, "lamp": Panel._take_lamp,
    "light": Panel._take_light, "tone": Panel._take_tone, "error": Panel._take_error,
}
