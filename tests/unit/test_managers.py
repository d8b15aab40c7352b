"""core/managers.py with manager.py, asking.py, telling.py: what call managers are sent, what answers do."""

from phone import config as configurations
from phone.core.home import BACK, HERE
from phone.core.jitter import Jitter
from phone.core.journal import Journal
from phone.core.learned import HOME, unpack_home
from phone.core.managers import BIND_MS, Managers
from phone.events import Asked, Bind, Bound, Datagram, Note, SendTo
from phone.wire import sip

MINUTE = 60000
CHALLENGE = 'Digest realm="r", nonce="%s", algorithm=MD5, qop="auth"'


class Net:
    address = "10.0.0.100"

    def __init__(self):
        self.places = {}  # name -> what lookup_sip gives

    def lookup_sip(self, host, port, now):
        return self.places.get(host, [(host, port or 5060)])

    def questions(self, now):
        return []

    def why(self, name):
        return ("is not found",)


class Store(dict):
    ready = True

    def put(self, name, data, now):
        self[name] = data

    def fetch(self, name, give, now):
        give(None)


class Teaching:
    ready, changed, spread_ms, homing = True, False, 30000, None

    def __init__(self):
        self.managers = []
        self.heard = []

    def answered(self, label, message, now):
        self.heard.append((label, message.method, message.all(b"call-info")))
        return []


class Outside:
    has_form = False

    def news(self, calls):
        pass

    def tell(self, said, now):
        pass


class Book:
    home = 0


class Wall:
    def utc(self, ms):
        return 1790000000 + ms // 1000


class Server:
    """A call manager. `answer`: what it does with a request: a status, (status, fields), or a function that
    gives one of these; "silent", "held"; None: what it should.
    """

    def __init__(self, story, host):
        self.story, self.host = story, host
        self.answer = None
        self.asked = []  # (ms, Message), retransmissions too
        self.count = 0
        self.nonce = "n1"
        self.taken = True  # whether it takes the password
        self.bound = False
        self.held = []
        story.servers[host] = self

    def receive(self, message, whence):
        self.asked.append((self.story.now, message))
        given = self.answer
        if given == "silent":
            return
        if given == "held":
            self.held.append((message, whence))
            return
        self.say(message, whence, given(message) if callable(given) else given)

    def say(self, message, whence, given=None):
        fields, status = [], given
        if isinstance(given, tuple):
            status, fields = given
        if given is None:
            status, fields = self.well(message)
        data = sip.response(message, status, "Word", "t1", fields, whence=whence)
        self.story.later((self.host, 5060), data)

    def well(self, message):
        if message.method == "OPTIONS":
            return 200, []
        if ('nonce="%s"' % self.nonce).encode() not in message.get(b"authorization") or not self.taken:
            return 401, [("WWW-Authenticate", CHALLENGE % self.nonce)]
        self.bound = message.get(b"expires") != b"0"
        contact = str(message.get(b"contact"), "ascii")
        return 200, [("Contact", contact + ";expires=120")] if self.bound else []

    def of(self, method, since=0):
        return [message for at, message in self.asked if message.method == method and at >= since]


