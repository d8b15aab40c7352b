"""Pages that live, Executes and the idle page under any keys, pushes and outages: no exception comes out, no
loop is a busy one (world.py watches), and a key is obeyed in time.
"""

import random

import pytest

from tests.story.sites import MENU, menu, text
from tests.story.test_orders import execute
from tests.story.visitor import Visitor
from tests.story.world import World, homes

KEYS = "services services settings up down select select back soft1 soft1 soft2 soft3 soft4 1 2 5 *".split()
PAGES = ("/one.xml", "/two.xml", "/go.xml", "/form.xml", "/idle.xml", "/status.xml", "/said.xml")
FIELDS = ({}, {"Refresh": "1"}, {"Refresh": "3; url=two.xml"}, {"Refresh": "0; url=one.xml"},
          {"Refresh": "2; url=SoftKey:Exit"}, {"Refresh": "2; url=Key:Services"}, {"Expires": "-1"},
          {"Expires": "0", "Refresh": "2"}, {"Refresh": "1; url=go.xml"},
          {"Refresh": "0; url=SoftKey:Update"}, {"Cache-Control": "max-age=5", "Refresh": "2"})  # fmt: skip
FORM = (b"<CiscoIPPhoneInput><URL>said.xml</URL><InputItem><DisplayName>N</DisplayName>"
        b"<QueryStringParam>n</QueryStringParam></InputItem></CiscoIPPhoneInput>")  # fmt: skip
STATUS = b"<CiscoIPPhoneStatus><Text>Held</Text><Timer>5</Timer></CiscoIPPhoneStatus>"
SAID = b'<CiscoIPPhoneResponse><ResponseItem Status="0" Data="" URL="x"/></CiscoIPPhoneResponse>'
ITEMS = ("one.xml", "two.xml", "go.xml", "Init:AppStatus", "Key:NavDwn", "SoftKey:Exit", "Init:Services",
         "Key:Settings", "Dial:123", ("two.xml", 1), ("one.xml", 2), "Display:Off:1", "http://10.0.0.77/none.xml",
         "Nonsense:", "RTPRx:Stop")  # fmt: skip


def dress(site, chance):
    """Pages of every kind, and what is said of them, anew."""
    names = chance.sample(PAGES, 5)
    site.pages[MENU] = menu("Services of " + site.name, *[(name, name) for name in names])
    site.pages["/one.xml"] = menu("One", ("Two", "two.xml"), ("Go", "go.xml"))
    site.pages["/two.xml"] = text("Two", "Second.")
    site.pages["/go.xml"] = execute(*chance.sample(ITEMS, chance.randint(1, 4)))
    site.pages["/form.xml"] = FORM
    quiet = text("Idle", "Quiet."), execute("one.xml"), execute("Init:AppStatus")
    site.pages["/idle.xml"] = chance.choice(quiet)
    site.pages["/status.xml"] = STATUS
    site.pages["/said.xml"] = SAID
    for path in PAGES + (MENU,):
        site.fields[path] = chance.choice(FIELDS)


def happens(world, phone, chance):
    """Something."""
    what = chance.randrange(20)
    site = chance.choice(list(world.sites.values()))
    if what < 11:
        phone.press(chance.choice(KEYS))
    elif what < 13:
        Visitor(phone).push(site.url(chance.choice(PAGES)), priority=chance.choice((0, 1, 2)))
    elif what < 15:
        dress(site, chance)
    elif what == 15:
        chance.choice((site.refuse, site.silent, site.blackhole, site.cut))()
    elif what < 18:
        for site in world.sites.values():
            site.well()
    elif what == 18:
        phone.network(False)
        world.run(chance.choice((50, 4000)))
        phone.network(True)
    else:
        world.run(chance.choice((500, 5000, 40000)))
    world.run(chance.choice((10, 100, 1000, 3000)))


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_phone_lives(seed):
    world = World(seed)
    chance = random.Random(seed)
    sites = [world.site("A"), world.site("B")]
    raw = homes(*sites, timers={"idle_ms": 5000})
    for home, site in zip(raw["homes"], sites):
        home["pointers"]["idle"] = site.url("/idle.xml")
        dress(site, chance)
    raw["push"] = {"port": 8080, "user": "eve", "password": "pass"}
    phone = world.phone(config=raw, display=chance.choice(((320, 240, 4), (128, 64, 2))))
    for _ in range(250):
        happens(world, phone, chance)
    assert sum(len(site.requests) for site in sites) > 50
    for site in sites:
        site.well()
        site.fields, site.pages[MENU] = {}, menu("At last", ("One", "one.xml"))
    world.run(1000)
    for _ in range(3):  # what is typed goes first, and what was asked for
        phone.press("back")
    phone.press("services")
    phone.wait_for("At last", within=10000)
