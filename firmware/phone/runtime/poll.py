"""Waiting for a socket, as a task.

`asyncio.core._io_queue` is the one private name of asyncio that is used: its own Stream uses it, and it
alone lets us own the socket, so that nothing leaks when a connect is given up, and serves datagrams.
"""

import asyncio

BUSY = 11  # EAGAIN: nothing there, or no room


def readable(sock):
    yield asyncio.core._io_queue.queue_read(sock)


def writable(sock):
    yield asyncio.core._io_queue.queue_write(sock)
