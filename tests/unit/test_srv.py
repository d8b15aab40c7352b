"""core/srv.py and Net.lookup_sip: where the call managers of a domain are, by SRV and by address."""

from test_dns import HERE, packed, reply, servers
from test_resolver import Entropy

from phone.config import check
from phone.core.jitter import Jitter
from phone.core.journal import Journal
from phone.core.net import Net
from phone.core.resolver import ABSENT_MS, TRIES, TRY_MS
from phone.core.srv import ordered
from phone.events import Datagram, Note
from phone.phrases import plain

SIP = "_sip._udp.ward.example"
RAW = {"homes": [{"pointers": {"services": "http://10.0.0.1/"}}]}


class World:
    """A name server at the other end of Net. records: SRV of SIP. hosts: name -> last bytes of addresses."""

    def __init__(self, records=(), hosts=(), name="SEP0"):
        self.net = Net(check(dict(RAW, identity={"name": name}))[0], Entropy(), Journal(), 1)
        self.net.link("10.0.0.100", ("10.0.0.53",))
        self.records, self.hosts = records, dict(hosts)
        self.asked, self.notes = [], []
        self.silent = ()

    def answer(self, now):
        """All questions that are due are answered."""
        for effect in self.net.tick(now):
            if type(effect) is Note:
                self.notes.append(effect.text)
                continue
            name = self._name(effect.data)
            self.asked.append(name)
            if name not in self.silent:
                self.net.receive(Datagram(self._reply(effect.data, name), ("10.0.0.53", 53), 0), now)

    def lookup(self, host="ward.example", port=0, now=0):
        """After as many turns as it takes, at one point in time."""
        for _ in range(9):
            found = self.net.lookup_sip(host, port, now)
            if found is not None:
                return found
            self.answer(now)
        return None

    def _name(self, data):
        labels, at = [], 12
        while data[at]:
            labels.append(str(data[at + 1 : at + 1 + data[at]], "ascii"))
            at += 1 + data[at]
        assert data[at + 1 :] == (b"\0\x21\0\1" if labels[0][0] == "_" else b"\0\1\0\1"), labels
        return ".".join(labels)

    def _reply(self, data, name):
        ident = data[0] << 8 | data[1]
        if name == SIP:
            return servers(ident, name, [record[:3] + (packed(record[3]),) for record in self.records])
        found = [(HERE, 1, 60, bytes((10, 0, 0, last))) for last in self.hosts.get(name, ())]
        return reply(ident, name, found, 0x8180 if found else 0x8183)


def test_a_literal_and_a_port_are_no_question_of_services():
    world = World(hosts={"h.example": (7, 8)})
    assert world.net.lookup_sip("10.1.2.3", 0, 0) == [("10.1.2.3", 5060)]
    assert world.net.lookup_sip("10.1.2.3", 5070, 0) == [("10.1.2.3", 5070)] and world.net._resolver is None
    assert world.lookup("localhost") == [("127.0.0.1", 5060)] and world.asked == []
    assert world.lookup("h.example", 5070) == [("10.0.0.7", 5070), ("10.0.0.8", 5070)]
    assert world.asked == ["h.example"]


def test_a_domain_is_looked_up_by_service_and_then_by_address():
    hosts = {"a.ward.example": (1,), "b.ward.example": (2, 3), "ward.example": (9,)}
    world = World([(20, 0, 5070, "b.ward.example"), (10, 0, 5060, "a.ward.example")], hosts)
    found = world.lookup()
    assert found == [("10.0.0.1", 5060), ("10.0.0.2", 5070), ("10.0.0.3", 5070)]
    assert world.asked == [SIP, "a.ward.example", "b.ward.example"]
    world = World(hosts=hosts)
    assert world.lookup() == [("10.0.0.9", 5060)] and world.asked == [SIP, "ward.example"]


def test_four_targets_are_enough():
    names = ["%s.example" % letter for letter in "abcdefgh"]
    hosts = [(name, (1 + at, 101 + at)) for at, name in enumerate(names)]
    world = World([(at, 0, 5060, name) for at, name in enumerate(names)], hosts)
    assert [address for address, _ in world.lookup()] == ["10.0.0.1", "10.0.0.101", "10.0.0.2", "10.0.0.102"]


def test_a_target_without_an_address_is_left_out():
    records = [(10, 0, 5060, "gone.example"), (20, 0, 5060, "a.example")]
    assert World(records, {"a.example": (1,)}).lookup() == [("10.0.0.1", 5060)]
    world = World(records)
    assert world.lookup() is False and "gone.example" in plain(world.net.why("ward.example"))
    world = World()
    assert world.lookup() is False and '"ward.example"' in plain(world.net.why("ward.example"))


