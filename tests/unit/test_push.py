"""core/push.py and core/door.py: who is let in, for how long, what he gets; visitors of all kinds."""

from phone.core.door import AGAIN_MS, LINGER_MS as AWAY_MS, ROOM, Door
from phone.core.journal import Journal
from phone.core.pending import IDLE_MS, QUEUE_MAX, WAIT_MS, Pending
from phone.core.porter import Porter
from phone.core.push import (
    BUSY_MAX,
    DISCARD_MAX,
    LINGER_MS,
    LOCK_MS,
    READ_MS,
    STALL_MS,
    VISIT_MS,
    VISITS_MAX,
    Push,
)  # fmt: skip
from phone.core.trouble import NO_ROOM
from phone.events import (
    END,
    REFUSED,
    TAKEN,
    Accepted,
    Close,
    Closed,
    Datagram,
    Listen,
    Opened,
    Received,
    Write,
)  # fmt: skip

GET = b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n"


class Report:
    """Pages of a few lines."""

    made = 0

    def page(self, path, now):
        return ("text/plain", self.lines()) if path == "/page" else None

    def lines(self):
        for number in range(100):
            self.made += 1
            yield "line %d\n" % number


def picture():
    return "image/bmp", 3000, (b"p" * 1000 for _ in range(3))


class Story:
    """A server and the hands: what each conn was told, as far as its reader took it."""

    def __init__(self, credentials=b"u:p"):
        self.report = Report()
        self.push = Push(credentials, self.report, picture)
        self.now = 0
        self.last = TAKEN
        self.told = {}  # conn -> bytes
        self.rest = {}  # conn -> iterators
        self.open = []

    def take(self, effects):
        for effect in effects:
            if isinstance(effect, Write):
                assert effect.conn in self.open
                self.rest[effect.conn].append(iter(effect.data))
            else:
                assert isinstance(effect, Close) and effect.conn in self.open, effect
                self.open.remove(effect.conn)

    def come(self):
        self.last -= 1
        for gone in [conn for conn in self.told if conn not in self.open]:
            del self.told[gone], self.rest[gone]
        self.told[self.last], self.rest[self.last] = b"", []
        self.open.append(self.last)
        self.take(self.push.receive(Accepted(self.last, ("10.0.0.7", 4000)), self.now))
        return self.last

    def send(self, conn, data):
        view = memoryview(data)
        for at in range(0, len(data), 256):
            if conn in self.open:
                self.take(self.push.receive(Received(conn, view[at : at + 256]), self.now))

    def read(self, conn, most=1000):
        """The hands write as much as the client takes: so many pieces."""
        while self.rest[conn] and conn in self.open and most:
            for piece in self.rest[conn][0]:
                assert 0 < len(piece) <= 1024
                self.told[conn] += bytes(piece)
                most -= 1
                if not most:
                    return
            self.rest[conn].pop(0)

    def wait(self, ms, reading=()):
        end = self.now + ms
        while True:
            due = self.push.deadline()
            if self.push.is_over(self.now) or due > end:
                break
            assert due >= self.now, "a deadline in the past: a busy loop"
            self.now = due
            before = (self.push.deadline(), list(self.open))
            self.take(self.push.tick(self.now))
            assert (self.push.deadline(), self.open) != before, "a busy loop"
            for conn in reading:
                self.read(conn, 1)
        self.now = end

    def leave(self, conn):
        self.open.remove(conn)
        self.take(self.push.receive(Closed(conn, END), self.now))

    def visit(self, data):
        conn = self.come()
        self.send(conn, data)
        self.read(conn)
        return self.told[conn]

    def status(self, data):
        return int(self.visit(data)[9:12])


def test_a_page_is_made_while_it_is_read():
    story = Story()
    conn = story.come()
    story.send(conn, GET % b"/page")
    assert story.report.made == 0
    story.read(conn, 2)
    assert 0 < story.report.made < 100
    story.read(conn)
    told = story.told[conn]
    assert told.startswith(b"HTTP/1.1 200 OK\r\n") and told.endswith(b"\r\n0\r\n\r\n")
    assert b"line 99\n" in told
    story.wait(200)
    assert story.open == [conn], "the client closes first"
    story.leave(conn)
    assert story.push.is_over(story.now)