class Story:
    def __init__(self, *hosts, learned=(), store=None, timers=None, port=5060, **more):
        self.now = 1000
        self.servers = {}
        self.count = 0
        self.line = []  # (ms, address, data) on their way to the phone
        self.lost = 0
        whole = {
            "homes": [{"name": host[-1], "manager": "sip:" + host} for host in hosts],
            "sip": {"user": "1001", "password": "secret", "timers": timers or {}},
        }
        whole["sip"].update(more)
        self.config, mistakes = configurations.check(whole)
        assert not mistakes, mistakes
        self.journal, self.book, self.net, self.outside = Journal(), Book(), Net(), Outside()
        self.store = store or Store()
        self.all = Managers(self.config, self.book, self.net, self.journal, self.store, Wall(), self.entropy,
                            Jitter("SEP1"), self.outside)  # fmt: skip
        self.all.teaching = Teaching()
        self.all.teaching.homing = unpack_home(self.store.get(HOME), self.config.homes)
        self.all.teaching.managers = list(learned)
        self.binds = 0
        self.port = port
        self.via = None  # (host, port) that managers see, where a translator is between
        self.asked = []
        self.servers = {host: Server(self, host) for host in hosts}
        self.feed(None)

    def entropy(self, count):
        self.count += 1
        return (b"%08d" % self.count * 4)[-count:]

    def later(self, address, data):
        self.line.append((self.now + 5, address, data))

    def feed(self, event):
        out = []
        if event is not None:
            out += self.all.receive(event, self.now) or []
        out += self.all.tick(self.now)
        self.act(out)

    def act(self, effects):
        for effect in effects:
            if isinstance(effect, SendTo):
                assert effect.port == 5060 and len(effect.data) <= sip.DATAGRAM_MAX
                server = self.servers.get(effect.address[0])
                if server:
                    server.receive(sip.read(effect.data), self.via or (self.net.address, effect.port))
            elif isinstance(effect, Bind):
                self.binds += 1
                self.act(self.all.receive(Bound(self.port), self.now))
                self.act(self.all.tick(self.now))
            elif isinstance(effect, Asked):
                self.asked.append(effect)
            else:
                assert isinstance(effect, Note), effect

    def run(self, ms):
        end = self.now + ms
        for _ in range(100000):
            waits = [due for due, _, _ in self.line]
            wait = self.all.deadline()
            if wait is not None:
                waits.append(max(wait, self.now))
            if not waits or min(waits) > end:
                self.now = end
                return self
            self.now = min(waits)
            if self.line and self.line[0][0] <= self.now:
                _, address, data = self.line.pop(0)
                self.feed(Datagram(data, address, 5060))
            else:
                before = self.all.deadline()
                self.feed(None)
                assert self.all.deadline() != before or self.line, "busy loop at %d" % self.now
        raise AssertionError("busy loop")

    def until(self, holds, most):
        start = self.now
        while not holds():
            assert self.now < start + most, self.said()
            self.run(100)
        return self.now - start

    def said(self):
        from phone.phrases import plain

        return [plain(said) for _, said in self.journal.lines]

    def heard(self, words):
        """How often the journal says this, not counting where it gives the reason of a registration."""
        said = [said.partition(", since")[0] for said in self.said()]
        return len([1 for one in said if words in one])


def registered(*hosts, **more):
    story = Story(*(hosts or ("10.0.0.1", "10.0.0.2")), **more)
    story.until(lambda: story.all.registered, 31000)
    story.run(100)
    return story


def test_it_registers_with_a_digest_and_one_contact():
    story = registered()
    first, second = story.servers["10.0.0.1"].of("REGISTER")
    assert first.uri == second.uri == "sip:10.0.0.1" and first.call_id == second.call_id
    assert second.cseq == first.cseq + 1 and first.branch != second.branch
    assert first.get(b"contact") == b"<sip:1001@10.0.0.100:5060>" and first.get(b"expires") == b"120"
    assert first.get(b"from").startswith(b"<sip:1001@10.0.0.1>;tag=")
    assert first.get(b"to") == b"<sip:1001@10.0.0.1>"
    assert first.raw(b"via")[0].endswith(b";rport") and first.get(b"max-forwards") == b"70"
    assert first.get(b"authorization") == b"" and b'username="1001"' in second.get(b"authorization")
    assert story.heard("Registered at 1.") == 1 and not story.servers["10.0.0.2"].of("REGISTER")
    home = story.all.home
    assert home.number == 0 and home.registered and home.well and story.book.home == 0
    assert not story.store, "a phone that is where it always is writes nothing"
    words = [(one.label, one.path, one.why, one.word) for one in story.asked if one.path == "REGISTER"]
    assert words == [("1", "REGISTER", "register", ""), ("1", "REGISTER", "register", "401"),
                     ("1", "REGISTER", "register", ""), ("1", "REGISTER", "register", "200")]  # fmt: skip


def test_it_keeps_alive_between_refreshes_with_one_nonce():
    story = registered()
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    start = story.now
    story.run(20 * MINUTE)
    registers, options = a.of("REGISTER", start), a.of("OPTIONS", start)
    assert 20 <= len(registers) <= 23 and 25 <= len(options) <= 45, (len(registers), len(options))
    counts = [message.get(b"authorization").split(b"nc=")[1][:8] for message in registers]
    assert counts == sorted(set(counts)) and counts[0] == b"00000002"
    assert [message.cseq for message in registers] == list(range(3, 3 + len(registers)))
    times = sorted([at for at, _ in a.asked])
    assert max([two - one for one, two in zip(times, times[1:])]) <= 30100
    polls = b.of("OPTIONS", start)
    assert 20 <= len(polls) <= 41 and not b.of("REGISTER")
    assert story.said() == ["Registered at 1."]


