"""What a phone keeps over a loss of power, seen from outside: with a flash that fails, and a person."""

import re

import pytest

from phone import events
from phone.agent import _KEPT
from tests.story.world import World

DIGITS = "0123456789"
SECOND, HOUR = 1000, 3600000


def scene(seed=1):
    world = World(seed)
    a, b = world.site("A"), world.site("B")
    return world, a, b, world.phone(a, b)


def keep(phone, data, name="taste"):
    """As a part of the phone would; it is written when its time has come."""
    assert phone.agent._store.put(name, data, phone.world.now)
    phone.feed(events.Tick())


def kept(phone, name="taste"):
    phone.wait_for(lambda: phone.agent._store.ready)
    return phone.agent._store.get(name)


def idle_says(phone, words):
    """Whether the idle screen says it, and goes on saying it."""
    phone.world.run(60 * SECOND)
    return words in phone.screen.prompt


def test_what_is_kept_is_there_after_a_restart():
    world, _, _, phone = scene()
    assert kept(phone) is None
    keep(phone, b"de")
    world.run(SECOND)
    phone.restart("power")
    assert kept(phone) == b"de"


@pytest.mark.parametrize("seed", range(40))
def test_the_power_goes_at_any_moment(seed):
    """The world's flash spoils what is being written, as LittleFS does not: two slots are for that."""
    world, _, _, phone = scene(seed)
    may = {None}
    for number in range(12):
        data = b"%d" % number * world.random.randint(1, 20)
        keep(phone, data)
        may.add(data)
        if world.random.random() < 0.3:
            phone.press("down")
        world.run(world.random.choice((1, 70, 85, 500, HOUR)))
        phone.restart("power")
        found = kept(phone)
        assert found in may
        may = {found}
        assert not phone.said("storage") and not phone.said("stored")


def test_nothing_is_written_within_a_second_of_a_key():
    world, _, _, phone = scene()
    keys = []
    for number in range(20):
        keep(phone, b"%d" % number)
        phone.press("down")
        keys.append(world.now)
        world.run(world.random.randint(300, 1500))
    phone.restart("reset")
    world.run(HOUR)
    assert phone.saves
    for at, name in phone.saves:
        assert not [key for key in keys if key < at < key + SECOND], "%s at %d" % (name, at)


REFUSALS = {events.FULL: "is full", events.READ_ONLY: "is read-only", events.BROKEN: "is damaged"}


@pytest.mark.parametrize("why, words", REFUSALS.items())
def test_a_flash_that_takes_nothing_leaves_a_working_phone_that_says_so(why, words):
    world, a, _, phone = scene()
    phone.flash_why = why
    assert not idle_says(phone, "storage")
    keep(phone, b"de")
    assert idle_says(phone, words) and phone.said(words)
    a.silent()
    phone.press("services")
    phone.wait_for("Services of B")
    assert words not in phone.screen.prompt, "a page has its line for itself"
    phone.press("back")
    assert idle_says(phone, words)
    phone.flash_why = ""
    world.run(HOUR)
    assert not idle_says(phone, "storage") and phone.said("in order again")
    phone.restart("power")
    assert kept(phone) == b"de"


def test_damaged_records_are_said_and_learned_anew():
    world, _, _, phone = scene()
    phone.flash.update({"taste.a": b"\xff" * 128, "taste.b": b"{}"})
    phone.restart("power")
    assert kept(phone) is None and phone.said("that the phone had stored is damaged")
    phone.press("services")
    phone.wait_for("Services of A")
    world.run(10 * SECOND)
    phone.notes.clear()
    phone.restart("power")
    assert kept(phone) is None and not phone.said("damaged"), "once is enough"


def test_a_flash_that_cannot_be_read_leaves_a_working_phone_that_says_so():
    world, _, _, phone = scene()
    phone.flash_blind = {"taste.a", "taste.b", "time.a", "time.b", "suspect.a", "suspect.b"}
    phone.flash_why = events.BROKEN
    phone.restart("power")
    assert kept(phone) is None and idle_says(phone, "damaged")
    phone.press("services")
    phone.wait_for("Services of A")


def test_flush_writes_all_before_the_phone_starts_anew():
    world, _, _, phone = scene()
    for digit in DIGITS:  # far beyond the pace
        keep(phone, digit.encode())
        world.run(SECOND)
    phone.press("down")
    store = phone.agent._store
    for effect in store.flush(world.now):
        phone._perform(effect)
    assert not store.settled
    assert world.run_until(lambda: store.settled, 200, "the flash") <= 100
    phone.restart("reset")
    assert kept(phone) == b"9"


def test_the_records_have_names_for_every_file_system():
    assert all(re.fullmatch("[a-z][a-z0-9]*", name) for name in _KEPT)
