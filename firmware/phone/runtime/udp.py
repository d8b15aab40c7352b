"""UDP sockets: one for the phone's own questions (names, time), one at a known port for call managers.
Datagrams in and out, no decisions.

An empty datagram wedges an ESP32 socket for good (every later recvfrom returns b"" at once), so
the socket is opened anew after one.
"""

import asyncio
import socket

from micropython import const

from phone.events import Bound, Datagram
from phone.runtime.poll import BUSY, readable

# The longest that is read: what fits into an Ethernet frame (an ESP32 puts no fragments together), and then
# some, so that who reads it sees that a longer one was cut.
DATAGRAM_MAX = const(1500)
_ANSWER_MAX = const(512)  # the longest answer of a name server to who asks without EDNS (RFC 1035)
_PAUSE_MS = const(100)  # after an error of the socket: never spin on one that stays readable
_PORTS = const(100)  # so many ports are tried, from the wanted one on: a PC may run several phones


class Datagrams:
    """Both sockets, each opened when it is wanted, and the tasks that read them."""

    def __init__(self, to_pair, tasks, feed, breathe, make_room):
        self._to_pair = to_pair
        self._tasks = tasks
        self._parts = feed, breathe, make_room
        self._questions = None
        self._calls = None

    def send(self, effect):
        if not effect.port and not self._questions:
            self._questions = self._start("datagrams", Udp(self._to_pair))
        udp = self._calls if effect.port else self._questions
        if udp:
            udp.send(effect.data, effect.address)

    def bind(self, port):
        """Listen at this port or above; Bound."""
        if not self._calls:
            self._calls = self._start("calls", Udp(self._to_pair, port))
        return Bound(self._calls.port if self._calls else 0)

    def _start(self, name, udp):
        """None where no socket is free: a task without one would die, and the phone with it."""
        if not udp.is_open:
            return None
        self._tasks.start(name, udp.run(*self._parts))
        return udp


class Udp:
    """`to_pair`: the port's own form of an address -> (host, port). wanted: the port of Bind, 0: any."""

    def __init__(self, to_pair, wanted=0):
        self.port = 0  # that it listens at, where one was wanted
        self.is_open = False
        self._most = DATAGRAM_MAX if wanted else _ANSWER_MAX
        self._to_pair = to_pair
        self._socket = None
        for port in range(wanted, wanted + (_PORTS if wanted else 1)):
            try:
                self._open(port)
                self.port, self.is_open = port, True
                return
            except OSError:
                continue  # somebody else's

    def send(self, data, address):
        try:
            self._socket.sendto(data, socket.getaddrinfo(address[0], address[1])[0][-1])
        except OSError:
            pass  # a datagram that was not sent is a datagram that was lost: deadlines notice

    async def run(self, feed, breathe, make_room):
        """Tell of each datagram, for ever."""
        while True:
            try:
                data, address = await self.receive(make_room)
                feed(Datagram(data, address, self.port))
                await breathe()
            except MemoryError:
                continue  # one that is lost is lost

    async def receive(self, make_room):
        """(data, (host, port)) of the next datagram; an empty one is told at a known port only."""
        while True:
            await readable(self._socket)
            try:
                data, address = self._socket.recvfrom(self._most)
            except MemoryError:  # a phone that makes no room would be deaf from here on
                make_room()
                await asyncio.sleep_ms(_PAUSE_MS)
                continue
            except OSError as error:
                if error.errno != BUSY:
                    await asyncio.sleep_ms(_PAUSE_MS)
                continue
            while not data:
                try:
                    self._open(self.port)
                    break
                except (OSError, MemoryError):  # none is free; a task that dies ends the phone
                    await asyncio.sleep_ms(_PAUSE_MS)
            if data or self.port:
                return data, self._to_pair(address)

    def _open(self, port):
        if self._socket:
            self._socket.close()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind(socket.getaddrinfo("0.0.0.0", port)[0][-1])
        except OSError:
            self._socket.close()
            raise
        self._socket.setblocking(False)
