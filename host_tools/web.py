"""The page: a phone to press and the world beside it, on a port of this machine only.

A page of some other site in the same browser could reach this port too. So a request must name
this machine as its host (an answer of a foreign name server does not help), and the websocket
must come from this page itself.
"""

import asyncio
import contextlib
import json
import threading
from pathlib import Path

from aiohttp import WSMsgType, web

from host_tools.hub import Hub
from host_tools.problem import Problem

FIRST_PORT = 8000
# The port is stepped over this many busy neighbours.
STEPS_MAX = 100
START_SECONDS = 10.0
# A message of the page is a key or a wish for the world: far below this.
MESSAGE_MAX = 4096
PING_SECONDS = 10.0
_FOLDER = Path(__file__).parent / "page"
_FILES = {"/": "index.html", **{"/" + name: name for name in (
    "style.css", "phone.js", "dom.js", "link.js", "world.js", "managers.js", "requests.js", "icon.svg")}}


class WebPage:
    """The page and its websocket, in a thread with an event loop of its own."""

    def __init__(self, phone, world, port: int = FIRST_PORT):
        self.port = port
        self.status = ""  # where the phone's own status pages are
        self.hub = Hub(phone, world)
        self._world = world
        self._loop = None
        self._problem = None
        self._stop = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="page", daemon=True)

    @property
    def url(self) -> str:
        """The page's address."""
        return "http://127.0.0.1:%d/" % self.port

    def start(self) -> str:
        """Serve; return the address. Problem where no port is free."""
        self._thread.start()
        self._ready.wait(START_SECONDS)
        if self._problem:
            raise self._problem
        return self.url

    def close(self) -> None:
        """Close every window's link and stop serving."""
        if self._thread.is_alive():
            self._call(self._stop.set)
            self._thread.join(START_SECONDS)

    def tell(self, who: str, text: str) -> None:
        """Add a line to the account; from any thread."""
        self._call(self.hub.tell, who, text)

    def world_changed(self) -> None:
        """A server's state has changed; from any thread."""
        self._call(self.hub.world_changed)

    def _call(self, function, *values) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(function, *values)

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        app = web.Application(middlewares=[self._guard])
        for path, name in _FILES.items():
            app.router.add_get(path, _static(name))
        app.router.add_get("/link", self._link)
        app.router.add_get("/status", self._to_status)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        try:
            self.port = await _listen(runner, self.port)
        except Problem as problem:
            self._problem = problem
            self._ready.set()
            return
        self._loop = asyncio.get_running_loop()
        hub = asyncio.create_task(self.hub.run())
        self._ready.set()
        await self._stop.wait()
        hub.cancel()
        for window in list(self.hub.windows):
            self.hub.give(window, None)
        await runner.cleanup()

    @web.middleware
    async def _guard(self, request, handler):
        if request.host not in ("127.0.0.1:%d" % self.port, "localhost:%d" % self.port):
            raise web.HTTPForbidden(text="This page is for this machine only.\n")
        return await handler(request)

    async def _link(self, request) -> web.WebSocketResponse:
        if request.headers.get("Origin") != "http://" + request.host:
            raise web.HTTPForbidden(text="Only the page itself may open this link.\n")
        socket = web.WebSocketResponse(max_msg_size=MESSAGE_MAX, heartbeat=PING_SECONDS)
        await socket.prepare(request)
        window = self.hub.join()
        writing = asyncio.create_task(_write(socket, window))
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    await self._take(message.data, window)
        finally:
            self.hub.leave(window)
            writing.cancel()
        return socket

    async def _to_status(self, request) -> web.Response:
        if not self.status:
            raise web.HTTPNotFound(text="This phone has no status pages: push.port is not configured.\n")
        raise web.HTTPFound(self.status)

    async def _take(self, text, window) -> None:
        with contextlib.suppress(ValueError, RecursionError):
            message = json.loads(text)
            if not isinstance(message, dict):
                return
            if isinstance(message.get("key"), str):
                self.hub.tell_phone({name: message[name] for name in ("key", "down") if name in message})
                return
            if isinstance(message.get("open"), str):
                self.hub.tell_phone({"open": message["open"]})
                return
            try:
                await asyncio.to_thread(self._do, message)
            except Problem as problem:
                self.hub.give(window, {"trouble": str(problem)})

    def _do(self, message) -> None:
        """What the page wants of the world: {"do": {"server": "A", "action": "stop"}}, or instead of the
        action {"line": {"delay_ms": 100, "loss": 5}}; or {"manager": "A", "action": "drain"}, or instead of
        the action {"gives": true} or {"push": "pages"}; or {"names": "silent"}; or {"phone": "restart"}."""
        wish = message.get("do")
        if isinstance(wish, dict):
            server = self._world[str(wish.get("server"))]
            line = wish.get("line")
            if isinstance(line, dict):
                server.line(line.get("delay_ms"), line.get("loss"))
            else:
                server.do(str(wish.get("action")))
        elif "manager" in message and self._world.managers is not None:
            manager = self._world.managers[str(message["manager"])]
            if "gives" in message:
                manager.pointers(bool(message["gives"]))
            elif "push" in message:
                manager.push(str(message["push"]))
            else:
                manager.do(str(message.get("action")))
        elif "names" in message and self._world.names is not None:
            self._world.names.mode(str(message["names"]))
        elif message.get("phone") == "restart":
            self._restart()

    def _restart(self) -> None:
        """Pull the plug of the phone and put it back."""
        phone = self.hub.phone
        if phone.ended:
            raise Problem("The phone is off: %s." % phone.ended)
        self.tell("world", "You restart the phone.")
        phone.unplug()


async def _write(socket, window) -> None:
    """From the window's queue to its socket, until None or the end."""
    with contextlib.suppress(ConnectionError):
        while (text := await window.get()) is not None:
            await socket.send_str(text)
        await socket.close()


async def _listen(runner, first) -> int:
    """Listen on `first` or the next port that is free; return it."""
    for port in range(first, min(first + STEPS_MAX, 65536)):
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
        except OSError:
            continue
        return port
    raise Problem("No port from %d upward is free for the page." % first)


def _static(name):
    kinds = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    path = _FOLDER / name

    async def give(request) -> web.Response:
        answer = web.Response(body=path.read_bytes(), content_type=kinds[path.suffix], charset="utf-8")
        answer.headers["Content-Security-Policy"] = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; "
            "connect-src 'self' ws://%s; form-action 'none'; frame-ancestors 'none'" % request.host)
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        answer.headers["Cache-Control"] = "no-cache"
        return answer
    return give