def test_the_phone_closes_where_the_client_does_not():
    story = Story()
    conn = story.come()
    story.send(conn, GET % b"/page")
    story.read(conn)
    story.wait(LINGER_MS + 200)
    assert story.open == [] and story.push.is_over(story.now)


def test_an_old_client_gets_no_chunks_and_is_closed():
    story = Story()
    told = story.visit(b"GET /page HTTP/1.0\r\n\r\n")
    assert told.partition(b"\r\n\r\n")[2].startswith(b"line 0\nline 1\n") and b"chunked" not in told
    story.wait(200)
    assert story.open == []


def test_head_has_no_body():
    for path in (b"/page", b"/nothing"):
        told = Story().visit((GET % path).replace(b"GET", b"HEAD"))
        assert told.endswith(b"\r\n\r\n") and told.count(b"\r\n\r\n") == 1, told
    told = Story().visit(b"HEAD /CGI/Screenshot HTTP/1.1\r\nHost: x\r\nAuthorization: Basic dTpw\r\n\r\n")
    assert told.endswith(b"\r\n\r\n") and b"Content-Length: 3000\r\n" in told


def test_refusals():
    story = Story()
    for status, data in (
        (404, GET % b"/nothing"), (404, GET % b"/page/"), (400, b"\x16\x03\x01"),
        (414, GET % (b"/" + b"a" * 900)), (505, b"GET / HTTP/3.0\r\n\r\n"),
        (405, b"POST /page HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"),
        (431, b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"c" * 3000),
    ):  # fmt: skip
        told = story.visit(data)
        assert told[9:12] == b"%d" % status, (status, told)
        head, _, body = told.partition(b"\r\n\r\n")
        assert b"Content-Length: %d" % len(body) in head and body.endswith(b".\n"), told
        assert (status == 405) == (b"\r\nAllow: GET, HEAD\r\n" in told)
        story.leave(story.last)


