"""One service site in a process of its own, whose ways of failing are switched live.

    python -m host_tools.site FOLDER --name A --port 8001 [--step] [--seed 1] [--cache-control no-store]

JSON lines on stdin switch it, JSON lines on stdout tell what it does; it ends with its stdin.

| to it | from it |
|---|---|
| {"mode": "lag", "ms": 300} | {"mode": "lag"} once it holds |
| {"line": {"delay_ms": 100, "loss": 5}} | {"mode": "lag"} once it holds; both may be in one message |
| | {"port": 8001, "url": "http://127.0.0.1:8001/"} first; or {"problem": "..."} and the end |
| | {"request": "/menu.xml", "mode": "ok", "status": 200, "reused": false} for each request |

All modes are one aiohttp server behind a line (`line.py`): what HTTP can say is said by it, and the rude
modes write to the connection past it. Polite answers keep the connection open, rude ones end it. The mode
counts that holds when a request has been read. `status` is 0 where nothing proper was said; a request
was `reused` where it came on a connection that had carried another one.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import re
import sys
import time

from aiohttp import web

from host_tools.folder import Folder
from host_tools.line import Line
from host_tools.manners import FOLDER, Manners

# How a site can answer, and the same in words (`{name}` ...). The order is that of the help.
MODES = {
    "ok": "answers",
    "slow": "sends one byte a second",
    "silent": "takes connections and never answers",
    "hole": "does not even take connections (a black hole)",
    "503": "answers 503, try again in 20 s",
    "500": "answers 500, broken inside",
    "garbage": "answers with bytes that are not HTTP",
    "half": "breaks off in the middle of a page",
    "header": "sends a header that never ends",
    "redirect": "redirects in a circle",
    "big": "answers with a page of 10 MB",
    "lag": "answers late",
}
# A second a byte is slower than any patience and still looks alive to a socket.
SLOW_SECONDS = 1.0
RETRY_AFTER_SECONDS = 20
BIG_BYTES = 10 * 1024 * 1024
# An endless header comes fast enough to pass any cap within a second, and does not fill a disk of logs.
HEADER_LINES_PAUSE = 0.005
# The port is stepped over this many busy neighbours.
STEPS_MAX = 100
# What a Host header may be to come back in a page as {base}.
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}(:[0-9]{1,5})?")


class Site:
    """The handler of all requests, and the mode that holds."""

    def __init__(self, root, name: str, tell, cache_control=None):
        self.folder = Folder(root, {"site": name})
        self.wishes = {"Cache-Control": cache_control} if cache_control else {}
        self.url = ""
        self.mode = "ok"
        self.lag = 0
        self._manners = Manners()
        self._tell = tell

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request in the mode of this moment."""
        mode = self.mode
        reused = request.transport is not None and request.transport.uses > 0
        if request.transport is not None:
            request.transport.uses += 1
        if mode == "lag":
            await asyncio.sleep(self.lag / 1000)
        body = await request.read() if request.path.startswith(FOLDER) else b""
        plain = self._plain(request, mode, body)
        rude = _RUDE.get(mode)
        status = plain.status if rude in (None, _slow) else 0
        if mode != "hole":  # what a hole has swallowed nobody has seen
            self._tell({"request": request.raw_path, "mode": mode, "status": status, "reused": reused})
        if rude is None:
            return plain
        with contextlib.suppress(ConnectionError):  # the other side need not wait for the end
            await rude(request, plain)
        if request.transport is not None:
            request.transport.abort()
        return plain

    def _plain(self, request, mode, body) -> web.Response:
        if mode == "503":
            later = {"Retry-After": str(RETRY_AFTER_SECONDS)}
            return web.Response(status=503, text="Try again later.", headers=later)
        if mode == "500":
            return web.Response(status=500, text="Something broke here.")
        if mode == "redirect":
            tail = "b" if request.path.endswith("/round/a") else "a"
            return web.Response(status=302, headers={"Location": "/round/" + tail})
        answer = self._manners.answer(request, body) if request.path.startswith(FOLDER) else None
        if answer is not None:
            return answer
        if request.method not in ("GET", "HEAD"):
            return web.Response(status=405, text="Only GET.", headers={"Allow": "GET, HEAD"})
        # Links back to itself go by the name that the client knows it by.
        known = _HOST.fullmatch(request.headers.get("Host", ""))
        self.folder.values["base"] = "http://%s/" % known[0] if known else self.url
        found = self.folder.answer(request.raw_path.split("?")[0])
        if found is None:
            return web.Response(status=404, text="No such page here.")
        body, kind = found
        if mode == "big":
            body = body + b"<!-- " + b"x" * (BIG_BYTES - len(body))
        return web.Response(body=body, headers={"Content-Type": kind, **self.wishes})


