"""A manager given as a domain: SRV says where its servers are, and a fleet spreads over them (RFC 2782)."""

import pytest

from tests.story.managers import PASSWORD, Manager, configuration
from tests.story.world import World

DOMAIN, SERVICE = "ward.example", "_sip._udp.ward.example"
PHONES = 40
MINUTE = 60000


class Cluster:
    """Servers of one domain by (priority, weight), and another manager, B, as the second home."""

    def __init__(self, *ranks):
        self.world = World()
        self.servers = [Manager(self.world, "A%d" % number) for number in range(len(ranks))]
        self.other = Manager(self.world, "B")
        self.servers[0].domain = DOMAIN
        names = self.world.names
        names.services[SERVICE] = []
        for server, (priority, weight) in zip(self.servers, ranks, strict=True):
            host = server.name.lower() + ".ward.example"
            names.services[SERVICE].append((priority, weight, server.port, host))
            names.table[host] = [server.host]

    def phone(self, number=0):
        identity = {"name": "SEP%012X" % (1000 + 7 * number), "label": "Ward %d" % number}
        user = "1%03d" % number
        for manager in [*self.servers, self.other]:
            manager.users[user] = PASSWORD
        raw = configuration(self.servers[0], self.other, sip={"user": user}, own={"identity": identity})
        return self.world.phone(config=raw)

    def held(self):
        """How many phones each server has, and B last."""
        return [len({one.whence for one in manager.bindings}) for manager in [*self.servers, self.other]]


def test_a_fleet_spreads_by_weight_and_goes_to_the_next_priority_only_where_all_of_one_are_dead():
    cluster = Cluster((10, 75), (10, 25), (20, 100))
    for number in range(PHONES):
        cluster.phone(number)
    cluster.world.run(2 * MINUTE)
    first, second, spare, other = cluster.held()
    assert first + second == PHONES and spare == other == 0
    assert 22 <= first <= 36, "three of four, as the weights say"
    cluster.servers[0].kill()
    cluster.world.run(2 * MINUTE)
    assert cluster.held() == [0, PHONES, 0, 0], "each knew where to go, and no home was left for it"
    cluster.servers[1].kill()
    cluster.world.run(2 * MINUTE)
    assert cluster.held() == [0, 0, PHONES, 0]
    cluster.servers[2].kill()
    cluster.world.run(3 * MINUTE)
    assert cluster.held() == [0, 0, 0, PHONES], "the domain is dead: now the next home"


def test_one_phone_stays_where_it_is_when_the_name_server_turns_its_answers_round():
    cluster = Cluster((10, 50), (10, 50), (10, 50))
    phone = cluster.phone()
    phone.wait_for(lambda: sum(cluster.held()) == 1, within=40000)
    before = cluster.held()
    for _ in range(12):
        cluster.world.names.services[SERVICE].reverse()
        cluster.world.run(5 * MINUTE)
        assert cluster.held() == before


def test_a_domain_without_srv_is_looked_up_by_address():
    cluster = Cluster((10, 0))
    names = cluster.world.names
    names.services.clear()
    names.table[DOMAIN] = [cluster.servers[0].host]
    phone = cluster.phone()
    phone.wait_for(lambda: cluster.held() == [1, 0], within=40000)
    assert [name for _, name in names.asked] == [SERVICE, DOMAIN]


@pytest.mark.parametrize("mode", ["silent", "nxdomain", "servfail", "garbage"])
def test_a_name_server_that_fails_later_takes_no_registration(mode):
    cluster = Cluster((10, 0), (20, 0))
    phone = cluster.phone()
    phone.wait_for(lambda: cluster.held() == [1, 0, 0], within=40000)
    cluster.world.names.mode = mode
    cluster.world.run(10 * MINUTE)
    assert cluster.held() == [1, 0, 0]
    cluster.servers[0].kill()
    cluster.world.run(MINUTE)
    assert cluster.held() == [0, 1, 0], "the other server of the domain is known, too"
