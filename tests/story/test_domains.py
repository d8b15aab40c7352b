"""A call manager that is given as a domain: SRV, then A (RFC 3263), by the phone's own resolver.

How a fleet shares out its machines: test_srv.py.
"""

from tests.story.managers import Manager, configuration
from tests.story.wards import GIVE_UP_MS, MINUTE, SPREAD_MS, TURN_MS, WORST_MS, gaps, taken
from tests.story.world import World

SERVICE = "_sip._udp.ward.example"
NAMES_MS = 10000  # a resolver that gets no answer gives up


def scene(records=((10, 1, 5060, "one"), (20, 1, 5070, "two")), seed=1, domain="ward.example"):
    """The domain ward.example with the machines one and two, and B, which is an address."""
    world = World(seed)
    one, two, b = Manager(world, "one"), Manager(world, "two", port=5070), Manager(world, "B")
    world.names.table = {"one.ward.example": [one.host], "two.ward.example": [two.host]}
    world.names.services[SERVICE] = [record[:3] + (record[3] + ".ward.example",) for record in records]
    one.domain = domain
    raw = configuration(one, b)
    raw["identity"]["name"] = "SEP%012d" % seed
    phone = world.phone(config=raw)
    assert not phone.mistakes, phone.mistakes
    return world, (one, two, b), phone


def registered(world, manager, phone, within=SPREAD_MS + TURN_MS):
    return world.run_until(lambda: manager.has(phone), within, "a registration at " + manager.name)


def test_the_machine_of_the_least_priority_is_asked():
    world, (one, two, b), phone = scene()
    registered(world, one, phone)
    assert not two.requests
    assert world.names.asked[0][1] == SERVICE
    assert one.asked("REGISTER")[0].message.uri == "sip:ward.example", "the domain, not the machine"


def test_its_other_machine_is_asked_to_confirm_a_death():
    """No move: both are the same manager."""
    world, (one, two, b), phone = scene()
    registered(world, one, phone)
    world.run(MINUTE)
    one.freeze()
    registered(world, two, phone, WORST_MS + TURN_MS)
    world.run(10 * MINUTE)
    assert not b.asked("REGISTER")


def test_with_all_its_machines_dead_the_next_manager_is_home():
    """The worst case has a transaction for each of them."""
    for seed in range(5):
        world, (one, two, b), phone = scene(seed=seed)
        registered(world, one, phone)
        world.run(world.random.randint(0, 200000))
        one.freeze()
        two.freeze()
        registered(world, b, phone, WORST_MS + GIVE_UP_MS + TURN_MS)


def test_without_srv_it_is_the_address_with_port_5060():
    world, (one, two, b), phone = scene(records=())
    world.names.table["ward.example"] = [one.host]
    registered(world, one, phone)


def test_with_a_port_nobody_asks_for_srv():
    world, (one, two, b), phone = scene(domain="one.ward.example:5060")
    registered(world, one, phone)
    assert SERVICE not in [name for _, name in world.names.asked]
    assert all(not name.startswith("_sip") for _, name in world.names.asked)


def test_an_address_is_asked_of_no_name_server():
    world = World()
    a = Manager(world, "A")
    phone = world.phone(config=configuration(a))
    registered(world, a, phone)
    assert not world.names.asked


def test_a_name_that_nobody_knows_is_left_for_the_next_manager():
    for mode in ("silent", "nxdomain", "servfail", "garbage"):
        world, (one, two, b), phone = scene()
        world.names.mode = mode
        registered(world, b, phone, SPREAD_MS + NAMES_MS)
        assert not phone.said("password")


def test_names_that_fall_silent_move_nobody():
    """Addresses that were good are used on."""
    world, (one, two, b), phone = scene()
    registered(world, one, phone)
    world.names.mode = "silent"
    world.run(60 * MINUTE)
    assert {name for _, name in taken(phone, (one, two, b))} == {"one"}
    assert max(gaps(one.times("REGISTER"))) <= 61000