def test_behind_a_translator_the_contact_is_what_the_manager_sees():
    story = Story("10.0.0.1")
    story.via = ("192.0.2.7", 40000)
    story.until(lambda: story.all.registered, 31000)
    story.run(1000)
    contacts = [message.get(b"contact") for message in story.servers["10.0.0.1"].of("REGISTER")]
    assert contacts == [b"<sip:1001@10.0.0.100:5060>", b"<sip:1001@192.0.2.7:40000>"]
    story.via = ("192.0.2.7", 41000)
    since = story.now
    story.run(2 * MINUTE)
    later = story.servers["10.0.0.1"].of("REGISTER", since)
    assert [message.all(b"contact") for message in later[:2]] == [
        [b"<sip:1001@192.0.2.7:41000>", b"<sip:1001@192.0.2.7:40000>;expires=0"],
        [b"<sip:1001@192.0.2.7:41000>"],
    ], [message.all(b"contact") for message in later]


def test_an_old_nonce_is_no_wrong_password_and_a_fresh_one_is():
    story = registered()
    a = story.servers["10.0.0.1"]
    a.nonce = "n2"  # restarted
    story.run(2 * MINUTE)
    assert story.all.home.number == 0 and story.all.registered and len(story.said()) == 1
    a.taken = False
    a.nonce = "n3"
    story.until(lambda: story.all.home.number == 1, 61000)
    assert story.heard("1 refuses the phone's password.") == 1
    since = story.now
    story.run(149000)
    assert not a.asked or not [1 for at, _ in a.asked if at > since], "left alone for a while"
    story.run(60 * MINUTE)
    assert story.heard("1 refuses the phone's password.") <= 20
    assert len(a.of("REGISTER", since)) < 20


def test_silence_is_confirmed_once_and_then_the_next_one_takes_the_phone():
    story = registered()
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    a.answer = "silent"
    died = max([at for at, _ in a.asked])
    story.until(lambda: b.bound, 46000)
    assert story.now - died <= 45200
    story.run(100)
    said = story.said()[1:]
    assert said == ["1 does not answer: it is asked once more.", "1 does not answer.",
                    "Registered at 2, since 1 does not answer."]  # fmt: skip
    assert story.book.home == 1 and story.all.home.number == 1
    kept = unpack_home(story.store[HOME], story.config.homes)
    assert kept.home == 1 and kept.hold_s == 120 and kept.why.startswith("Registered at 2")
    confirm = [message for at, message in a.asked if at > died][-1]
    assert confirm.method == "REGISTER"


def test_one_lost_keep_alive_is_none():
    story = registered()
    a = story.servers["10.0.0.1"]
    story.until(lambda: a.of("OPTIONS", 0) and story.now - a.asked[-1][0] > 100, 60000)
    start = story.now
    a.answer = "silent"
    story.until(lambda: a.of("OPTIONS", start) or a.of("REGISTER", start), 60000)
    story.run(7600)
    a.answer = None
    story.run(MINUTE)
    assert story.all.home.number == 0 and story.heard("it is asked once more.") == 1


def back_home(story):
    story.until(lambda: story.all.home.number == 0 and story.all.registered, 10 * MINUTE)
    story.run(100)


def test_the_return_makes_before_it_breaks():
    story = registered()
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    a.answer = "silent"
    story.until(lambda: b.bound, 60000)
    a.answer = None
    back_home(story)
    assert a.bound and not b.bound
    assert story.heard("1 is well again: the phone returns to it.") == 1
    assert story.heard("Back at 1, which was") == 1
    first = [at for at, message in a.asked if message.get(b"expires") == b"120"][-1]
    last = [at for at, message in b.asked if message.get(b"expires") == b"0"][-1]
    assert first < last < first + 100
    assert [one.why for one in story.asked if one.why == "release"]
    a.answer = "silent"
    story.until(lambda: b.bound, 60000)
    assert story.heard("1 was left again: it has to be well for 4 min now.") == 1
    assert unpack_home(story.store[HOME], story.config.homes).relapses == 1


