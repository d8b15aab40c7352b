"""What call managers tell of backups, over the wire: the rules of docs/pointers.md as a ward sees them."""

import re
from functools import cache
from pathlib import Path

from tests.story.managers import Manager, configuration
from tests.story.world import SOME_DAY, World

MINUTE = 60000
KEY = "correct horse battery"
TEXT = Path(__file__).parents[2] / "docs" / "pointers.md"


@cache
def signer():
    """sign() of the document: code that shares nothing with the phone."""
    names = {"__name__": "signer"}
    exec(re.search(r"```python\n(.*?)```", TEXT.read_text(encoding="utf-8"), re.S)[1], names)
    return names["sign"]


def signed(number, *pointers, source="keep-alive", until=SOME_DAY + 86400, key=KEY):
    return signer()(key, source, number, until, pointers).split(", ")


def service(site, more=""):
    return "<%s>;purpose=backup-service%s" % (site.url("/menu.xml"), more)


def scene(trust=None, **options):
    """Two managers, the site of the first, two sites that nobody configured, and a phone that is at A."""
    world = World()
    a, b = Manager(world, "A"), Manager(world, "B")
    own, x, y = world.site("A", "10.0.1.1"), world.site("X", "10.0.1.2"), world.site("Y", "10.0.1.3")
    config = configuration(a, b, sites=(own,), own={"pointers": trust or {}}, **options)
    phone = world.phone(config=config)
    phone.wait_for(lambda: a.bindings, within=31000)
    world.run(1000)
    return world, a, b, own, x, y, phone


def hosts(phone):
    return [pointer.url.host for pointer in phone.agent._book.of("services")]


def said(phone, words):
    """How often the journal has these words."""
    return len([text for _, text in phone.notes if words in text])


def shows(phone, site):
    phone.press("services")
    phone.wait_for("Services of %s" % site.name)


def test_a_keep_alive_brings_the_backup_that_serves_when_the_server_dies():
    world, a, b, own, x, y, phone = scene()
    a.pointers = [service(x, ";q=0.5"), service(y, ";q=0.9")]
    world.run(MINUTE)
    assert hosts(phone) == [own.host, y.host, x.host]
    assert phone.said("A tells of backups: 10.0.1.3, 10.0.1.2.")
    own.refuse()
    shows(phone, y)
    y.refuse()
    shows(phone, x)


def test_the_phone_that_lost_its_power_still_knows_it():
    world, a, b, own, x, y, phone = scene()
    a.pointers = [service(x)]
    world.run(MINUTE)
    a.kill()
    b.kill()
    own.refuse()
    phone.restart("power")
    world.run(1000)
    shows(phone, x)


def test_the_word_of_the_home_wins():
    world, a, b, own, x, y, phone = scene()
    a.pointers, b.pointers = [service(x)], [service(y)]
    world.run(5 * MINUTE)
    assert hosts(phone) == [own.host, x.host], "polls of B teach nothing"
    a.freeze()
    phone.wait_for(lambda: b.bindings, within=MINUTE)
    world.run(1000)
    assert hosts(phone) == [y.host, own.host], "B has no pointers of its own"
    a.thaw()
    world.run(10 * MINUTE)
    assert a.bindings and hosts(phone) == [own.host, x.host], "the phone is back"
    b.pointers = []
    a.freeze()
    world.run(2 * MINUTE)
    assert b.bindings and hosts(phone) == [x.host, own.host], "who says nothing takes nothing away"


def test_a_learned_manager_takes_over_and_is_found_again_after_a_power_cut():
    world, a, b, own, x, y, phone = scene()
    c = Manager(world, "C")
    a.pointers = ["<%s>;purpose=backup-call-manager" % c.uri, service(x)]
    world.run(60 * MINUTE)  # a phone that has just started writes its home once in half an hour
    a.freeze()
    b.freeze()
    phone.wait_for(lambda: c.bindings, within=3 * MINUTE)
    world.run(1000)
    assert hosts(phone) == [x.host, own.host], "it has no pointers of its own"
    phone.restart("power")
    c.restart()
    since = world.now
    phone.wait_for(lambda: c.bindings, within=MINUTE)
    assert not a.asked("REGISTER", since) and not b.asked("REGISTER", since)


def test_a_hostile_manager_wears_nothing():
    """Eight others each time, for six hours: the configured one stays first, and it costs little."""
    world, a, b, own, x, y, phone = scene()
    turn = [0]
    judge = a._pointers

    def pointers():
        turn[0] += 1
        a.pointers = ["<http://h%d-%d.example/>;purpose=backup-service" % (turn[0], n) for n in range(8)]
        return judge()

    a._pointers = pointers
    world.run(6 * 60 * MINUTE)
    assert turn[0] > 700 and hosts(phone)[0] == own.host and len(hosts(phone)) == 9
    assert len(phone.agent._book._health) == 9
    assert 8 <= said(phone, "backups") <= 8 + 2 * 7
    assert len([name for _, name in phone.saves if name.startswith("learned")]) <= 8
    shows(phone, own)


def push(manager, phone, *values):
    body = "".join("Call-Info: %s\r\n" % value for value in values).encode()
    return manager.notify(phone, "backup-pointers", body)


def test_a_push_shows_its_page_goes_first_and_is_not_taken_twice_where_sets_are_signed():
    world, a, b, own, x, y, phone = scene({"key": KEY, "signed": "require"})
    unsigned = push(b, phone, service(x))
    world.run(2000)
    assert unsigned.final and hosts(phone) == [own.host]
    good = signed(5, x.url("/menu.xml"), source="push")
    push(b, phone, *good)
    phone.wait_for("Services of X")
    assert hosts(phone) == [x.host, own.host]
    phone.press("services")
    phone.wait_for("Services of X")
    phone.restart("power")
    phone.wait_for(lambda: a.bindings, within=MINUTE)
    world.run(MINUTE)
    push(b, phone, *signed(6, y.url("/menu.xml"), source="push"))
    phone.wait_for("Services of Y")
    push(b, phone, *good)
    world.run(2000)
    assert hosts(phone)[0] == y.host and phone.said("number 5 comes after number 6")
    world.run(61 * MINUTE)
    assert hosts(phone) == [own.host], "an hour, where the push does not say"


def test_replayed_answers_are_refused_also_after_a_power_cut():
    world, a, b, own, x, y, phone = scene({"key": KEY, "signed": "require"})
    old, new = signed(17, x.url("/menu.xml")), signed(18, y.url("/menu.xml"))
    a.pointers = old
    world.run(MINUTE)
    assert hosts(phone) == [own.host, x.host]
    a.pointers = new
    world.run(MINUTE)
    assert hosts(phone) == [own.host, y.host]
    a.pointers = old
    world.run(2 * MINUTE)  # the phone has just started, and has written that record once already
    assert hosts(phone) == [own.host, y.host]
    assert said(phone, "number 17 comes after number 18") == 1
    phone.restart("power")
    phone.wait_for(lambda: a.bindings, within=MINUTE)
    world.run(2 * MINUTE)
    assert hosts(phone) == [own.host, y.host]
    a.pointers = [service(x)]
    world.run(MINUTE)
    assert hosts(phone) == [own.host, y.host] and phone.said("they are not signed")
