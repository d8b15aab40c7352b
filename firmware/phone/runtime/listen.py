"""The port at which the phone is visited: takes connections; the brain decides who may stay."""

import asyncio
import socket

from micropython import const

from phone.events import Accepted
from phone.runtime.poll import readable

_BACKLOG = const(2)  # who knocks while somebody is let in
_PAUSE_MS = const(50)  # after an error: sockets or memory are short, and who waits keeps waiting


class Listener:
    def __init__(self, board, port, tcp, feed):
        self._tcp = tcp
        self._feed = feed
        self._to_pair = board.pair  # the port's own form of an address -> (host, port)
        self._socket = sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.opened = False  # it stays so where the port belongs to somebody else
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(socket.getaddrinfo(board.interface, port)[0][-1])
            sock.listen(_BACKLOG)
            sock.setblocking(False)
            self.opened = True
        except OSError:
            sock.close()

    async def run(self):
        while True:
            await readable(self._socket)
            sock = None
            try:
                sock, address = self._socket.accept()
                sock.setblocking(False)
                sock.setsockopt(6, 1, 1)  # TCP_NODELAY of IPPROTO_TCP: or a piece waits 40 ms for an answer
                self._feed(Accepted(self._tcp.accept(sock), self._to_pair(address)))
            except (OSError, MemoryError):
                if sock:
                    sock.close()
                await asyncio.sleep_ms(_PAUSE_MS)
            await self._tcp.breathe()  # a hundred at once must not keep the keys waiting
