"""A phone's Managers in virtual time among small call managers, for unit tests: no agent, no real network."""


from phone import config as configurations
from phone.core.jitter import Jitter
from phone.core.journal import Journal
from phone.core.learned import HOME, unpack_home
from phone.core.managers import Managers
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

    def move(self, home, now):
        self.home = home


class Wall:
    said = None  # (unix seconds, source)

    def wants(self, source):
        return True

    def learn(self, seconds, source, now):
        self.said = seconds, source

    def utc(self, ms):
        return 1790000000 + ms // 1000


class Server:
    """A call manager. `answer`: what it does with a request: a status, (status, fields), or a function that
    gives one of these; "silent", "held"; None: what it should.
    """

    def __init__(self, story, host):
        self.story, self.host = story, host
        self.answer = None
        self.asked = []  # (ms, Message)
        self.count = 0
        self.nonce = "n1"
        self.taken = True  # whether it takes the password
        self.bound = False
        self.held = []
        story.servers[host] = self

    def receive(self, message, whence):
        if not self.asked or self.asked[-1][1].branch != message.branch:  # not again: the heap is small
            self.asked.append((self.story.now, message))
        given = self.answer(message) if callable(self.answer) else self.answer
        if given == "held":
            self.held.append((message, whence))
        elif given != "silent":
            self.say(message, whence, given)

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
        self.store, self.wall = store or Store(), Wall()
        self.all = Managers(self.config, self.book, self.net, self.journal, self.store, self.wall,
                            self.entropy, Jitter("SEP1"), self.outside)  # fmt: skip
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


def back_home(story):
    story.until(lambda: story.all.home.number == 0 and story.all.registered, 10 * MINUTE)
    story.run(100)
