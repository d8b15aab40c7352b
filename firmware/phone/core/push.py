"""The phone's own small HTTP server: gives its status pages to who asks, and its screen to who may see it.

    Accepted --> READ --whole head--> WRITE --all of it taken--> LINGER --Closed, or LINGER_MS--> gone
                  | |  \\--nonsense, too much, READ_MS: a refusal --^
                  | |                  \\-- STALL_MS without progress, VISIT_MS in all: closed
                  | +--the head of a POST--> core/execute.py, whose body is READ, too --whole--> ASK --> WRITE
                  +-- a newcomer finds no room: who has not come to the point makes some, the oldest first

One answer a connection, then the client closes: who closes first keeps the port busy for two minutes, and
an ESP32 has few. All visitors together get VISITS_MAX sockets, one more for a 503, and never a block of
memory above a piece: a page is made while it is read. All but Execute is read only, so it does not matter
under which name the phone was reached, and who sends a body elsewhere has it passed over.
"""

from micropython import const

from phone.core.machine import Machine
from phone.events import Accepted, Close, Closed, Received, Write
from phone.wire import serve

VISITS_MAX = 2  # of an ESP32's ten sockets; the spare one is for the 503 of a third
BUSY_MAX = 1
READ_MS = 5000  # for the whole head: a browser sends it in one piece
STALL_MS = 5000  # without a single piece taken
VISIT_MS = 30000  # for all: 77 KB of screen on the worst link
LINGER_MS = 2000
DISCARD_MAX = 65536  # bytes of a body that are passed over, so that its sender reads the refusal
LOCK_MS = 1000  # after wrong credentials no others are looked at: 86,400 guesses a day
_WATCH_MS = const(100)  # how often progress is looked at while somebody reads

READ, WRITE, LINGER, ASK = const(0), const(1), const(2), const(3)

_SCREEN, _EXECUTE = "/CGI/Screenshot", "/CGI/Execute"


class _Visit:
    def __init__(self, conn, peer, now):
        self.conn = conn
        self.peer = peer
        self.post = None  # core/execute.py Post
        self.state = READ
        self.request = serve.Request()
        self.begun = now
        self.late = now + READ_MS  # ms; of the state
        self.taken = 0  # pieces that the hands have asked for
        self.seen = 0  # as many of them at the last look, and when that was, in ms
        self.seen_at = 0
        self.extra = 0  # bytes behind the head, passed over
        self.refused = False  # the answer is a sentence
        self.over = False  # the hands have taken all
        self.ends = True  # the client knows by itself where the answer ends