def test_a_slow_head_is_not_waited_for():
    story = Story()
    conn = story.come()
    for _ in range(20):  # a byte now and then buys no time
        story.send(conn, b"G" if not story.now else b"")
        story.wait(READ_MS // 20 - 1)
        assert story.open == [conn] and not story.told[conn]
    story.wait(100)
    story.read(conn)
    assert story.told[conn].startswith(b"HTTP/1.1 408 ")
    story.wait(LINGER_MS + 200)
    assert story.open == []


def test_a_client_that_never_reads_is_closed():
    story = Story()
    conn = story.come()
    story.send(conn, GET % b"/page")
    story.wait(STALL_MS - 200)
    assert story.open == [conn]
    story.wait(400)
    assert story.open == [] and story.report.made < 5


def test_a_client_that_reads_for_ever_is_closed():
    story = Story()
    story.push._picture = lambda: ("image/bmp", 10**6, (b"p" * 10 for _ in range(10**5)))
    conn = story.come()
    story.send(conn, b"GET /CGI/Screenshot HTTP/1.1\r\nHost: x\r\nAuthorization: Basic dTpw\r\n\r\n")
    story.wait(VISIT_MS - 200, reading=(conn,))
    assert story.open == [conn]
    story.wait(400, reading=(conn,))
    assert story.open == []


def serve(story):
    """Somebody who is being served and reads slowly."""
    conn = story.come()
    story.send(conn, GET % b"/page")
    story.read(conn, 2)
    return conn


def test_a_third_is_told_to_come_later_and_a_fourth_not_even_that():
    story = Story()
    one, two = serve(story), serve(story)
    three = story.come()
    four = story.come()
    assert story.open == [one, two, three] and not story.told[four]
    story.read(three)
    assert story.told[three].startswith(b"HTTP/1.1 503 ") and b"Retry-After: 5\r\n" in story.told[three]
    assert BUSY_MAX == 1 and VISITS_MAX == 2
    for _ in range(100):
        story.come()
        assert len(story.open) <= VISITS_MAX + BUSY_MAX and one in story.open and two in story.open
    story.wait(200)
    story.leave(one)
    assert story.status(GET % b"/page") == 200
    story.read(two)
    assert story.told[two].endswith(b"\r\n0\r\n\r\n"), "who was being served was not disturbed"


def test_who_has_not_come_to_the_point_makes_room():
    story = Story()
    slow = [story.come() for _ in range(2)]
    story.send(slow[0], b"GET / HTTP/1.1\r\n")
    assert story.status(GET % b"/page") == 200 and slow[0] not in story.open and slow[1] in story.open
    reading = serve(story)
    assert story.status(GET % b"/page") == 200 and reading in story.open and slow[1] not in story.open


def test_a_storm_of_slow_ones_does_not_shut_out_the_others():
    story = Story()
    for _ in range(40):
        for _ in range(5):
            story.come()
            assert len(story.open) <= VISITS_MAX + BUSY_MAX
        assert story.status(GET % b"/page") == 200
        story.wait(300)
    story.wait(VISIT_MS)
    assert story.open == [] and story.push.is_over(story.now)


def test_who_is_done_makes_room():
    story = Story()
    for _ in range(10):
        assert story.status(GET % b"/page") == 200
        story.wait(200)


def test_a_body_is_passed_over_up_to_a_limit():
    story = Story()
    conn = story.come()
    story.send(conn, b"POST / HTTP/1.1\r\nHost: x\r\n\r\n")
    story.read(conn)
    story.send(conn, b"x" * (DISCARD_MAX - 1000))
    assert story.open == [conn]
    story.send(conn, b"x" * 2000)
    assert story.open == []


def test_the_screen_is_for_who_has_the_password():
    def asked(story, field):
        return story.status(b"GET /CGI/Screenshot HTTP/1.1\r\nHost: x\r\n%s\r\n" % field)

    story = Story()
    assert asked(story, b"") == 401 and asked(story, b"Authorization: Basic dTpw\r\n") == 200
    told = story.told[story.last]
    assert b"Content-Type: image/bmp\r\n" in told and told.endswith(b"p" * 3000)
    assert b'\r\nWWW-Authenticate: Basic realm="Everline"\r\n' in story.told[story.last + 1]
    story.leave(story.last)
    story.leave(story.last + 1)
    for field in (b"Basic dTpx", b"Basic", b"Basic %%%", b"Bearer dTpw", b"Basic dQ=="):
        story = Story()
        assert asked(story, b"Authorization: " + field + b"\r\n") == 401, field
        story.wait(500)
        assert asked(story, b"Authorization: Basic dTpw\r\n") == 429, "a moment later none is looked at"
        story.wait(LOCK_MS)
        assert asked(story, b"Authorization: Basic dTpw\r\n") == 200
    assert asked(Story(b""), b"") == 403 and asked(Story(b""), b"Authorization: Basic Og==\r\n") == 403
    story = Story()
    story.push._picture = lambda: None
    assert asked(story, b"Authorization: Basic dTpw\r\n") == 404


def test_the_network_goes():
    story = Story()
    conns = [story.come(), story.come()]
    story.take(story.push.close())
    assert story.open == [] and story.push.is_over(story.now) and conns
    story.take(story.push.receive(Closed(conns[0], END), 0))
    assert story.push.receive(Received(conns[0], b"GET"), 0) == [Close(conns[0])]


# --- the door ---------------------------------------------------------------------------------------------


class House:
    """A server that is fetched when it is needed, or for which there is no room."""

    def __init__(self):
        self.made = 0
        self.full = False
        self.credentials = b""
        self.journal = Journal()
        self.free = 100
        self.door = Door(8080, self.journal, self.make, lambda: (self.free, 100))

    def none(self):
        raise MemoryError

    def make(self):
        if self.full:
            raise MemoryError
        self.made += 1
        return Push(self.credentials, Report(), picture)


def test_the_door_listens_at_once_and_fetches_the_server_late():
    house = House()
    assert house.door.deadline() == 0 and house.door.tick(5) == [Listen(8080)]
    assert house.door.deadline() is None and house.door.tick(99999) == [] and house.made == 0
    assert house.door.receive(Accepted(-2, ("10.0.0.7", 1)), 10) == [] and house.made == 1
    assert house.door.deadline() == 10 + READ_MS
    assert house.door.receive(Accepted(-3, ("10.0.0.7", 1)), 10) == [] and house.made == 1
    assert house.door.receive(Closed(-2, END), 20) == [] and house.made == 1
    house.door.receive(Accepted(-9, ("10.0.0.7", 1)), 25)
    house.door.receive(Closed(-9, END), 25)
    assert house.made == 1, "somebody is inside"
    house.door.receive(Closed(-3, END), 28)
    assert house.door.deadline() is None, "the last one has left"
    house.door.receive(Accepted(-4, ("10.0.0.7", 1)), 30)
    assert house.made == 2
    assert house.door.cancel(40) == [Close(-4)] and house.door.cancel(40) == []


def test_a_wrong_password_is_remembered_when_the_last_one_has_left():
    house = House()
    house.door.tick(0)
    house.credentials = b"u:p"
    ask = b"GET /CGI/Screenshot HTTP/1.0\r\nAuthorization: Basic dTpx\r\n\r\n"
    for conn, now, status in ((-2, 0, b" 401 "), (-3, LOCK_MS - 1, b" 429 "), (-4, LOCK_MS, b" 401 ")):
        house.door.receive(Accepted(conn, ("10.0.0.7", 1)), now)
        answer = house.door.receive(Received(conn, memoryview(ask)), now)[0]
        assert status in next(iter(answer.data)), (now, status)
        house.door.receive(Closed(conn, END), now)
    assert house.made == 1 and house.door.deadline() == 2 * LOCK_MS
    assert house.door.tick(2 * LOCK_MS) == [] and house.door.deadline() is None


class Errand:
    """Something that others want done; its page finds no room."""

    def __init__(self):
        self.full, self.over, self.heard = False, False, []

    def receive(self, event, now):
        if self.full:
            raise MemoryError
        self.heard.append(event.conn)
        return [] if event.conn == 5 else None

    def tick(self, now):
        if self.full:
            raise MemoryError
        return []

    def give_up(self, said, now):
        self.full, self.over = False, True
        return ["given up"]

    def cancel(self, now):
        return ["cancelled"]

    def low(self):
        self.heard.append("low")

    def deadline(self):
        return 777

    def is_over(self, now):
        return self.over


class Screen:
    """outside.py, as far as waiting goes."""

    up, has_form, busy, is_idle, rings, comes = True, False, False, False, False, False
    said = ()

    def tell(self, said, now):
        self.said += (said,)


def test_an_errand_without_room_costs_nothing_else():
    screen = Screen()
    porter = Porter(None, None, None, Journal(), screen, None)
    assert porter.receive(Received(5, b""), 0) is None and porter.tick(0) == [] and porter.deadline() is None
    porter.key(3)
    porter._errands = errand = Errand()
    porter._pending = Pending(screen, Journal(), 3)
    assert errand is porter.errands() and porter.deadline() == 777
    assert porter.receive(Received(5, b""), 12) == [] and porter.receive(Opened(6), 12) is None
    assert porter.receive(Received(-5, b""), 12) is None
    porter.low()
    assert errand.heard == [5, 6, "low"] and porter.cancel(14) == ["cancelled"]
    errand.full = True
    assert porter.receive(Received(5, b""), 15) == ["given up"]
    porter._pending.add(1, None, 16)
    assert porter.tick(16) == [] and porter._errands is None, "it is over, and a page still waits"
    assert porter.deadline() == 3 + IDLE_MS
    porter.key(20)
    assert porter.tick(20) == [] and porter.deadline() == 20 + IDLE_MS and porter._errands is None
    porter.errands = errand.receive = None
    try:
        porter.tick(20 + IDLE_MS)
        assert False, "its moment has come, and it is fetched"
    except TypeError:
        pass

    def full():
        raise MemoryError

    porter.errands = full
    assert len(porter.tick(20 + IDLE_MS)) == 1 and screen.said == (NO_ROOM,) and porter.deadline() is None


def test_pages_that_wait():
    screen = Screen()
    pending = Pending(screen, Journal(), 0)
    assert not pending.is_due(0) and pending.tick(0) == [] and pending.deadline() is None
    for priority in (1, 0, 1, 0):
        pending.add(priority, None, 10)
    assert [item[1] for item in pending.items] == [0, 0, 1, 1] and len(pending.items) == QUEUE_MAX
    assert pending.is_due(10)
    for up, typed, busy in ((False, False, False), (True, True, False), (True, False, True)):
        screen.up, screen.has_form, screen.busy = up, typed, busy
        assert not pending.is_due(10) and not pending.is_time(2, 10)
    screen.up, screen.has_form, screen.busy = True, False, False
    assert not pending.is_time(1, IDLE_MS - 1) and pending.is_time(1, IDLE_MS)
    screen.is_idle = True
    assert pending.is_time(1, 10)
    screen.rings = True
    assert not pending.is_time(1, 10) and pending.is_time(0, 10)
    assert pending.tick(10) == [] and pending.deadline() == IDLE_MS
    screen.comes = True
    pending.tick(11)
    assert pending.deadline() == 11
    screen.comes = False
    pending.tick(IDLE_MS)
    assert pending.deadline() == 10 + WAIT_MS
    assert len(pending.tick(10 + WAIT_MS)) == 4 and not pending.items and pending.deadline() is None


def test_what_is_not_for_the_door():
    house = House()
    for event in (Opened(1), Closed(1, END), Received(1, b""), Datagram(b"", ("10.0.0.1", 53), 0)):
        assert house.door.receive(event, 0) is None, event
    assert house.door.receive(Closed(-7, END), 0) == [] and house.made == 0


def test_a_port_that_is_taken_is_tried_again():
    house = House()
    house.door.tick(0)
    said = house.door.receive(Closed(TAKEN, REFUSED), 100)
    assert len(said) == 1 and "port 8080 is taken" in said[0].text
    assert house.door.deadline() == 100 + AGAIN_MS and house.door.tick(100 + AGAIN_MS - 1) == []
    assert house.door.tick(100 + AGAIN_MS) == [Listen(8080)]
    assert house.door.receive(Closed(TAKEN, REFUSED), 200) == [], "said once"


def test_a_visitor_for_whom_there_is_no_room_is_sent_away():
    house = House()
    house.door.tick(0)
    house.full = True
    assert house.door.receive(Accepted(-2, ("10.0.0.7", 1)), 0) == [Close(-2)]
    house.full = False
    house.door.receive(Accepted(-3, ("10.0.0.7", 1)), 0)

    class Full:
        def receive(self, event, now):
            raise MemoryError

        def is_over(self, now):
            return False

    house.door._push = Full()
    Full.close = lambda self: house.none()
    try:
        house.door.receive(Received(-3, b"GET"), 0)
        assert False, "there is not even room to close"
    except MemoryError:
        pass
    Full.close = lambda self: [Close(-3), Close(-9)]
    assert house.door.tick(1) == [Close(-3), Close(-9), Close(-3)], "so it is closed a little later"
    house.door._push = Full()
    assert house.door.receive(Received(-3, b"GET"), 0) == [Close(-3), Close(-9), Close(-3)]
    assert house.door.deadline() is None


def test_where_the_heap_is_short_a_visitor_is_told_and_nothing_is_fetched():
    house = House()
    house.door.tick(0)
    house.free = 100 // (ROOM - 1) - 1
    told = house.door.receive(Accepted(-2, ("10.0.0.7", 1)), 0)
    assert told[0].data.startswith(b"HTTP/1.1 503 ") and told[0].data.endswith(b"\r\n\r\n")
    assert house.made == 0
    first, second = house.door.receive(Accepted(-3, ("10.0.0.7", 1)), 0)
    assert first == Close(-2) and second.conn == -3, "one at a time"
    assert house.door.receive(Received(-3, b"GET / HTTP/1.1\r\n"), 10) == [] and house.made == 0
    assert house.door.receive(Received(-2, b"GET"), 10) == [Close(-2)]
    assert house.door.deadline() == AWAY_MS and house.door.tick(AWAY_MS - 1) == []
    assert house.door.tick(AWAY_MS) == [Close(-3)] and house.door.deadline() is None
    house.door.receive(Accepted(-4, ("10.0.0.7", 1)), 2000)
    assert house.door.receive(Closed(-4, END), 2010) == [] and house.door.deadline() is None
    house.free += 1
    house.door.receive(Accepted(-5, ("10.0.0.7", 1)), 3000)
    assert house.made == 1
