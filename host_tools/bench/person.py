"""A person with a stop-watch at the panel link: a key goes down, and the time until its frame is whole.

host_tools/panel.py reads in a thread of its own and decodes each picture. Both take milliseconds that
would count as the phone's and pull every ratio towards one. Here one thread writes, reads, looks at the
clock as soon as bytes are there, and passes over pixels.
"""

import json
import socket
import time

from host_tools.panel import PROMISE_SECONDS
from host_tools.problem import Problem

CONNECT_SECONDS = 5.0
# A key that leads to no frame within this is lost; the phone's own promise for a page is ten seconds.
LOST_SECONDS = PROMISE_SECONDS + 2
# A phone that has sent nothing for so long has painted everything, the prompt after a page included.
QUIET_SECONDS = 0.02


class Person:
    """One connection. `screen`: the latest as docs/panel.md has it; `seen`: the screen of the last frame."""

    def __init__(self, address):
        self.screen = None
        self.keys = 0  # key events that the last frame shows
        self.notes = 0
        self._shown = -1  # the serial of the last frame
        self._rest = b""
        try:
            self._link = socket.create_connection(address, CONNECT_SECONDS)
        except OSError as error:
            raise Problem("The phone's panel does not answer: %s." % error.strerror) from error
        self._link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._until(lambda: self._shown >= 0, CONNECT_SECONDS, "a first picture")

    def __enter__(self) -> "Person":
        return self

    def __exit__(self, *_) -> None:
        self._link.close()

    def press(self, key, shows=None, seconds=LOST_SECONDS) -> float:
        """Press a key; ms until a frame is whole that was made after it and whose screen `shows` it."""
        before = self.keys

        def done():
            if self.keys <= before or shows is not None and self._shown < self.screen["serial"]:
                return False
            return shows is None or shows(self.screen)

        begun = self._send(key, True)
        ended = self._until(done, seconds, "the frame of the key %s" % key)
        self._send(key, False)
        self._until(lambda: self.keys >= before + 2, seconds, "the release of the key %s" % key)
        return (ended - begun) * 1000

    def home(self) -> None:
        """Press Exit until nothing but the idle screen is left, and let the phone come to rest."""
        for _ in range(3):  # Cancel, and then Exit; a notice may come in between
            if self.screen["kind"] == "idle" and not self.screen["busy"]:
                break
            self.press("soft4" if self.screen["busy"] else "soft2")
        self.rest()

    def rest(self, seconds: float = QUIET_SECONDS) -> None:
        """Take what still comes, until nothing has come for so long."""
        while True:
            self._link.settimeout(seconds)
            try:
                self._read()
            except TimeoutError:
                return

    def wait(self, shows, seconds=LOST_SECONDS) -> None:
        """Wait for a screen."""
        self._until(lambda: shows(self.screen), seconds, "a screen")

    def _send(self, key, down) -> float:
        now = time.perf_counter()
        try:
            self._link.sendall(b'{"key": "%s", "down": %s}\n' % (key.encode(), b"true" if down else b"false"))
        except OSError as error:
            raise Problem("The phone is gone: %s." % error.strerror) from error
        return now

    def _until(self, holds, seconds, what) -> float:
        """Read until holds(); the time at which the bytes were there that made it so."""
        late, now = time.perf_counter() + seconds, time.perf_counter()
        while not holds():
            left = late - now
            if left <= 0:
                shown = json.dumps(self.screen, ensure_ascii=False)
                raise Problem("Waited %g s for %s in vain. The screen: %s" % (seconds, what, shown))
            self._link.settimeout(left)
            try:
                now = self._read(holds)
            except TimeoutError:
                now = time.perf_counter()
        return now

    def _read(self, holds=None) -> float:
        """Take what has come, a line at a time as long as `holds` is not; when it came."""
        if b"\n" not in self._rest:
            try:
                came = self._link.recv(65536)
            except TimeoutError:
                raise
            except OSError as error:
                raise Problem("The phone is gone: %s." % error.strerror) from error
            if not came:
                raise Problem("The phone is gone: it closed the link.")
            self._rest += came
        now = time.perf_counter()
        *lines, self._rest = self._rest.split(b"\n")
        for place, line in enumerate(lines):
            self._take(line)
            if holds is not None and holds():
                self._rest = b"\n".join([*lines[place + 1 :], self._rest])
                break
        return now

    def _take(self, line) -> None:
        if line.startswith(b'{"frame"'):
            frame = json.loads(line)
            self.keys, self._shown = frame["keys"], frame["serial"]
        elif line.startswith(b'{"screen"'):
            self.screen = json.loads(line)["screen"]
        elif line.startswith(b'{"note"'):
            self.notes += 1