def test_a_domain_without_services_is_asked_for_them_seldom_and_nobody_waits_for_it():
    world = World(hosts={"ward.example": (9,)})
    world.lookup()
    assert world.lookup(now=ABSENT_MS - 1) and world.asked.count(SIP) == 1
    assert world.net.lookup_sip("ward.example", 0, ABSENT_MS) == [("10.0.0.9", 5060)]
    world.answer(ABSENT_MS)
    assert world.asked.count(SIP) == 2


def test_a_silent_name_server_leaves_the_last_servers():
    world = World([(10, 0, 5060, "a.example")], {"a.example": (1,)})
    assert world.lookup() == [("10.0.0.1", 5060)]
    world.silent = (SIP, "a.example")
    for now in range(60000, 600000, 1000):
        assert world.net.lookup_sip("ward.example", 0, now) == [("10.0.0.1", 5060)], now
        world.answer(now)
    assert "its last address, a.example, is used" in " ".join(world.notes), world.notes
    world = World(hosts={"ward.example": (9,)})
    world.silent = (SIP,)
    assert world.lookup() is None, "it waits"
    for now in range(TRY_MS, TRY_MS * (TRIES + 1), TRY_MS):
        world.answer(now)
    assert world.lookup(now=TRY_MS * TRIES) == [("10.0.0.9", 5060)]


def test_one_target_that_nobody_can_name_holds_the_others_up_no_longer_than_its_tries():
    world = World([(10, 0, 5060, "slow.example"), (20, 0, 5060, "a.example")], {"a.example": (1,)})
    world.silent = ("slow.example",)
    assert world.lookup() is None
    for now in range(TRY_MS, TRY_MS * (TRIES + 1), TRY_MS):
        world.answer(now)
    assert world.lookup(now=TRY_MS * TRIES) == [("10.0.0.1", 5060)]


def test_where_many_names_are_asked_for_at_once_it_waits():
    world = World([(10, 0, 5060, "a.example")], {"a.example": (1,)})
    for number in range(8):
        assert world.net.lookup("h%d" % number, 0) is None
    assert world.net.lookup_sip("ward.example", 0, 0) is None
    world.answer(0)
    assert world.lookup() == [("10.0.0.1", 5060)]


RECORDS = ((20, 10, 1, "x"), (10, 60, 1, "a"), (10, 20, 1, "b"), (10, 20, 1, "c"), (10, 0, 1, "d"))


def test_priority_goes_before_weight_and_weight_is_kept_over_a_fleet():
    """RFC 2782: 60 of 100 phones begin with the one that has 60 of 100, and so on."""
    first, second = {}, {}
    for number in range(1000):
        hosts = [record[3] for record in ordered(RECORDS, Jitter("SEP%012Xward.example" % (7 * number)))]
        assert hosts[4] == "x" and sorted(hosts) == ["a", "b", "c", "d", "x"]
        first[hosts[0]] = first.get(hosts[0], 0) + 1
        if hosts[0] == "a":
            second[hosts[1]] = second.get(hosts[1], 0) + 1
    assert 560 < first["a"] < 640 and 160 < first["b"] < 240 and 160 < first["c"] < 240, first
    assert first.get("d", 0) < 10, first
    assert 0.4 < second["b"] / (second["b"] + second["c"]) < 0.6, "a backup is drawn by weight, too"


def test_servers_without_weights_share_a_fleet_evenly():
    first = {}
    for number in range(900):
        host = ordered([(1, 0, 1, letter) for letter in "abc"], Jitter("phone-%d" % number))[0][3]
        first[host] = first.get(host, 0) + 1
    assert min(first.values()) > 240 and max(first.values()) < 360, first


def test_one_phone_always_draws_the_same_order():
    hosts = {"a": (1,), "b": (2,), "c": (3,)}
    seen = set()
    for number in range(20):
        name = "SEP%012X" % number
        world = World([(10, 30, 5060, host) for host in "abc"], hosts, name)
        found = world.lookup()
        world.records = [(10, 30, 5060, host) for host in "cab"]  # a name server turns them round
        world.net.lookup_sip("ward.example", 0, 100000)
        world.answer(100000)
        assert world.lookup(now=100000) == found, name
        seen.add(found[0])
    assert len(seen) == 3
