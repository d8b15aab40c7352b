"""core/sntp.py: whom it asks, when, and whose word it takes."""

import struct

from phone.core.jitter import Jitter
from phone.core.journal import Journal
from phone.core.sntp import BACK_OFF_MS, FIRST_MS, POLL_MS, RATE_MS, TRY_MS, Sntp
from phone.core.wall import Wall
from phone.events import Closed, Datagram, Note, SendTo

DAY = 1790000000


class Names:
    """As core/net.py: addresses that are known, asked for (None) or not found (False)."""

    def __init__(self):
        self.known = {}
        self.asked = 0

    def lookup(self, name, now):
        return self.known.get(name, name)

    def questions(self, now):
        self.asked += 1
        return []

    def failed(self, name, address):
        return False


class Story:
    def __init__(self, *servers):
        self.count = 0
        self.names = Names()
        self.journal = Journal()
        self.wall = Wall(0, DAY - 1000)
        servers = [(name, 123) for name in servers]
        self.sntp = Sntp(servers, self.wall, self.names, self.journal, self.entropy, Jitter("SEP1"))
        self.now = 0
        self.sent = []  # (ms, host, stamp)

    def entropy(self, count):
        self.count += 1
        return struct.pack(">I", self.count) * 2

    def take(self, effects):
        for effect in effects:
            if isinstance(effect, SendTo):
                host, port = effect.address
                assert port == 123 and len(effect.data) == 48
                self.sent.append((self.now, host, effect.data[40:]))
            else:
                assert isinstance(effect, Note), effect

    def run(self, ms):
        """Let time pass, calling at each deadline."""
        end = self.now + ms
        while self.sntp.deadline() is not None and self.sntp.deadline() <= end:
            due = self.sntp.deadline()
            self.now = max(self.now, due)
            self.take(self.sntp.tick(self.now))
            assert self.sntp.deadline() is None or self.sntp.deadline() > self.now, "a busy loop"
        self.now = end
        self.take(self.sntp.tick(self.now))

    def ask(self, within=2 * POLL_MS):
        """Let time pass until somebody is asked; ms that it took."""
        begun, count = self.now, len(self.sent)
        while len(self.sent) == count:
            due = self.sntp.deadline()
            assert due is not None and due <= begun + within, "nobody is asked"
            self.now = max(self.now, due)
            self.take(self.sntp.tick(self.now))
        return self.now - begun

    def answer(self, after=40, seconds=None, **more):
        """The server that was asked last answers."""
        at, host, stamp = self.sent[-1]
        self.now = at + after
        self.take(self.sntp.receive(self.datagram(host, stamp, seconds, **more), self.now) or [])

    def datagram(self, host, stamp, seconds=None, stratum=2, kiss=b"\x0a\x00\x00\x01", port=123):
        when = struct.pack(">II", (seconds or DAY + self.now // 1000) + 2208988800, 0)
        data = struct.pack(">BBbbII", 0x24, stratum, 6, -20, 0, 0) + kiss + when + stamp + when + when
        return Datagram(data, (host, port), 0)

    def said(self, words):
        return len([1 for _, said in self.journal.lines if words in said[0]])


def test_the_time_is_asked_for_soon_and_then_hourly():
    story = Story("10.0.0.123")
    assert story.ask() <= FIRST_MS and story.wall.utc(story.now) is None
    story.answer(after=100)
    assert story.wall.utc(story.now) == DAY + story.now // 1000 and story.wall.source == "sntp"
    assert story.said("The time is known") == 1
    for _ in range(24):
        assert POLL_MS * 4 // 5 <= story.ask() <= POLL_MS
        story.answer()
    assert story.said("The time is known") == 1, "said once"


def test_half_the_way_is_added():
    story = Story("10.0.0.123")
    story.ask()
    at = story.now
    story.answer(after=1000, seconds=DAY)
    assert story.wall.utc(at + 1000) == DAY and story.wall.utc(at + 1499) == DAY
    assert story.wall.utc(at + 1500) == DAY + 1


def test_what_is_not_an_answer_to_this_question():
    story = Story("10.0.0.123")
    assert story.sntp.receive(story.datagram("10.0.0.123", bytes(8)), 0) is None, "nobody was asked yet"
    story.ask()
    _, host, stamp = story.sent[0]
    assert story.sntp.receive(story.datagram("10.0.0.9", stamp), story.now) is None
    assert story.sntp.receive(story.datagram(host, stamp, port=124), story.now) is None
    assert story.sntp.receive(Closed(1, "end"), story.now) is None
    assert story.sntp.receive(story.datagram(host, b"\x00\x00\x00\x02" * 2), story.now) == []
    assert story.sntp.receive(Datagram(b"", (host, 123), 0), story.now) == []
    assert story.wall.utc(story.now) is None
    story.answer()
    assert story.wall.utc(story.now)
    assert story.sntp.receive(story.datagram(host, stamp, DAY + 9999999), story.now) is None, "a second time"


def test_the_next_server_is_asked_and_kept():
    story = Story("10.0.0.1", "10.0.0.2", "10.0.0.3")
    story.ask()
    assert story.ask() == story.ask() == TRY_MS
    assert [host for _, host, _ in story.sent] == ["10.0.0.1", "10.0.0.2", "10.0.0.3"]
    story.answer()
    story.ask()
    assert story.sent[-1][1] == "10.0.0.3", "who answered is asked again"
    assert story.ask() == TRY_MS and story.sent[-1][1] == "10.0.0.1"
    assert story.said("No time server") == 0


def test_silence_is_met_with_patience():
    story = Story("10.0.0.1", "10.0.0.2")
    story.run(86400000)
    rounds = story.sent[::2]
    gaps = [later[0] - earlier[0] for earlier, later in zip(rounds, rounds[1:])]
    assert 15000 <= gaps[0] <= BACK_OFF_MS + 2 * TRY_MS
    assert all(later > earlier * 3 // 2 for earlier, later in zip(gaps[:6], gaps[1:7])), gaps
    assert max(gaps) <= POLL_MS + 2 * TRY_MS and len(rounds) < 40
    assert story.said("No time server") == 1
    story.ask()
    story.answer()
    assert story.said("The time is known") == 1
    story.ask()
    story.ask()
    assert BACK_OFF_MS * 4 // 5 <= story.ask() - TRY_MS <= BACK_OFF_MS, "patience begins anew"


def test_a_kiss_is_obeyed():
    story = Story("10.0.0.1", "10.0.0.2")
    story.ask()
    story.answer(stratum=0, kiss=b"DENY")
    assert story.sent[-1][1] == "10.0.0.2", "at once the other one"
    story.answer(stratum=0, kiss=b"RATE")
    assert story.wall.utc(story.now) is None and len(story.sent) == 2 and story.said("does not want") == 2
    assert story.ask(RATE_MS) >= RATE_MS
    story.run(3 * 86400000)
    assert "10.0.0.1" not in [host for _, host, _ in story.sent[1:]]
    story = Story("10.0.0.1")
    story.ask()
    story.answer(stratum=0, kiss=b"DENY")
    story.run(30 * 86400000)
    assert len(story.sent) == 1


def test_a_time_of_long_ago_must_be_said_twice():
    story = Story("10.0.0.1")
    story.ask()
    story.answer(seconds=1000000000)
    assert story.wall.utc(story.now) is None and story.said("%s says that it is") == 1
    at = story.now
    assert story.ask() <= BACK_OFF_MS, "asked again soon"
    story.answer(seconds=1000000000 + (story.now - at) // 1000)
    assert 1000000000 <= story.wall.utc(story.now) < 1000000100


def test_a_server_that_talks_nonsense_is_not_asked_more_often_for_it():
    story = Story("10.0.0.1")
    waits = []
    for number in range(8):
        waits.append(story.ask())
        story.answer(seconds=1000000000 + 1000000 * number)
    assert story.wall.utc(story.now) is None and waits[-1] > 30 * waits[1], waits


def test_a_name_is_looked_up_without_waiting():
    story = Story("ntp.example", "10.0.0.2")
    story.names.known["ntp.example"] = None
    story.run(FIRST_MS)
    assert story.sent == [] and story.names.asked and story.sntp.deadline() is None
    story.names.known["ntp.example"] = "10.0.0.77"
    story.take(story.sntp.tick(story.now))
    assert story.sent[0][1] == "10.0.0.77"
    story = Story("ntp.example", "10.0.0.2")
    story.names.known["ntp.example"] = False
    story.ask()
    assert story.sent[0][1] == "10.0.0.2"
    story = Story("ntp.example")
    story.names.known["ntp.example"] = False
    story.run(86400000)
    assert story.sent == [] and story.said("No time server") == 1


def test_the_network_goes_and_comes():
    story = Story("10.0.0.1")
    story.ask()
    story.take(story.sntp.cancel(story.now))
    story.sntp.wake(story.now)
    assert story.ask() <= FIRST_MS
    story.answer()
    story.sntp.wake(story.now)
    assert story.ask() > POLL_MS // 2, "who knows the time asks nobody"


def test_a_fleet_spreads():
    firsts = set()
    for number in range(40):
        made = Sntp((("10.0.0.1", 123),), Wall(), Names(), Journal(), None, Jitter("SEP%012d" % number))
        firsts.add(made.deadline())
        assert 0 <= made.deadline() <= FIRST_MS
    assert len(firsts) > 30
