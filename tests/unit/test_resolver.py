"""core/resolver.py: names to addresses, with name servers that are silent, late or strange."""

from test_dns import HERE, reply

from phone.config import check
from phone.core.journal import Journal
from phone.core.net import Net
from phone.core.resolver import DENIED_MS, LATE_MS, TRIES, TRY_MS, TTL_MIN_MS, Resolver
from phone.events import Datagram
from phone.phrases import plain

SERVERS = (("10.0.0.53", 53), ("10.0.0.54", 53))
RAW = {"homes": [{"pointers": {"services": "http://10.0.0.1/"}}]}


class Entropy:
    def __init__(self):
        self.given = 0

    def __call__(self, count):
        self.given += 1
        return self.given.to_bytes(count, "big")


def resolver(servers=SERVERS, search=()):
    made = Resolver(Entropy(), search, Journal())
    made.servers = servers
    return made


def answer(made, ident, name, address, now, ttl=60, server=SERVERS[0]):
    """Give the answer; whether the address is known afterwards."""
    made.receive(reply(ident, name, [(HERE, 1, ttl, bytes(address))]), server, now)
    return made.lookup(name, now) == "%d.%d.%d.%d" % address


def test_literals_and_localhost_ask_nobody():
    net = Net(check(RAW)[0], Entropy(), Journal(), 1)
    assert net.lookup("10.1.2.3", 0) == "10.1.2.3" and net.lookup("localhost", 0) == "127.0.0.1"
    assert net.tick(0) == [] and net.deadline() is None
    net.receive(Datagram(b"x", ("10.0.0.53", 53), 0), 0)
    net.link("10.0.0.100", ("10.0.0.53",))
    assert net.lookup("h", 0) is None and len(net.tick(0)) == 1 and net.deadline() == TRY_MS


def test_a_name_is_asked_for_once_and_kept_for_its_ttl():
    made = resolver()
    assert made.lookup("h.example", 0) is None and made.lookup("h.example", 0) is None
    (sent,) = made.tick(0)
    assert sent.address == ("10.0.0.53", 53) and made.tick(1) == []
    assert answer(made, 1, "h.example", (10, 0, 0, 1), 5)
    assert made.lookup("h.example", 5) == "10.0.0.1" and made.deadline() is None
    assert made.lookup("h.example", 60004) == "10.0.0.1"
    assert made.tick(60004) == []
    assert made.lookup("h.example", 60005) == "10.0.0.1"  # the old one serves, and a new one is asked for
    assert len(made.tick(60005)) == 1


def test_a_silent_server_costs_a_try_and_all_silent_is_a_no():
    made = resolver()
    made.lookup("h", 0)
    now = 0
    asked = []
    while made.lookup("h", now) is None:
        asked += [effect.address[0] for effect in made.tick(now)]
        now = made.deadline() or now
    assert asked == [host for host, _ in SERVERS] * TRIES and now == TRY_MS * TRIES * 2
    assert made.lookup("h", now) is False and "no name server" in plain(made.why("h"))


def test_the_last_good_address_serves_while_dns_is_silent():
    made = resolver()
    made.lookup("h", 0)
    made.tick(0)
    answer(made, 1, "h", (10, 0, 0, 1), 0, ttl=20)
    now = 20000
    asked = 0
    while made.lookup("h", now) == "10.0.0.1" and asked < 10 * TRIES * len(SERVERS):
        asked += len(made.tick(now))
        now = made.deadline() or now + TTL_MIN_MS
    assert asked == 10 * TRIES * len(SERVERS)


def test_a_round_that_was_given_up_is_begun_anew():
    made = resolver()
    made.lookup("h", 0)
    made.tick(0)
    now = 60000  # nobody ticked: the person cancelled
    assert made.lookup("h", now) is None and len(made.tick(now)) == 1
    assert answer(made, 2, "h", (10, 0, 0, 1), now) and made.lookup("h", now) == "10.0.0.1"


def test_no_such_name_is_final_for_a_while():
    made = resolver()
    made.lookup("h", 0)
    made.tick(0)
    made.receive(reply(1, "h", [], 0x8183), ("10.0.0.53", 53), 5)
    assert made.lookup("h", 6) is False and "does not exist" in plain(made.why("h"))
    assert made.lookup("h", 5 + TTL_MIN_MS) is None


def test_a_server_that_cannot_say_is_passed_over():
    made = resolver()
    made.lookup("h", 0)
    made.tick(0)
    made.receive(reply(1, "h", [], 0x8182), ("10.0.0.53", 53), 5)
    (sent,) = made.tick(5)
    assert sent.address[0] == "10.0.0.54"


def test_answers_of_strangers_are_not_taken():
    made = resolver()
    made.lookup("h", 0)
    made.tick(0)
    good = reply(1, "h", [(HERE, 1, 60, b"\x0a\x00\x00\x01")])
    other = reply(2, "h", [(HERE, 1, 60, b"\x0a\x00\x00\x01")])
    lie = reply(1, "i", [(HERE, 1, 60, b"\x0a\x00\x00\x01")])
    for data, address in (
        (good, ("10.6.6.6", 53)),  # another host
        (good, ("10.0.0.53", 5353)),  # another port
        (good, ("10.0.0.54", 53)),  # a server that was not asked yet
        (other, SERVERS[0]),  # another id
        (lie, SERVERS[0]),  # the answer to another question
    ):
        made.receive(data, address, 1)
        assert made.lookup("h", 2) is None, address
    made.receive(good, SERVERS[0], 2)
    assert made.lookup("h", 2) == "10.0.0.1"


