"""The scenery of call managers is right, and strict: seen with a small phone that can be wrong on purpose."""

import re

import pytest

from tests.story import sip
from tests.story.managers import PASSWORD, USER, Malformed, Manager, configuration, peak, spans, together
from tests.story.world import World

ORDER = ("Via", "Max-Forwards", "From", "To", "Call-ID", "CSeq", "Contact", "Expires")


class Fake:
    """As much of a phone as the managers need: it sends what it is told to, and keeps what comes."""

    deadline = config = None
    sip_port = 5060

    def __init__(self, world):
        self.world, self.host, self.heard, self.count = world, "10.0.0.%d" % (100 + len(world.phones)), [], 0
        world.phones.append(self)

    def datagram(self, data, address, port):
        assert port == self.sip_port
        self.world.after(3, lambda: self.heard.append(data))

    def fields(self, method, manager, **changes):
        self.count += 1
        own = {
            "Via": "SIP/2.0/UDP %s:5060;branch=z9hG4bKfake%d;rport" % (self.host, self.count),
            "Max-Forwards": "70",
            "From": "<sip:1001@%s>;tag=f1" % manager.host,
            "To": "<sip:1001@%s>" % manager.host,
            "Call-ID": "%s@%s" % (method, self.host),
            "CSeq": "%d %s" % (self.count, method),
            "Contact": "<sip:1001@%s:5060>" % self.host,
            "Expires": "120",
        }
        own.update(changes)
        return [(name, own[name]) for name in ORDER + tuple(set(changes) - set(ORDER)) if own[name]]

    def send(self, method, manager, wait=20, **changes):
        """Send, wait, and give the last answer as a Message (None: there was none)."""
        data = sip.write(
            "%s sip:%s SIP/2.0" % (method, manager.host), self.fields(method, manager, **changes)
        )
        return self.raw(data, manager, wait)

    def raw(self, data, manager, wait=20):
        before = len(self.heard)
        manager.receive(data, (self.host, 5060))
        self.world.run(wait)
        return read(self.heard[-1]) if len(self.heard) > before else None

    def register(self, manager, count=1, password=PASSWORD, **changes):
        """Twice, if it is challenged."""
        refused = self.send("REGISTER", manager, **changes)
        if refused is None or refused.status != 401:
            return refused
        self.nonce = sip.value(refused.fields, "www-authenticate")
        return self.again(manager, count, password, **changes)

    def again(self, manager, count, password=PASSWORD, **changes):
        words = sip.answer(self.nonce, USER, password, "REGISTER", "sip:" + manager.host, count)
        return self.send("REGISTER", manager, Authorization=words, **changes)


def read(data):
    """A Message of what may be folded."""
    head, _, body = data.partition(b"\r\n\r\n")
    return sip.read(re.sub(rb"\r\n[ \t]+", b" ", head) + b"\r\n\r\n" + body)


@pytest.fixture
def scene():
    world = World()
    return world, Manager(world, "A"), Manager(world, "B"), Fake(world)


def test_it_registers_with_a_digest_and_forgets_at_expires(scene):
    world, a, b, phone = scene
    answer = phone.register(a)
    assert answer.status == 200 and a.has(phone) and not b.bindings
    assert "expires=120" in sip.value(answer.fields, "contact")
    assert [one.status for one in a.answers] == [401, 200]
    given = sip.credentials(sip.value(a.requests[-1].message.fields, "authorization"))
    proof = sip.params(";" + sip.value(answer.fields, "authentication-info").replace(", ", ";"))
    assert proof["rspauth"].strip('"') == sip.reckon(given, PASSWORD, "")
    world.run(119000)
    assert a.has(phone)
    world.run(2000)
    assert not a.has(phone)
    assert phone.register(a, Expires="0").status == 200 and not a.bindings


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
def test_a_nonce_is_used_again_with_a_count_that_rises(scene, algorithm):
    world, a, _, phone = scene
    a.algorithms = (algorithm,)
    assert phone.register(a).status == 200
    assert phone.again(a, 2).status == 200
    a.nonce_uses = 2
    answer = phone.again(a, 3)
    assert answer.status == 401 and "stale=true" in sip.value(answer.fields, "www-authenticate")
    assert phone.register(a, password="guessed").status == 401
    assert phone.register(a).status == 200
    with pytest.raises(Malformed, match="nc=1 again"):
        phone.again(a, 1)


def test_the_vector_of_rfc_7616():
    """3.9.1, the same request with both algorithms."""
    given = {
        "username": "Mufasa", "realm": "http-auth@example.org", "uri": "/dir/index.html", "nc": "00000001",
        "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "qop": "auth",
        "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "algorithm": "MD5",
    }  # fmt: skip
    assert sip.reckon(given, "Circle of Life", "GET") == "8ca523f5e9506fed4657c9700eebdbec"
    given["algorithm"] = "SHA-256"
    wanted = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    assert sip.reckon(given, "Circle of Life", "GET") == wanted


