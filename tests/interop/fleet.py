"""A hundred phones in one process: the firmware's brain many times over, with a UDP socket of each one's own.

As runtime/ does for one phone, this does for many: it performs effects and feeds events. No flash, no screen
and no page: a fleet is about registrations. It shows too that nothing of a phone is state of a module.

    with Fleet([configuration(a, b, user=str(2000 + n)) for n in range(100)]) as fleet:
        fleet.run(5.0, until=lambda: a.count()[0] == 100)
"""

import os
import selectors
import socket
import time

from phone import config, events
from phone.agent import Agent
from tests.story.world import theme

DISPLAY = (128, 64, 2)
BOOT_MS = 1000
HOST = "127.0.0.1"


class Member:
    """One phone of the fleet."""

    def __init__(self, fleet, raw):
        self.fleet = fleet
        self.config, mistakes = config.check(raw)
        assert not mistakes, mistakes
        self.agent = Agent(self.config, theme(*DISPLAY), os.urandom, (), "power")
        self.links = {}  # port of Bind, or 0 -> socket
        self.sent = 0
        self.notes = []
        self.later = []

    def feed(self, event, now):
        for effect in self.agent.feed(event, now):
            name = "_do_" + type(effect).__name__.lower()
            getattr(self, name, lambda *_: None)(*effect)
        while self.agent.work():
            pass
        while self.later:
            self.feed(self.later.pop(0), now)

    def _do_bind(self, port):
        link = self._open(port)
        self.links[port] = link
        self.fleet.reads(link, self, port)
        self.later.append(events.Bound(link.getsockname()[1]))

    def _open(self, port):
        link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        link.bind((HOST, 0))  # each has the same port in its configuration, and one machine for all
        link.setblocking(False)
        return link

    def _do_sendto(self, data, address, port):
        link = self.links.get(port) or next(iter(self.links.values()))
        self.sent += 1
        try:
            link.sendto(data, address)
        except OSError:
            pass  # nobody is there any more: that is found out by timers

    def _do_open(self, conn, address, tls):
        self.later.append(events.Closed(conn, events.REFUSED))

    def _do_save(self, name, data):
        if not isinstance(data, (bytes, type(None))):
            for _ in data:
                pass
        self.later.append(events.Saved(name, ""))

    def _do_load(self, name, at):
        self.later.append(events.Loaded(name, None))

    def _do_note(self, text):
        self.notes.append(text)


class Fleet:
    """raws: a configuration each. `now` is in ms, and the same for all."""

    def __init__(self, raws):
        self._selector = selectors.DefaultSelector()
        self._begun = time.monotonic()
        self.members = [Member(self, raw) for raw in raws]
        for member in self.members:
            member.feed(events.Link(True, HOST, (), None), self.now)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for member in self.members:
            for link in member.links.values():
                link.close()
        self._selector.close()

    @property
    def now(self):
        return BOOT_MS + int((time.monotonic() - self._begun) * 1000)

    def reads(self, link, member, port):
        self._selector.register(link, selectors.EVENT_READ, (member, port))

    def run(self, seconds, until=lambda: False, every=0.05):
        """Let them live until until(), which is asked every so often; the seconds that it took."""
        begun = looked = time.monotonic()
        while True:
            clock = time.monotonic()
            if clock - looked >= every:
                looked = clock
                if until():
                    return clock - begun
            if clock - begun > seconds:
                return None
            now = self.now
            due = [member.agent.deadline() for member in self.members]
            least = min((at for at in due if at is not None), default=now + 50)
            for key, _ in self._selector.select(max(0, min(least - now, 20)) / 1000):
                self._read(key.fileobj, *key.data)
            now = self.now
            for member in self.members:
                deadline = member.agent.deadline()
                if deadline is not None and deadline <= now:
                    member.feed(events.Tick(), now)

    def _read(self, link, member, port):
        try:
            data, address = link.recvfrom(1500)
        except OSError:
            return  # what ICMP says is nobody's word
        member.feed(events.Datagram(data, address, link.getsockname()[1]), self.now)