async def _slow(request, plain) -> None:
    """The header at once, then a byte a second."""
    answer = web.StreamResponse(status=plain.status, headers={"Content-Type": plain.headers["Content-Type"]})
    answer.content_length = len(plain.body)
    answer.force_close()
    await answer.prepare(request)
    for byte in plain.body:
        if _gone(request):
            return
        await answer.write(bytes((byte,)))
        await asyncio.sleep(SLOW_SECONDS)


async def _silent(request, _plain) -> None:
    """Nothing, for as long as the other side waits."""
    while not _gone(request):
        await asyncio.sleep(SLOW_SECONDS / 10)


async def _garbage(request, _plain) -> None:
    """A few hundred bytes that are no HTTP, the same every time, then the end."""
    request.transport.write(bytes((31 * place * place + 7) % 256 for place in range(400)))
    await asyncio.sleep(0.05)


async def _half(request, plain) -> None:
    """The whole length is promised, half of it is sent, then the connection breaks off."""
    body = plain.body
    request.transport.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\n"
                            b"Content-Length: %d\r\nConnection: close\r\n\r\n%s"
                            % (len(body), body[:len(body) // 2]))
    await asyncio.sleep(0.05)


async def _header(request, _plain) -> None:
    """Header lines without end."""
    request.transport.write(b"HTTP/1.1 200 OK\r\n")
    count = 0
    while not _gone(request):
        if request.transport.get_write_buffer_size() < 65536:
            request.transport.write(b"X-Filler-%d: %s\r\n" % (count, b"y" * 60))
            count += 1
        await asyncio.sleep(HEADER_LINES_PAUSE)


_RUDE = {"slow": _slow, "silent": _silent, "hole": _silent, "garbage": _garbage, "half": _half,
         "header": _header}


def _gone(request) -> bool:
    return request.transport is None or request.transport.is_closing()


# What a client sends that is not HTTP is its own affair: no traceback for it.
logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)


PATIENCE_S = 3.0  # a server that comes back wants its port, which another may be trying just now


def listen(site: Site, line: Line, host: str, port: int, step: bool = False) -> int:
    """Listen on `port`, or with `step` on the next one that is free; return it."""
    end = time.monotonic() + (0 if step else PATIENCE_S)
    while True:
        for number in range(port, min(port + (STEPS_MAX if step and port else 1), 65536)):
            try:
                number = line.listen(host, number)
            except OSError:
                continue
            site.url = "http://%s:%d/" % (host, number)
            return number
        if time.monotonic() >= end:
            break
        time.sleep(0.1)
    raise OSError("Port %d of %s is busy." % (port, host))


def _tell(message) -> None:
    try:
        print(json.dumps(message), flush=True)
    except OSError:
        os._exit(0)  # nobody is left to tell


async def _serve(options) -> int:
    site = Site(options.folder, options.name, _tell, options.cache_control)
    line = Line(web.Server(site.handle), options.seed)
    try:
        port = listen(site, line, options.host, options.port, options.step)
    except OSError as error:
        _tell({"problem": str(error)})
        return 1
    _tell({"port": port, "url": site.url})
    commands = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(commands)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    while True:
        text = await commands.readline()
        if not text:
            break
        with contextlib.suppress(ValueError, TypeError, AttributeError):
            _switch(site, line, json.loads(text))
        _tell({"mode": site.mode})
    line.close()
    return 0


def _switch(site, line, command) -> None:
    """What one line of stdin wants."""
    wish = command.get("line")
    if wish is not None:
        line.set(wish.get("delay_ms"), wish.get("loss"))
    if command.get("mode") in MODES:
        site.lag = max(0, int(command.get("ms", 0)))
        site.mode = command["mode"]
        (line.hole if site.mode == "hole" else line.open)()


def main() -> None:
    """Serve until stdin ends."""
    parser = argparse.ArgumentParser(description="One service site; see host_tools/site.py.")
    parser.add_argument("folder")
    parser.add_argument("--name", default="A")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--step", action="store_true", help="step over busy ports")
    parser.add_argument("--seed", type=int, help="which pieces are lost follows from this number")
    parser.add_argument("--cache-control", help="the header of every page, such as no-store")
    code = asyncio.run(_serve(parser.parse_args()))
    sys.stdout.flush()
    # Connections in a rude mode would be waited for.
    os._exit(code)


if __name__ == "__main__":
    main()