WRONG = {
    "branch": {"Via": "SIP/2.0/UDP 10.0.0.100:5060;branch=old;rport"},
    "Via says": {"Via": "SIP/2.0/UDP 10.0.0.7:5060;branch=z9hG4bKsomething"},
    "without a tag": {"From": "<sip:1001@10.0.1.1>"},
    "To with a tag": {"To": "<sip:1001@10.0.1.1>;tag=1"},
    "a REGISTER for": {"To": "<sip:1002@10.0.1.1>"},
    "no call-id": {"Call-ID": ""},
    "CSeq of OPTIONS": {"CSeq": "9 OPTIONS"},
    "Max-Forwards": {"Max-Forwards": ""},
    "Contact": {"Contact": "<sip:1001@10.0.0.7:5060>"},
    "Expires": {"Expires": "soon"},
    "credentials": {"Authorization": "Basic MTAwMQ=="},
    "quotes": {"Authorization": 'Digest username="1", realm="r", nonce="n", uri="u", response="r", nc="1"'},
}


@pytest.mark.parametrize("what", WRONG)
def test_what_no_phone_may_send_is_malformed(scene, what):
    with pytest.raises(Malformed, match=what):
        scene[3].send("REGISTER", scene[1], **WRONG[what])


def test_what_the_order_of_requests_says(scene):
    world, a, b, phone = scene
    assert phone.register(a).status == 200
    with pytest.raises(Malformed, match="CSeq 1 after 2"):
        phone.send("REGISTER", a, CSeq="1 REGISTER")
    with pytest.raises(Malformed, match="another Call-ID"):
        phone.send("REGISTER", a, **{"Call-ID": "other@phone"})
    assert phone.send("REGISTER", b, **{"Call-ID": "other@phone"}).status == 401  # another registrar
    b.silent()
    assert phone.send("REGISTER", b, **{"Call-ID": "other@phone"}) is None
    world.run(5000)
    with pytest.raises(Malformed, match="while one is open"):
        phone.send("REGISTER", b, **{"Call-ID": "other@phone"})
    with pytest.raises(Malformed, match="is there twice"):
        phone.send("REGISTER", a, **{"call-id": "x"})


def test_a_retransmission_is_the_same_datagram_and_gets_the_same_answer(scene):
    world, a, _, phone = scene
    data = sip.write("OPTIONS sip:10.0.1.1 SIP/2.0", phone.fields("OPTIONS", a))
    assert phone.raw(data, a).status == 200
    phone.raw(data, a)
    assert phone.heard[0] == phone.heard[1] and [one.again for one in a.requests] == [False, True]
    with pytest.raises(Malformed, match="other bytes"):
        phone.raw(data.replace(b"Expires: 120", b"Expires: 130"), a)
    for broken in (
        b"hello",
        data.replace(b"\r\n", b"\n"),
        data + b"!",
        data.replace(b"Ward", b"W\xe4rd")[:-2],
    ):
        with pytest.raises(Malformed):
            phone.raw(broken, a)


def test_moods(scene):
    world, a, _, phone = scene
    a.silent()
    assert phone.send("OPTIONS", a) is None
    a.well()
    a.freeze()
    assert phone.send("OPTIONS", a) is None and phone.send("OPTIONS", a) is None
    a.thaw()
    world.run(50)
    assert len(phone.heard) == 2 and len(a.requests) == 3
    phone.register(a)
    a.kill()
    assert phone.send("OPTIONS", a) is None and not a.bindings
    a.restart()
    assert phone.send("OPTIONS", a).status == 200
    a.strict_options = True
    assert phone.send("OPTIONS", a).status == 480
    answer = phone.again(a, 2)
    assert answer.status == 401  # the nonce of before
    a.refuse(503, ("Retry-After", "30"))
    assert sip.value(phone.send("OPTIONS", a).fields, "retry-after") == "30"
    a.well()
    a.min_expires = 300
    assert sip.value(phone.register(a).fields, "min-expires") == "300"
    a.delay_ms = 400
    assert phone.send("OPTIONS", a) is None
    world.run(500)
    assert phone.heard[-1].startswith(b"SIP/2.0 480")
    a.loss, a.delay_ms = 1.0, 0
    assert phone.send("OPTIONS", a) is None


@pytest.mark.parametrize("style", ["plain", "compact", "folded"])
def test_pointers_ride_on_each_2xx(scene, style):
    world, a, _, phone = scene
    a.style = style
    a.pointers = [
        "<http://x/menu>;purpose=backup-service;q=0.9",
        "<sip:10.0.1.9>;purpose=backup-call-manager",
    ]
    assert len(sip.values(phone.register(a).fields, "call-info")) == 2
    assert len(sip.values(phone.send("OPTIONS", a).fields, "call-info")) == 2
    assert not any(b"Call-Info" in one for one in phone.heard if one.startswith(b"SIP/2.0 401"))
    a.everywhere, a.pointers = True, "<http://x/>;purpose=backup-service"
    a.void()
    assert sip.value(phone.send("REGISTER", a).fields, "call-info")


