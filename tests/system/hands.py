"""TCP connections of the hands, performed by MicroPython as a test wants them; prints what happened as JSON.

    micropython hands.py '{"port": 4433, "name": "site.example", "trust": "ca.pem", ...}'

send: what is written once a connection is open, filled up to `size` bytes. close_ms: when it is closed,
counted from the order to open it (-1: not at all). close_opened: when it is told to be open. times: how many
connections, one after the other, each for `ms`. exit: end with the last connection open.
"""

import asyncio
import json
import os
import sys
import time

from phone import events
from phone.runtime.tcp import Tcp

want = {"name": "", "trust": "", "send": "", "size": 0, "close_ms": -1, "times": 1, "ms": 3000, "exit": False}
want["close_opened"] = False
want.update(json.loads(sys.argv[1]))
heard = []  # [ms since the start, word, conn, rest]
received = {}  # conn -> (count, whether byte number n is n modulo 256)


class board:
    @staticmethod
    def trust():
        with open(want["trust"], "rb") as file:
            return file.read()


def files():
    return len(os.listdir("/proc/self/fd"))


def cpu_ms():
    """What this process has used, to 10 ms."""
    with open("/proc/self/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 10


def filling():
    left = want["size"]
    yield want["send"].encode()
    while left > 0:
        yield b"u" * min(left, 1000)
        left -= 1000


def feed(event):
    conn = event.conn
    if isinstance(event, events.Received):
        count, straight = received.get(conn, (0, True))
        end = count + len(event.view)
        straight = straight and event.view[0] == count % 256 and event.view[-1] == (end - 1) % 256
        received[conn] = end, straight
        return
    heard.append([time.ticks_ms() - begun, type(event).__name__, conn, getattr(event, "why", "")])
    if isinstance(event, events.Opened) and want["close_opened"]:
        tcp.close(conn)
    elif isinstance(event, events.Opened) and want["send"]:
        tcp.write(conn, filling())


async def main():
    for conn in range(1, want["times"] + 1):
        tcp.open(conn, ("127.0.0.1", want["port"]), want["name"], board)
        left = want["ms"]
        if want["close_ms"] >= 0:
            await asyncio.sleep_ms(want["close_ms"])
            tcp.close(conn)
            left = 0
        while left > 0 and ("Closed", conn) not in [(word, number) for _, word, number, _ in heard]:
            await asyncio.sleep_ms(20)
            left -= 20
        if want["exit"]:
            break
        tcp.close(conn)
    await asyncio.sleep_ms(50)


tcp = Tcp(feed)
before = files()
cpu = cpu_ms()
begun = time.ticks_ms()
asyncio.run(main())
told = {"heard": heard, "received": received, "files": [before, files()], "cpu_ms": cpu_ms() - cpu}
print(json.dumps(told))
