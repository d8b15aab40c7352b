"""The home and the pointers that others told outlive a loss of power."""

import sys

from tests.story.world import World


def told(phone, world, home=1):
    """As a call manager would have it: B is the home, and X has a backup. Nobody tells a phone so over the
    network yet, so it is kept as the part that will hear of it keeps it."""
    learned = sys.modules["phone.core.learned"]
    homing = learned.Homing(home, int(world.wall()), 240, 1, "", "A did not answer its keep-alive.")
    taught = learned.Taught("services", "http://10.0.0.3/menu.xml", "keep-alive", 900, 0, 0, False)
    agent = phone.agent
    agent._store.put(learned.HOME, learned.pack_home(homing, agent._config.homes), world.now)
    agent._store.write(learned.LEARNED, lambda: [learned.line(taught, 0)], world.now)


def scene():
    world = World()
    a, b, x = world.site("A"), world.site("B"), world.site("X")
    homes = [
        {"name": site.name, "manager": "sip:10.0.0.%d" % n, "pointers": {"services": site.url("/menu.xml")}}
        for n, site in ((8, a), (9, b))
    ]
    config = {"identity": {"name": "SEP001"}, "homes": homes, "sip": {"user": "1001"}}
    return world, a, b, x, world.phone(config=config)


def test_the_home_and_learned_pointers_come_back():
    world, a, b, x, phone = scene()
    told(phone, world)
    world.run(60000)
    phone.restart("power")
    world.run(1000)
    phone.press("services")
    phone.wait_for("Services of B")
    a.refuse()
    b.refuse()
    x.pages["/menu.xml"] = x.pages["/menu.xml"].replace(b"Services of X", b"Services of the backup")
    phone.press("services")
    phone.wait_for("Services of the backup")


def test_another_configuration_begins_with_its_first_home():
    world, a, b, x, phone = scene()
    told(phone, world)
    world.run(60000)
    phone.config = phone.config._replace(homes=phone.config.homes[::-1])
    phone.restart("power")
    world.run(1000)
    phone.press("services")
    phone.wait_for("Services of B")  # the first of the new order
    assert phone.agent._book.home == 0