def test_no_return_while_somebody_uses_the_phone():
    story = registered(timers={"return_ms": 0})
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    a.answer = "silent"
    story.until(lambda: b.bound, 60000)
    a.answer = None
    story.outside.has_form = True
    story.run(10 * MINUTE)
    assert story.all.home.number == 1
    story.outside.has_form = False
    story.all.key(story.now)
    since = story.now
    back_home(story)
    assert 60000 <= story.now - since <= 61000


def test_who_froze_and_thaws_is_not_believed_late_and_forgets_the_phone():
    story = registered()
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    a.answer = "held"
    story.until(lambda: b.bound, 60000)
    story.run(MINUTE)
    a.answer = None
    for message, whence in a.held:
        a.say(message, whence)
    assert a.bound, "what was queued is carried out"
    story.run(10)
    assert story.all.home.number == 1 and story.all.counts["late"] >= 2
    story.run(2500)
    assert not a.bound and b.bound, "the old binding is released"
    assert story.all.home.number == 1


def test_a_busy_manager_is_left_and_not_asked_before_its_time():
    story = registered()
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    a.answer = (503, [("Retry-After", "300")])
    story.until(lambda: not story.all.registered, 60000)
    busy = a.asked[-1][0]
    story.until(lambda: b.bound, 31000)
    story.run(100)
    assert story.heard("1 is busy (503) for 5 min.") == 1
    story.run(298000 - (story.now - busy))
    assert a.asked[-1][0] == busy
    story.run(4 * MINUTE)
    assert a.asked[-1][0] > busy + 300000


def test_a_longer_interval_is_obeyed():
    story = Story("10.0.0.1")
    a = story.servers["10.0.0.1"]
    short = (423, [("Min-Expires", "600")])
    a.answer = lambda message: short if message.get(b"expires") == b"120" else a.well(message)
    story.until(lambda: story.all.registered, 31000)
    assert a.of("REGISTER")[-1].get(b"expires") == b"600"
    a.answer = (423, [("Min-Expires", "60")])  # nonsense
    story.until(lambda: not story.all.registered, 2 * MINUTE)
    assert story.heard("refuses the phone (423)") == 1


def test_a_redirection_leads_to_known_managers_only():
    story = registered("10.0.0.1", "10.0.0.2", "10.0.0.3")
    a = story.servers["10.0.0.1"]
    there = (302, [("Contact", "<sip:10.0.0.3:5060>")])
    a.answer = lambda message: there if message.method == "REGISTER" else 200
    story.until(lambda: story.all.home.number == 2, 61000)
    assert story.heard("1 sends the phone to 3.") == 1 and not story.servers["10.0.0.2"].of("REGISTER")
    c = story.servers["10.0.0.3"]
    away = (302, [("Contact", "<sip:evil.example>")])
    c.answer = lambda message: away if message.method == "REGISTER" else 200
    story.until(lambda: story.all.home.number == 1, 61000)
    assert story.heard("3 sends the phone to evil.example, which it does not know.") == 1


def test_who_does_not_know_us_any_more_is_registered_with_at_once():
    story = registered()
    a = story.servers["10.0.0.1"]
    a.answer = lambda message: 480 if message.method == "OPTIONS" and not a.bound else a.well(message)
    a.bound = False
    story.until(lambda: a.bound, 31000)
    assert story.heard("1 may have lost the registration (480): once more.") == 1
    a.answer = lambda message: 404 if message.method == "OPTIONS" else a.well(message)
    story.run(10 * MINUTE)
    assert story.heard("(404)") == 1, "some refuse OPTIONS always"
    assert story.all.home.number == 0


def test_each_address_of_a_manager_is_asked():
    story = Story("cm.example", "10.0.0.2")
    story.net.places["cm.example"] = [("10.0.1.1", 5060), ("10.0.1.2", 5060), ("10.0.1.3", 5070)]
    for host in ("10.0.1.1", "10.0.1.2", "10.0.1.3"):
        story.servers[host] = Server(story, host)
    story.servers["10.0.1.1"].answer = "silent"
    story.until(lambda: story.all.registered, 39000)
    assert story.servers["10.0.1.2"].bound
    start = story.now
    for host in ("10.0.1.1", "10.0.1.2", "10.0.1.3"):
        story.servers[host].answer = "silent"
    story.until(lambda: story.servers["10.0.0.2"].bound, 60500)
    for host in ("10.0.1.3", "10.0.1.1"):
        assert story.servers[host].of("REGISTER", start), host
    assert story.all.known(("10.0.1.3", 9)).number == 0 and story.all.known(("10.9.9.9", 5060)) is None