def test_who_holds_bindings_and_for_how_long(scene):
    world, a, b, phone = scene
    phone.register(a)
    world.run(60000)
    phone.register(b)
    world.run(20000)
    phone.register(a, Expires="0")
    assert len(spans(a, phone.host)) == 1 and spans(b, phone.host)[0][1] == world.now
    ((ms, names),) = together(phone, a, b)
    assert 20000 <= ms <= 20100 and names == {"A", "B"}
    phone.register(a)
    a.kill()
    world.run(30000)
    assert sum(ms for ms, _ in together(phone, a, b)) < 20200  # nobody holds anything with a dead one
    assert peak([0, 10, 900, 1000, 1005]) == 4


class Answerer(Fake):
    """Answers what managers send to it, by a function of the Message."""

    def __init__(self, world, answers):
        super().__init__(world)
        self.answers = answers

    def datagram(self, data, address, port):
        super().datagram(data, address, port)
        message = sip.read(data)
        manager = self.world.listeners[address]
        for status, more in self.answers(message):
            to = sip.value(message.fields, "to")
            fields = [
                (name.title(), sip.value(message.fields, name)) for name in ("via", "from", "call-id", "cseq")
            ]
            fields += [("To", to if "tag=" in to else to + ";tag=p1")] + more
            manager(sip.write("SIP/2.0 %d Words" % status, fields), (self.host, self.sip_port))


def test_a_push_is_sent_again_until_it_is_answered():
    world = World()
    a = Manager(world, "A")
    phone = Answerer(world, lambda message: [])
    push = a.notify(phone, "check-sync")
    world.run(40000)
    assert push.final == 408 and len(phone.heard) == 11  # 0, .5, 1.5, 3.5, 7.5, 11.5 ... below 32 s
    phone.answers = lambda message: [(200, [])]
    push = a.notify(phone, "check-sync")
    world.run(5000)
    assert push.final == 200 and len(push.responses) == 1


def test_a_challenged_push_is_authenticated():
    world = World()
    a, asked = Manager(world, "A"), sip.challenge("everline", "0badcafe", "SHA-256")

    def answers(message):
        given = sip.value(message.fields, "authorization")
        if not given:
            return [(401, [("WWW-Authenticate", asked)])]
        given = sip.credentials(given)
        return [(200 if sip.reckon(given, PASSWORD, "NOTIFY") == given["response"] else 403, [])]

    phone = Answerer(world, answers)
    push = a.notify(phone, "backup-pointers", b"Call-Info: <http://x/>;purpose=backup-service\r\n")
    wrong = a.notify(phone, "backup-pointers", b"x", password="guessed")
    none = a.notify(phone, "backup-pointers", b"x", password="")
    world.run(1000)
    assert (push.final, wrong.final, none.final) == (200, 403, 401)


def test_a_call_is_acknowledged_and_cancelled():
    world = World()
    a = Manager(world, "A")

    def answers(message):
        if message.method == "INVITE":
            return [(100, []), (180, [])]
        return [(200, []), (487, [])][: 1 if message.method == "CANCEL" else 0]

    phone = Answerer(world, answers)
    call = a.invite(phone)
    world.run(3000)
    call.cancel()
    world.run(100)
    methods = [sip.read(data).method for data in phone.heard]
    assert methods == ["INVITE", "CANCEL"] and [one.status for one in call.responses] == [100, 180, 200]
    phone.answers = lambda message: [(480, [])] if message.method == "INVITE" else []
    call = a.invite(phone)
    world.run(100)
    assert call.final == 480 and call.acknowledged == 1 and sip.read(phone.heard[-1]).method == "ACK"
    phone.answers = lambda message: [(405, [])]
    with pytest.raises(Malformed, match="Allow"):
        a.push("PUBLISH", phone)
        world.run(100)


def test_a_manager_watches_another_and_tells_once():
    world = World()
    a, b, told = Manager(world, "A"), Manager(world, "B"), []
    b.watch(a, lambda: told.append(world.now))
    world.run(10000)
    assert not told
    a.freeze()
    world.run(20000)
    assert len(told) == 1 and 14000 <= told[0] <= 16100


def test_the_configuration_is_one_that_the_phone_takes():
    world = World()
    a, b = Manager(world, "A"), Manager(world, "B", port=5070)
    raw = configuration(a, b, sites=(world.site("A"), world.site("B")), timers={"options_ms": 0})
    from phone import config

    found, mistakes = config.check(raw)
    assert not mistakes and found.sip.user == USER and found.sip.timers["options_ms"] == 0
