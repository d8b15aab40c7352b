"""core/resolver.py: names to addresses, with name servers that are silent, late or strange."""

from test_dns import HERE, reply

from phone.core.net import Net
from phone.core.resolver import TRIES, TRY_MS, TTL_MIN_MS, Resolver

SERVERS = ("10.0.0.53", "10.0.0.54")


class Entropy:
    def __init__(self):
        self.given = 0

    def __call__(self, count):
        self.given += 1
        return self.given.to_bytes(count, "big")


def resolver(servers=SERVERS):
    made = Resolver(Entropy())
    made.servers = servers
    return made


def answer(made, ident, name, address, now, ttl=60, server=SERVERS[0]):
    return made.receive(reply(ident, name, [(HERE, 1, ttl, bytes(address))]), (server, 53), now)


def test_literals_and_localhost_ask_nobody():
    net = Net(Entropy())
    assert net.lookup("10.1.2.3", 0) == "10.1.2.3" and net.lookup("localhost", 0) == "127.0.0.1"
    assert net.tick(0) == [] and net.deadline() is None
    net.receive(b"x", ("10.0.0.53", 53), 0)
    net.servers = SERVERS
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
    assert asked == list(SERVERS) * TRIES and now == TRY_MS * TRIES * 2
    assert made.lookup("h", now) is False and "no name server" in made.why("h")


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
    assert made.lookup("h", 6) is False and "no such name" in made.why("h")
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
    assert not made.receive(good, ("10.6.6.6", 53), 1)  # another host
    assert not made.receive(good, ("10.0.0.53", 5353), 1)  # another port
    assert not made.receive(good, ("10.0.0.54", 53), 1)  # not the server that was asked
    assert not made.receive(
        reply(2, "h", [(HERE, 1, 60, b"\x0a\x00\x00\x01")]), ("10.0.0.53", 53), 1
    )  # another id
    assert made.lookup("h", 2) is None
    assert made.receive(good, ("10.0.0.53", 53), 2)


def test_without_a_name_server_the_answer_is_no_at_once():
    made = resolver(())
    assert made.lookup("h", 0) is False and "no name server" in made.why("h")


def test_the_number_of_names_is_bounded():
    made = resolver()
    for number in range(50):
        name = "h%d" % number
        found = made.lookup(name, number)
        for effect in made.tick(number):
            ident = effect.data[0] << 8 | effect.data[1]
            answer(made, ident, name, (10, 0, 0, number), number)
        assert made.lookup(name, number) == "10.0.0.%d" % number, (number, found)
    assert len(made._names) <= 16