def test_a_name_that_is_not_found_leads_to_the_next():
    story = Story("cm.example", "10.0.0.2")
    story.net.places["cm.example"] = False
    story.until(lambda: story.all.registered, 31000)
    assert story.all.home.number == 1 and story.heard("e is not found.") == 1
    story = Story("cm.example")
    story.net.places["cm.example"] = None
    story.run(40000)
    story.net.places["cm.example"] = [("10.0.0.9", 5060)]
    story.servers["10.0.0.9"] = Server(story, "10.0.0.9")
    story.feed(None)  # the answer of the name server
    story.run(1000)
    assert story.all.registered


def test_all_dead_is_said_and_tried_with_growing_waits():
    story = Story("10.0.0.1", "10.0.0.2")
    for server in story.servers.values():
        server.answer = "silent"
    story.run(60 * MINUTE)
    said = story.said()
    assert said[:2] == ["1 does not answer.", "2 does not answer."]
    assert "No call manager takes the phone." in said[2]
    assert len(said) == 2 + 5 and not story.all.registered
    registers = story.servers["10.0.0.1"].of("REGISTER")
    assert len({message.branch for message in registers}) < 30
    story.servers["10.0.0.2"].answer = None
    story.until(lambda: story.all.registered, 61000)
    assert story.all.home.number == 1 and story.heard("Registered at 2.") == 1


def test_the_network_goes_and_comes():
    story = registered()
    a = story.servers["10.0.0.1"]
    story.net.address = ""
    story.act(story.all.cancel(story.now))
    assert not story.all.registered
    before = len(a.asked)
    story.run(5 * MINUTE)
    assert len(a.asked) == before
    story.net.address = "10.0.0.101"
    story.all.wake(story.now)
    since = story.now
    took = story.until(lambda: story.all.registered, 31000)
    assert a.of("REGISTER", since)[0].get(b"contact") == b"<sip:1001@10.0.0.101:5060>"
    assert took > 0
    story.act(story.all.cancel(story.now))
    assert story.all.registered, "connections were closed for want of memory: SIP goes on"


def test_another_address_is_told_with_the_next_keep_alive():
    story = registered()
    story.net.address = "10.0.0.102"
    since = story.now
    story.run(32000)
    register = story.servers["10.0.0.1"].of("REGISTER", since)[0]
    new, old = register.all(b"contact")
    assert (new, old) == (b"<sip:1001@10.0.0.102:5060>", b"<sip:1001@10.0.0.100:5060>;expires=0")


def test_a_port_that_is_taken_is_tried_again():
    story = Story("10.0.0.1", port=0)
    story.run(5 * BIND_MS)
    assert story.binds == 6 and not story.servers["10.0.0.1"].asked
    assert story.said() == ["Port 5060 is taken: the phone cannot register. It tries again."]
    story.port = 5060
    story.run(2 * MINUTE)
    assert story.all.registered


def test_odd_datagrams_cost_a_count():
    story = registered()
    for data in (b"", b"\r\n\r\n", b"x" * 1500, b"SIP/2.0 200 OK\r\n\r\n", bytes(range(256))):
        story.feed(Datagram(data, ("10.6.6.6", 5060), 5060))
    assert story.all.odd == 5 and story.all.registered
    a = story.servers["10.0.0.1"]
    forged = sip.response(a.asked[-1][1], 503, "No", "t", [("Retry-After", "900")])
    story.feed(Datagram(forged, ("10.6.6.6", 5060), 5060))
    assert story.all.registered and story.all.counts["late"] == 1
    assert story.all.receive(Datagram(b"", ("10.0.0.53", 53), 0), story.now) is None, "of another socket"


def test_where_the_phone_was_it_is_again_and_so_is_the_hold():
    story = registered()
    story.servers["10.0.0.1"].answer = "silent"
    story.until(lambda: story.servers["10.0.0.2"].bound, 60000)
    story.run(100)
    again = Story("10.0.0.1", "10.0.0.2", store=story.store)
    again.until(lambda: again.all.registered, 31000)
    assert again.all.home.number == 1 and again.book.home == 1
    assert not again.servers["10.0.0.1"].of("REGISTER")


