"""The project's own small call manager, in a process: it stands in where Kamailio is not installed.

    python -m host_tools.registrar --host 127.0.0.1 --port 5060 --user 1001:secret

It registers over UDP with digest MD5 and SHA-256, answers OPTIONS, gives pointers in Call-Info, pushes by
NOTIFY and answers the phone's challenge, watches a neighbour, and fails as it is told. It carries no calls
and is for trying and testing only. JSON lines on stdin switch it, JSON lines on stdout tell what it does; it
ends with its stdin.

| to it | from it |
|---|---|
| {"id": 1, "do": "mode", "with": {"mode": "503"}} | {"id": 1, "result": ...} or {"id": 1, "problem": "..."} |
| | {"port": 5060} first; or {"problem": "..."} and the end |
| | {"said": "1001 registered from ..."}, {"saw": "127.0.0.1:5062 does not answer ..."} |

What can be done are the methods of `Registrar` whose names begin with do_.

| mode | how it answers |
|---|---|
| ok | well |
| drop | not at all |
| 503, 500, 403 | with that, everything; 503 with Retry-After |
| 302 | REGISTER with that and a Contact |
| drain | REGISTER with 302 and a Contact, 503 without one; OPTIONS with 480 or 503 |

One that drains answers 480 to OPTIONS of a phone that is registered, so that it registers and hears where to
go, and 503 to all others.
"""

import argparse
import asyncio
import collections
import contextlib
import json
import os
import re
import secrets
import sys
import time

from host_tools import sip
from host_tools.problem import Problem
from host_tools.watch import Death, Watch

MODES = ("ok", "drop", "503", "500", "403", "302", "drain")
REALM = "everline.test"
EXPIRES, EXPIRES_LEAST, EXPIRES_MOST = 120, 2, 3600
RETRY_AFTER = 20
# A request that comes again is answered as it was for so long: RFC 3261 17.2.2, 64 * T1.
REMEMBER_SECONDS = 32
REMEMBER_MAX = 5000
# A request of ours goes out again after these, and is given up after the sum: fr_timer of kamailio.cfg.
RESEND_SECONDS = (0.5, 1.0, 2.0, 0.5)
# Whoever has not asked for so long is not where he was.
SEEN_SECONDS = 600
ALLOW = "REGISTER, OPTIONS, NOTIFY"
_CALLS = ("INVITE", "NOTIFY", "MESSAGE", "SUBSCRIBE", "INFO", "REFER", "PUBLISH", "BYE", "CANCEL")
_CONTACT = re.compile(r"<([^>]+)>([^,]*)|([^,;\s]+)([^,]*)")