class Push(Machine):
    """`credentials`: "user:password" as bytes, b"" where nobody may see the screen. `report`: core/report.py.
    `picture()` gives (kind, length, iterator of pieces) of the screen, or None where it cannot be had.
    `errands`: put in by core/door.py."""

    def __init__(self, credentials, report, picture):
        self._credentials = credentials
        self._report = report
        self._picture = picture
        self.errands = None  # gives core/errands.py; None where nothing is done for others
        self._visits = []  # oldest first
        self._locked = 0  # ms; no credentials are looked at before
        self._out = []  # effects; should the heap be full in the middle, they are not lost

    def is_over(self, now):
        """Whether nobody is inside, and nothing has to be remembered of those who were."""
        return not self._visits and not self._out and now >= self._locked

    def receive(self, event, now):
        kind = type(event)
        if kind is Accepted:
            self._accept(event.conn, event.peer[0], now)
            return self._take()
        for visit in self._visits:
            if visit.conn == event.conn:
                if kind is Closed:
                    self._visits.remove(visit)
                elif kind is Received:
                    self._read(visit, event.view, now)
                return self._take()
        return [] if kind is Closed else [Close(event.conn)]

    def tick(self, now):
        for visit in list(self._visits):
            if visit.post and visit.state in (READ, ASK):
                self._posted(visit, b"", now)
            if visit.state in (READ, ASK):
                if now >= visit.late:
                    self._refuse(visit, 408, now)
            elif visit.state == WRITE:
                self._watch(visit, now)
            elif now >= visit.late:
                self._end(visit)
        return self._take()

    def deadline(self):
        """When tick() is due; there is one until is_over()."""
        waits = [visit.seen_at + _WATCH_MS if visit.state == WRITE else visit.late for visit in self._visits]
        return min(waits) if waits else self._locked

    def close(self):
        """All that are inside; effects."""
        for visit in list(self._visits):
            self._end(visit)
        return self._take()

    def _take(self):
        out, self._out = self._out, []
        return out

    def _accept(self, conn, peer, now):
        """Somebody comes: who is done, or has not come to the point, makes room."""
        if len(self._visits) >= VISITS_MAX:
            # A head comes with the connection itself, or from somebody who means no good.
            done = [v for v in self._visits if v.over]
            done += [v for v in self._visits if v.state == READ or v.state == ASK and v.post.behind]
            done += [v for v in self._visits if v.refused and not v.over and now - v.begun >= _WATCH_MS]
            for other in done[: len(self._visits) - VISITS_MAX + 1]:
                self._end(other)
        inside = len(self._visits)
        if inside >= VISITS_MAX + BUSY_MAX:
            self._out.append(Close(conn))
            return
        visit = _Visit(conn, peer, now)
        self._visits.append(visit)
        if inside >= VISITS_MAX:
            self._refuse(visit, 503, now)
            visit.state, visit.late = LINGER, now + LINGER_MS  # whether he reads it is his affair

    def _read(self, visit, view, now):
        if visit.state != READ:
            visit.extra += len(view)
            if visit.extra > DISCARD_MAX:
                self._end(visit)
            return
        request = visit.request
        if visit.post:
            self._posted(visit, view, now)
            return
        request.feed(view)
        if request.state == serve.REFUSED:
            self._refuse(visit, request.status, now)
        elif request.state == serve.WHOLE:
            self._answer(visit, request, now)

    def _answer(self, visit, request, now):
        if request.path == _EXECUTE:
            self._execute(visit, request, now)
            return
        if request.post is not None:
            self._refuse(visit, 405, now)
            return
        if request.path == _SCREEN:
            self._screen(visit, request, now)
            return
        page = self._report.page(request.path, now)
        if not page:
            self._refuse(visit, 404, now)
            return
        kind, parts = page
        more = "Transfer-Encoding: chunked\r\n" if request.chunks else ""
        visit.ends = request.chunks or request.head_only
        head = serve.head(200, "OK", kind, None, more)
        self._write(visit, head, serve.pieces(parts, request.chunks), now)

    def _screen(self, visit, request, now):
        """The picture of the screen, for who has the credentials."""
        from phone.core.screenshot import judge

        status = judge(request.authorization, self._credentials, now < self._locked)
        if status == 401 and request.authorization:
            self._locked = now + LOCK_MS
        picture = None if status else self._picture()
        if not picture:
            self._refuse(visit, status or 404, now)
            return
        kind, length, pieces = picture
        self._write(visit, serve.head(200, "OK", kind, length), pieces, now)

    def _execute(self, visit, request, now):
        """Somebody has the phone do something: his head is here, his body may be under way."""
        from phone.core import execute

        locked = now < self._locked
        visit.post = execute.Post(request, self._credentials, self.errands, locked, visit.peer)
        visit.late = now + execute.BODY_MS
        if visit.post.waits:
            self._out.append(Write(visit.conn, execute.CONTINUE))
        self._posted(visit, request.rest, now)

    def _posted(self, visit, view, now):
        """The next bytes of a body; the answer, once it is whole and who sent it is known."""
        post = visit.post
        post.feed(view)
        if post.whole and visit.state == READ:
            visit.state, visit.late = ASK, now + VISIT_MS  # core/warrant.py ends it sooner
        answer = post.reply(now)
        if answer:
            if post.wrong:
                self._locked = now + LOCK_MS
            head, body, out = answer
            self._write(visit, head, (body,), now)
            self._out += out

    def _refuse(self, visit, status, now):
        head, body = serve.refusal(status)
        visit.refused = True
        self._write(visit, head, (body,), now)

    def _write(self, visit, head, pieces, now):
        self._out.append(Write(visit.conn, _told(visit, head, () if visit.request.head_only else pieces)))
        visit.state = WRITE
        visit.seen_at = now
        visit.late = now + STALL_MS

    def _watch(self, visit, now):
        """Somebody reads: see how it goes."""
        if visit.over:
            if visit.ends:
                visit.state, visit.late = LINGER, now + LINGER_MS
            else:
                self._end(visit)
            return
        visit.seen_at = now
        if visit.taken != visit.seen:
            visit.seen = visit.taken
            visit.late = now + STALL_MS
        if now >= min(visit.late, visit.begun + VISIT_MS):
            self._end(visit)

    def _end(self, visit):
        self._out.append(Close(visit.conn))
        self._visits.remove(visit)


def _told(visit, head, pieces):
    """The pieces of an answer; the visit notes what the hands take of it."""
    yield head
    for piece in pieces:
        visit.taken += 1
        yield piece
    visit.over = True
