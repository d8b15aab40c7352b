"""How long a dead server goes unnoticed: measured over many phases, against what is worked out for it."""

import pytest

from tests.story.world import World, homes

BOUND = 50000  # with the timers as they are by default
HOUR = 3600000
FAULTS = ("refuse", "unreachable", "blackhole", "silent", "freeze")


def row(seed, count, **options):
    world = World(seed)
    sites = [world.site("ABC"[number]) for number in range(count)]
    raw = homes(*sites, **options)
    raw["identity"]["name"] = "SEP%012d" % seed  # another phone draws other times
    return world, sites, world.phone(config=raw)


def noticed(world, phone, bound):
    """ms from now until the phone knows that A is dead."""
    return world.run_until(lambda: phone.said("Looked at in idle: A "), bound + 8, "a sign of life")


def flicker(world, sites):
    """The others come and go as the chance wants it."""
    for site in sites:
        getattr(site, world.random.choice(("well", "refuse", "silent", "blackhole")))()
    world.after(world.random.randint(300, 8000), lambda: flicker(world, sites))


@pytest.mark.parametrize("others", ["none", "well", "dead", "flickering"])
@pytest.mark.parametrize("fault", FAULTS)
def test_no_death_goes_unnoticed_for_longer(fault, others):
    """Whenever it dies, and whatever the others do."""
    for seed in range(12):
        world, (a, *rest), phone = row(seed, 1 if others == "none" else 2 + seed % 2)
        if others == "dead":
            for site in rest:
                site.blackhole()
        if others == "flickering":
            flicker(world, rest)
        world.run(world.random.randint(0, 300000))
        if phone.said("Looked at in idle: A "):
            raise AssertionError("A was well\n" + "\n".join(world.log))
        getattr(a, fault)()
        noticed(world, phone, BOUND)


def test_the_worst_case_comes_close():
    """A dies as soon as it has answered, on a line on which a connection takes nearly all its time."""
    longest = 0
    for seed in range(40):
        world, (a, *_), phone = row(seed, 3)
        a.latency = (950, 990)
        world.run(60000)
        looked = len(a.probes)
        world.run_until(lambda a=a, looked=looked: len(a.probes) > looked, 60000, "a look")
        world.run(990)  # its answer is there
        a.silent()
        longest = max(longest, noticed(world, phone, BOUND))
        failed = [asked for asked in phone.asked if asked[1] == "A" and asked[-1] == "failed"]
        assert len(failed) == 2, "while the others are well, one bad look moves nobody"
    assert 0.97 * BOUND < longest <= BOUND


def test_a_server_over_tls_that_falls_silent_is_known_within_the_hour():
    longest = 0
    for seed in range(6):
        world = World(seed)
        site = world.site("A", port=443)
        site.certificate = site.host
        raw = homes(site)
        raw["homes"][0]["pointers"] = {"services": "https://%s/menu.xml" % site.host}
        phone = world.phone(config=raw)
        world.run_until(lambda site=site: site.probes, 60000, "a whole look")
        site.silent()
        longest = max(longest, noticed(world, phone, HOUR + BOUND))
    assert 0.97 * HOUR + BOUND < longest


def test_other_timers_hold_too():
    timers = {"probe_ms": 50000, "connect_ms": 700, "first_byte_ms": 900, "rest_ms": 500}
    bound = 50000 + 5000 + 2 * 1600
    for seed in range(25):
        world, (a, *rest), phone = row(seed, 3, timers=timers)
        flicker(world, rest)
        world.run(world.random.randint(0, 300000))
        a.freeze()
        noticed(world, phone, bound)