class Registrar(asyncio.DatagramProtocol):
    """users: name -> password. tell(dict) is called for each line that the other side of the pipe gets."""

    def __init__(self, users, realm: str = REALM, algorithms=sip.ALGORITHMS, tell=lambda line: None):
        self.users = users
        self.mode = "ok"
        self.values = {"retry_after": RETRY_AFTER, "contact": "", "delay_ms": 0, "strict_options": 0,
                       "open": 0}
        self.bindings = {}  # user -> (URI, until when, whence it came)
        self.seen = {}  # user -> (URI, when)
        self.pointers = {}  # user, or "callinfo" for all -> value of Call-Info
        self.odd = 0
        self.address = ("", 0)
        self._realm = realm
        self._guard = sip.Guard(realm, algorithms)
        self._tell = tell
        self._transport = None
        self._answers = collections.OrderedDict()  # a request -> (when, the bytes that answered it)
        self._waiting = {}  # branch of a request of ours -> the future of its answer
        self._watch = None
        self._tasks = set()

    # --- datagrams ----------------------------------------------------------------------------

    def connection_made(self, transport):
        self._transport = transport
        self.address = transport.get_extra_info("sockname")[:2]

    def error_received(self, exc):
        """A phone that is off: its time-out says so as well."""

    def datagram_received(self, data, whence):
        whence = whence[:2]
        if self.mode == "drop" or not data.strip():  # two line ends keep a hole in a NAT open
            return
        message = sip.read(data)
        if message is None:
            self.odd += 1
            return
        if message.status:
            waiting = self._waiting.get(message.branch)
            if waiting is not None and message.status >= 200 and not waiting.done():
                waiting.set_result(message)
            return
        if self.values["delay_ms"]:
            asyncio.get_running_loop().call_later(self.values["delay_ms"] / 1000, self._take, message, whence)
        else:
            self._take(message, whence)

    def _take(self, request, whence) -> None:
        key = (request.branch, request.method, request.get("cseq"), whence)
        now = time.monotonic()
        known = self._answers.get(key)
        if known is None:
            if request.method == "ACK":
                return
            status, headers = self._answer(request, whence)
            known = now, sip.response(request, whence, status, headers, secrets.token_hex(6))
            self._answers[key] = known
        while self._answers and (len(self._answers) > REMEMBER_MAX
                                 or next(iter(self._answers.values()))[0] < now - REMEMBER_SECONDS):
            self._answers.popitem(last=False)
        self._transport.sendto(known[1], whence)

    def _answer(self, request, whence) -> tuple:
        """(status, headers) of the answer to a request."""
        method, mode = request.method, self.mode
        later = [("Retry-After", str(self.values["retry_after"]))]
        if mode in ("503", "500", "403"):
            return int(mode), later if mode == "503" else []
        releases = request.get("expires") == "0"
        if method == "REGISTER" and (mode == "302" or mode == "drain" and not releases):
            contact = self.values["contact"]
            return (302, [("Contact", contact)]) if contact or mode == "302" else (503, later)
        if method == "REGISTER":
            return self._register(request, whence)
        if method == "OPTIONS":
            return self._options(request, whence, later)
        if method in _CALLS:
            return 405, [("Allow", ALLOW)]  # it carries no calls
        return 501, []

    def _register(self, request, whence) -> tuple:
        verdict, user, proof = self._guard.judge(request, self._password)
        if verdict != "good":
            return 401, self._guard.challenges(verdict == "stale")
        if user != request.user("to"):
            return 403, []
        contact = request.get("contact")
        seconds = self._seconds(request, contact)
        if seconds is None:
            return 400, []
        if 0 < seconds < EXPIRES_LEAST:
            return 423, [("Min-Expires", str(EXPIRES_LEAST))]
        if contact:
            self._bind(user, contact, min(seconds, EXPIRES_MOST), whence)
        return 200, proof + self._contact(user) + self._call_info(user)

    def _seconds(self, request, contact):
        given = re.search(r";\s*expires\s*=\s*(\d+)", contact)
        value = given[1] if given else request.get("expires") or str(EXPIRES)
        return int(value) if value.isdigit() and len(value) < 11 else None

    def _bind(self, user, contact, seconds, whence) -> None:
        before = self._binding(user)
        if not seconds:
            if before:
                del self.bindings[user]
                self._say("%s has gone." % user)
            return
        found = _CONTACT.match(contact)
        uri = (found[1] or found[3] or "") if found else ""
        self.bindings[user] = uri, time.monotonic() + seconds, whence
        if before is None or before[0] != uri:
            self._say("%s registered from %s:%d, for %d s." % (user, *whence, seconds))

    def _options(self, request, whence, later) -> tuple:
        user = request.user("from")
        registered = self._binding(user) is not None
        if user in self.users:
            self.seen[user] = "sip:%s@%s:%d" % (user, *whence), time.monotonic()
        if self.mode == "drain":
            return (480, []) if registered else (503, later)
        if self.values["strict_options"] and not registered:
            return 480, []
        return 200, [("Accept", "application/sdp"), ("Allow", ALLOW)] + self._call_info(user)

    def _binding(self, user):
        found = self.bindings.get(user)
        if found and found[1] <= time.monotonic():
            del self.bindings[user]
            self._say("The registration of %s has run out." % user)
            return None
        return found

    def _contact(self, user) -> list:
        found = self._binding(user)
        if found is None:
            return []
        return [("Contact", "<%s>;expires=%d" % (found[0], max(1, round(found[1] - time.monotonic()))))]

    def _call_info(self, user) -> list:
        return [("Call-Info", self.pointers[name]) for name in ("callinfo", user) if name in self.pointers]

    def _password(self, user):
        return "pw" + user if self.values["open"] else self.users.get(user)

    def _say(self, sentence) -> None:
        self._tell({"said": sentence})

    # --- what it does when it is told ---------------------------------------------------------

    def do_mode(self, mode: str, **values) -> None:
        """How it answers from now on; values: of `self.values`."""
        if mode not in MODES:
            raise Problem("A call manager can not %r. It can: %s." % (mode, " ".join(MODES)))
        for name, value in values.items():
            if name not in self.values:
                raise Problem("There is no switch %r." % name)
            self.values[name] = type(self.values[name])(value)
        self.mode = mode

    def do_pointers(self, value, user: str = "callinfo") -> None:
        """The Call-Info of each 2xx from now on, to all or to one user; None: none."""
        if value is None:
            self.pointers.pop(user, None)
        else:
            self.pointers[user] = value

    def do_contacts(self, user: str) -> list:
        """The bindings of a user."""
        found = self._binding(user)
        return [{"Address": found[0], "Expires": round(found[1] - time.monotonic())}] if found else []

    def do_registrations(self) -> list:
        """(user, address, seconds left) of all who are registered."""
        return [(user, it["Address"], it["Expires"])
                for user in list(self.bindings) for it in self.do_contacts(user)]

    def do_seen(self, user: str) -> str:
        """Where a user last asked OPTIONS from, as a URI; "" where he has not for ten minutes."""
        uri, when = self.seen.get(user, ("", 0.0))
        return uri if time.monotonic() - when < SEEN_SECONDS else ""

    async def do_notify(self, user: str, event: str, ctype: str = "", body: str = "", extra: str = "",
                        answer: bool = True) -> int:
        """Send a NOTIFY; the code of the answer, 408 where none came. answer: the phone's challenge, too."""
        binding = self._binding(user)
        uri = binding[0] if binding else self.do_seen(user)
        if not uri:
            raise Problem("%s is not registered here, and has not asked." % user)
        return await self._notify(uri, user, event, ctype, body, extra, answer)

    def do_watch(self, host=None, port: int = 0, event: str = "", ctype: str = "", body: str = "",
                 name: str = "") -> None:
        """Watch a neighbour; when he dies, push to everybody who asks here and is not registered here."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        if host is None:
            return
        loop = asyncio.get_running_loop()

        def push(user):  # in the thread of the eye
            work = self.do_notify(user, event, ctype, body)
            return asyncio.run_coroutine_threadsafe(work, loop).result()
        death = Death(name or "%s:%d" % (host, port), self.users,
                      lambda user: self._binding(user) is None and self.do_seen(user), push,
                      lambda sentence: self._tell({"saw": sentence}))
        self._watch = Watch(host, port, death.change)

    async def _notify(self, uri, user, event, ctype, body, extra, answer) -> int:
        tag, name = secrets.token_hex(6), secrets.token_hex(8)
        proof = []
        for number in (1, 2):
            branch = sip.BRANCH + secrets.token_hex(8)
            host, port = self.address
            fields = [("Via", "SIP/2.0/UDP %s:%d;branch=%s;rport" % (host, port, branch)),
                      ("Max-Forwards", "70"), ("From", "<sip:%s>;tag=%s" % (self._realm, tag)),
                      ("To", "<sip:%s@%s>" % (user, self._realm)),
                      ("Call-ID", "%s@%s" % (name, host)), ("CSeq", "%d NOTIFY" % number),
                      ("Contact", "<sip:%s:%d>" % (host, port)), ("Event", event),
                      ("Subscription-State", "active"), *proof]
            fields += [tuple(line.split(": ", 1)) for line in extra.split("\r\n") if line]
            if ctype:
                fields.append(("Content-Type", ctype))
            data = sip.compose("NOTIFY %s SIP/2.0" % uri, fields, body.encode())
            got = await self._transact(branch, data, uri)
            if got is None:
                return 408
            challenge = sip.choose(got.all("www-authenticate"))
            if got.status != 401 or not challenge or proof or not answer:
                return got.status
            password = self._password(user) or ""
            proof = [("Authorization", sip.authorize(challenge, "NOTIFY", uri, user, password))]
        return 401

    async def _transact(self, branch, data, uri):
        """The final answer to a request of ours, or None."""
        found = re.match(r"sips?:(?:[^@]*@)?(\d+\.\d+\.\d+\.\d+)(?::(\d+))?", uri)
        if found is None:
            raise Problem("%s is no address that can be reached from here." % uri)
        waiting = self._waiting[branch] = asyncio.get_running_loop().create_future()
        try:
            for seconds in RESEND_SECONDS:
                self._transport.sendto(data, (found[1], int(found[2] or 5060)))
                await asyncio.wait([waiting], timeout=seconds)
                if waiting.done():
                    return waiting.result()
            return None
        finally:
            del self._waiting[branch]

    # --- the pipe -----------------------------------------------------------------------------

    def command(self, line) -> None:
        """One line of stdin."""
        try:
            wish = json.loads(line)
            act = getattr(self, "do_" + wish["do"])
        except (ValueError, KeyError, TypeError, AttributeError):
            self._tell({"problem": "That is nothing to do: %r" % line})
            return
        self._keep(self._act(wish.get("id"), act, wish.get("with") or {}))

    async def _act(self, number, act, values) -> None:
        try:
            result = act(**values)
            if asyncio.iscoroutine(result):
                result = await result
            self._tell({"id": number, "result": result})
        except (Problem, TypeError, ValueError) as problem:
            self._tell({"id": number, "problem": str(problem)})

    def _keep(self, work) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)  # a task that nobody holds may be collected
        task.add_done_callback(self._tasks.discard)


def _tell(line) -> None:
    try:
        sys.stdout.write(json.dumps(line) + "\n")  # in one piece: the eye on a neighbour is another thread
        sys.stdout.flush()
    except OSError:
        os._exit(0)  # nobody is left to tell


async def _serve(options) -> int:
    users = dict(user.partition(":")[::2] for user in options.user)
    registrar = Registrar(users, options.realm, options.algorithm or sip.ALGORITHMS, _tell)
    loop = asyncio.get_running_loop()
    try:
        await loop.create_datagram_endpoint(lambda: registrar, (options.host, options.port))
    except OSError as error:
        _tell({"problem": "%s:%d: %s." % (options.host, options.port, error.strerror or error)})
        return 1
    _tell({"port": registrar.address[1]})
    commands = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        registrar.command(line)
    return 0


def main() -> None:
    """Serve until stdin ends."""
    parser = argparse.ArgumentParser(description="A small call manager; see host_tools/registrar.py.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--user", action="append", default=[], metavar="NAME:PASSWORD")
    parser.add_argument("--realm", default=REALM)
    parser.add_argument("--algorithm", action="append", choices=sip.ALGORITHMS,
                        help="of the digest; all by default")
    with contextlib.suppress(KeyboardInterrupt):
        os._exit(asyncio.run(_serve(parser.parse_args())))


if __name__ == "__main__":
    main()