def test_check_sync_asks_now_and_not_too_often():
    story = registered()
    a = story.servers["10.0.0.1"]
    story.run(3000)
    since = story.now
    for _ in range(50):
        story.all.refresh(story.now)
        story.run(200)
    assert len(a.of("REGISTER", since)) == 1
    story.all.refresh(story.now)
    story.run(10100)
    assert len(a.of("REGISTER", since)) == 2


def test_learned_managers_come_after_the_configured_ones_and_their_home_is_kept():
    story = Story("10.0.0.1", learned=[(900, "sip:10.0.0.8:5060"), (500, "sip:10.0.0.9:5060")])
    for host in ("10.0.0.8", "10.0.0.9"):
        Server(story, host)
    found = [(one.label, one.number) for one in story.all.list]
    assert found == [("1", 0), ("10.0.0.8", -1), ("10.0.0.9", -1)]
    story.until(lambda: story.all.registered, 31000)
    story.servers["10.0.0.1"].answer = "silent"
    story.until(lambda: story.servers["10.0.0.8"].bound, 60000)
    story.run(100)
    assert story.book.home == 1 and story.all.registered
    kept = unpack_home(story.store[HOME], story.config.homes)
    assert kept.home == 1 and kept.uri == "sip:10.0.0.8:5060"
    story.all.teaching.managers = [(900, "sip:10.0.0.9:5060")]
    story.all.teaching.changed = True
    story.feed(None)
    assert [one.label for one in story.all.list] == ["1", "10.0.0.9", "10.0.0.8"], "stays until it is left"
    story.servers["10.0.0.1"].answer = None
    back_home(story)
    assert [one.label for one in story.all.list] == ["1", "10.0.0.9"]


def test_only_the_home_teaches_and_only_with_its_proof():
    story = registered()
    teaching = story.all.teaching
    story.run(5 * MINUTE)
    assert {label for label, _, _ in teaching.heard} == {"1"}
    assert {method for _, method, _ in teaching.heard} == {"REGISTER", "OPTIONS"}
    a = story.servers["10.0.0.1"]

    def forge(message):
        status, fields = a.well(message)
        return status, fields + [("Authentication-Info", 'qop=auth, rspauth="0123", nc=00000001, cnonce="x"')]

    a.answer = lambda message: forge(message) if message.method == "REGISTER" else 200
    heard = len(teaching.heard)
    story.until(lambda: story.all.home.number == 1, 70000)
    assert story.heard("1 cannot prove that it knows the phone's password.") == 1
    assert [one for one in teaching.heard[heard:] if one[1] == "REGISTER" and one[0] == "1"] == []


def test_without_options_the_refresh_finds_the_death():
    story = registered(timers={"options_ms": 0})
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    start = story.now
    story.run(3 * MINUTE)
    assert not a.of("OPTIONS", start)
    a.answer = "silent"
    story.until(lambda: b.bound, 60000 + 15000)


def test_a_domain_stands_in_the_address_of_record():
    story = registered("10.0.0.1", domain="ward.example", auth_user="u7")
    register = story.servers["10.0.0.1"].of("REGISTER")[-1]
    assert register.uri == "sip:ward.example" and register.get(b"to") == b"<sip:1001@ward.example>"
    given = register.get(b"authorization")
    assert b'username="u7"' in given and b'uri="sip:ward.example"' in given


def test_without_voice_the_contact_says_so():
    story = registered("10.0.0.1", voice=False)
    assert b';methods="OPTIONS,NOTIFY"' in story.servers["10.0.0.1"].of("REGISTER")[-1].get(b"contact")


def test_a_home_that_dies_during_the_return_is_left_for_where_the_phone_is_going():
    story = registered(timers={"return_ms": 0})
    a, b = story.servers["10.0.0.1"], story.servers["10.0.0.2"]
    a.answer = "silent"
    story.until(lambda: b.bound, 60000)
    a.answer = lambda message: "silent" if message.method == "REGISTER" else 200
    a.say = lambda message, whence, given: given != "silent" and Server.say(a, message, whence, given)
    story.until(lambda: story.all._home.state == BACK, 10 * MINUTE)
    b.answer = "silent"
    story.run(8000)
    assert story.all.home in story.all.list
    a.answer = None
    del a.say
    story.until(lambda: story.all._home.state == HERE and story.all.registered and a.bound, 2 * MINUTE)