def test_an_answer_that_comes_late_is_there_for_the_next_key():
    made = resolver(SERVERS[:1])
    made.lookup("h", 0)
    now = 0
    while made.lookup("h", now) is None:
        made.tick(now)
        now = made.deadline() or now
    assert made.lookup("h", now) is False
    assert answer(made, 1, "h", (10, 0, 0, 1), now + 3000)
    made = resolver(SERVERS[:1])
    made.lookup("h", 0)
    for now in (0, TRY_MS, 2 * TRY_MS):
        made.tick(now)
    assert not answer(made, 1, "h", (10, 0, 0, 1), 3 * TRY_MS + LATE_MS), "that was not asked lately"


def test_a_slow_name_server_is_still_one():
    """Each answer comes after the next question."""
    made = resolver(SERVERS[:1])
    made.lookup("h", 0)
    made.tick(0)
    made.tick(TRY_MS)
    assert answer(made, 1, "h", (10, 0, 0, 1), TRY_MS + 50)


def test_a_name_without_a_dot_is_sought_in_the_domains_and_then_as_it_is():
    made = resolver(SERVERS[:1], ("ward.example", "example"))
    made.lookup("intra", 0)
    asked = []
    for now in range(3):
        (sent,) = made.tick(now)
        asked.append(bytes(sent.data))
        full = ("intra.ward.example", "intra.example", "intra")[now]
        made.receive(reply(now + 1, full, [], 0x8183), SERVERS[0], now)
    assert [b"\x04ward" in data for data in asked] == [True, False, False]
    assert b"\x07example" in asked[1] and b"example" not in asked[2]
    assert made.lookup("intra", 3) is False and "does not exist" in plain(made.why("intra"))
    made = resolver(SERVERS[:1], ("example",))
    made.lookup("intra", 0)
    made.tick(0)
    made.receive(reply(1, "intra.example", [(HERE, 1, 60, b"\x0a\x00\x00\x01")]), SERVERS[0], 1)
    assert made.lookup("intra", 1) == "10.0.0.1"
    made.lookup("a.b", 1)  # a name with a dot is asked for as it is
    (sent,) = made.tick(1)
    assert b"example" not in bytes(sent.data)


def test_names_of_multicast_dns_are_refused_in_words():
    made = resolver()
    for name in ("printer.local", "a.b.local."):
        assert made.lookup(name, 0) is False and ".local" in plain(made.why(name)) and made.tick(0) == []


def test_a_denial_does_not_take_an_address_that_was_good_today():
    made = resolver(SERVERS[:1])
    made.lookup("h", 0)
    made.tick(0)
    answer(made, 1, "h", (10, 0, 0, 1), 0, ttl=20)
    now, ident = 20000, 2
    while now < DENIED_MS + 60000:
        made.lookup("h", now)
        assert len(made.tick(now)) == 1
        notes = made.receive(reply(ident, "h", [], 0x8183), SERVERS[0], now)
        assert len(notes) == (ident == 2), "said once"
        assert made.lookup("h", now) == (False if now > DENIED_MS else "10.0.0.1"), now
        now, ident = now + 60000, ident + 1
    assert now > DENIED_MS


def test_the_account_says_when_a_name_is_found_again():
    made = resolver(SERVERS[:1])
    made.lookup("h", 0)
    made.tick(0)
    answer(made, 1, "h", (10, 0, 0, 1), 0, ttl=10)
    made.lookup("h", 10000)
    notes = []
    for now in (10000, 10000 + TRY_MS, 10000 + 2 * TRY_MS):
        notes += made.tick(now)
    assert "its last address, 10.0.0.1" in notes[-1].text
    now = 10000 + 2 * TRY_MS + TTL_MIN_MS
    made.lookup("h", now)
    made.tick(now)
    (note,) = made.receive(reply(3, "h", [(HERE, 1, 60, b"\x0a\x00\x00\x01")]), SERVERS[0], now)
    assert "found again" in note.text


def test_where_one_address_of_a_name_does_not_answer_the_next_comes_first():
    made = resolver()
    made.lookup("h", 0)
    made.tick(0)
    records = [(HERE, 1, 60, bytes((10, 0, 0, last))) for last in (1, 2)]
    made.receive(reply(1, "h", records), SERVERS[0], 0)
    assert made.lookup("h", 1) == "10.0.0.1"
    made.turn("h", "10.0.0.1")
    made.turn("h", "10.0.0.1")  # a second request that failed there turns nothing
    made.turn("strange", "10.0.0.1")
    assert made.lookup("h", 1) == "10.0.0.2"


def test_without_a_name_server_the_answer_is_no_at_once():
    made = resolver(())
    assert made.lookup("h", 0) is False and "no name server" in plain(made.why("h"))


def test_the_number_of_names_is_bounded():
    made = resolver()
    for number in range(50):
        name = "h%d" % number
        found = made.lookup(name, number)
        for effect in made.tick(number):
            ident = effect.data[0] << 8 | effect.data[1]
            answer(made, ident, name, (10, 0, 0, number), number)
        assert made.lookup(name, number) == "10.0.0.%d" % number, (number, found)
    assert len(made._names) <= 24
