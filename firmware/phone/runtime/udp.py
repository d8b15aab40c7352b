"""The one UDP socket: names today, call managers later. Datagrams in and out, no decisions.

An empty datagram wedges an ESP32 socket for good (every later recvfrom returns b"" at once), so
the socket is opened anew after one.
"""

import asyncio
import socket

from micropython import const

from phone.events import Datagram
from phone.runtime.poll import BUSY, readable

_DATAGRAM_MAX = const(512)  # the longest answer of a name server to who asks without EDNS (RFC 1035)
_PAUSE_MS = const(100)  # after an error of the socket: never spin on one that stays readable


class Udp:
    def __init__(self, to_pair):
        self._to_pair = to_pair  # the port's own form of an address -> (host, port)
        self._socket = None
        self._open()

    def send(self, data, address):
        try:
            self._socket.sendto(data, socket.getaddrinfo(address[0], address[1])[0][-1])
        except OSError:
            pass  # a datagram that was not sent is a datagram that was lost: deadlines notice

    async def run(self, feed):
        """Tell of each datagram, for ever."""
        while True:
            try:
                data, address = await self.receive()
                feed(Datagram(data, address))
            except MemoryError:
                continue  # one that is lost is lost

    async def receive(self):
        """(data, (host, port)) of the next datagram that is not empty."""
        while True:
            await readable(self._socket)
            try:
                data, address = self._socket.recvfrom(_DATAGRAM_MAX)
            except MemoryError:
                await asyncio.sleep_ms(_PAUSE_MS)
                continue
            except OSError as error:
                if error.errno != BUSY:
                    await asyncio.sleep_ms(_PAUSE_MS)
                continue
            if data:
                return data, self._to_pair(address)
            self._open()

    def _open(self):
        if self._socket:
            self._socket.close()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(socket.getaddrinfo("0.0.0.0", 0)[0][-1])
        self._socket.setblocking(False)
