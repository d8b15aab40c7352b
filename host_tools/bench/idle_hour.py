"""One idle hour of a phone in virtual time: the firmware's brain in the world of tests/story.

    python idle_hour.py literals|names|dead|managers

By address, by name, by address with a dead primary, and with a call manager beside each of the two sites.

A process of its own, because the brain is made for another interpreter and needs paths that no other
part of the host side has. The last line on stdout is JSON: {"fetches": 118, "datagrams": 0}.
"""

import json
import sys
from pathlib import Path

HOUR_MS = 3600000
SETTLE_MS = 10000  # the page is there, and so is what follows it
ROOT = Path(__file__).resolve().parents[2]


def hour(mode: str) -> dict:
    """Effects of the phone after its first page; nobody touches a key."""
    from tests.story.world import World

    world = World(seed=1)
    a, b = world.site("A"), world.site("B")
    raw = _configuration(world, (a, b), mode == "names")
    if mode == "managers":
        raw.update(_managed(world, raw["homes"]))
    phone = world.phone(config=raw)
    if mode == "dead":
        a.refuse()
    phone.press("services")
    world.run(SETTLE_MS)
    count = {"Asked": 0, "SendTo": 0}
    feed = phone.feed

    def counting(event):
        effects = feed(event)
        for effect in effects:
            name = type(effect).__name__
            if name in count and not (name == "Asked" and effect.word):  # it is told of twice
                count[name] += 1
        return effects

    phone.feed = counting
    world.run(HOUR_MS)
    return {"fetches": count["Asked"], "datagrams": count["SendTo"]}


def _managed(world, homes) -> dict:
    """What is added to a configuration with two homes: a call manager for each."""
    from tests.story.managers import PASSWORD, USER, Manager

    for home in homes:
        home["manager"] = Manager(world, home["name"]).uri
    return {"sip": {"user": USER, "password": PASSWORD}}


def _configuration(world, sites, by_name) -> dict:
    homes = []
    for site in sites:
        host = site.host
        if by_name:
            host = "%s.ward.example" % site.name.lower()
            world.names.table[host] = [site.host]
        homes.append({"name": site.name, "pointers": {"services": site.url().replace(site.host, host)}})
    return {"identity": {"name": "SEP001122334455", "label": "Ward 3"}, "homes": homes}


if __name__ == "__main__":
    sys.path[0:1] = [str(ROOT), str(ROOT / "firmware"), str(ROOT / "tests" / "unit" / "_cpython")]
    print(json.dumps(hour(sys.argv[1])))
