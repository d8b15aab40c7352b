"""A Store on a real LittleFS that is full, read-only or damaged: never an exception, and it is said."""

import os
import random

import vfs
from chip import BLOCK, Chip
from flash import Hands

from phone.runtime.files import Files

ONLY = ("micropython",)
HOUR = 3600000


def mounted(chip, readonly=False):
    try:
        vfs.umount("/full")
    except OSError:
        pass  # it is the first
    vfs.mount(vfs.VfsLfs2(chip), "/full", readonly=readonly)


def phone(chip=None, readonly=False):
    """(chip, hands): a start."""
    if chip is None:
        chip = Chip()
        vfs.VfsLfs2.mkfs(chip)
    mounted(chip, readonly)
    hands = Hands(Files("/full/state"))
    hands.begin()
    return chip, hands


def pages(size):
    return lambda: iter([b"x" * 500] * (size // 500))


def fetched(hands):
    got = []
    hands.store.fetch("page.services", got.append, hands.now)
    hands.until(lambda: got and not got[-1])
    return sum([len(piece) for piece in got[:-1]]), got[-1]


def fill():
    """Take all room."""
    with open("/full/rest", "wb") as file:
        try:
            while True:
                for _ in range(BLOCK // 256):
                    file.write(b"z" * 256)
                file.flush()
        except OSError as error:
            assert error.errno == 28


def room():
    """How many bytes there is room for."""
    fill()
    size = os.stat("/full/rest")[6]
    os.remove("/full/rest")
    return size


def test_a_full_file_system_is_said_and_the_old_records_stay():
    chip, hands = phone()
    hands.store.put("home", b"old", hands.now)
    hands.store.write("page.services", pages(2000), hands.now)
    hands.run(HOUR)
    fill()
    hands.store.write("page.services", pages(9000), hands.now)
    hands.run(3 * HOUR)
    assert "storage of the phone is full" in hands.notes[-1], hands.notes
    for number in range(60):  # a record that LittleFS keeps in its folder may still find room there
        hands.store.put("home", b"%100d" % number, hands.now)
        hands.run(HOUR)
    last = hands.store.get("home")
    _, hands = phone(chip)
    assert fetched(hands) == (2000, None)
    assert hands.store.get("home") in (b"old", last)
    os.remove("/full/rest")
    hands.store.write("page.services", pages(9000), hands.now)
    hands.run(HOUR)
    assert fetched(phone(chip)[1]) == (9000, None)


def test_a_half_written_large_record_gives_its_room_back():
    chip, hands = phone()
    hands.store.write("page.services", pages(2000), hands.now)
    hands.run(HOUR)
    before = room()
    with open("/full/other", "wb") as file:
        for _ in range((before - 2 * BLOCK) // 256):
            file.write(b"z" * 256)
    before = room()
    assert before > BLOCK
    hands.store.write("page.services", pages(16000), hands.now)
    hands.run(1000)
    assert hands.store.trouble and room() == before
    assert os.listdir("/full/state") == ["page.services.a"] and fetched(phone(chip)[1]) == (2000, None)


def test_a_read_only_file_system_is_said():
    chip, hands = phone()
    hands.store.put("home", b"old", hands.now)
    hands.run(1000)
    _, hands = phone(chip, True)
    assert hands.store.get("home") == b"old" and not hands.notes
    hands.store.put("home", b"new", hands.now)
    hands.store.write("page.services", pages(2000), hands.now)
    hands.store.drop("taste", hands.now)
    hands.run(3 * HOUR)
    assert len(hands.notes) == 1 and "read-only" in hands.notes[0]
    assert hands.store.read_only and hands.store.get("home") == b"new"
    hands.do(hands.store.flush(hands.now))
    hands.run(100)
    assert hands.store.settled
    assert phone(chip)[1].store.get("home") == b"old"


def test_no_damage_of_the_chip_stops_the_phone():
    """Bytes anywhere are overwritten: before a start that can still mount it, or under the running phone."""
    unmountable = said = 0
    for seed in range(120):
        random.seed(seed)
        chip, hands = phone()
        hands.store.put("home", b"old", hands.now)
        hands.store.write("page.services", pages(3000), hands.now)
        hands.run(3 * HOUR)
        hands.store.put("home", b"new", hands.now)
        hands.store.write("page.services", pages(2000), hands.now)
        hands.run(3 * HOUR)
        damage(chip)
        if seed % 2:
            try:
                chip, hands = phone(chip)
            except OSError:
                unmountable += 1  # a board formats what it cannot mount, or stays in its loader
                continue
            assert hands.store.get("home") in (b"old", b"new", None)
        assert fetched(hands)[0] in (0, 2000, 3000)
        for number in range(4):
            hands.store.put("home", b"%d" % number, hands.now)
            hands.store.put("taste", b"%d" % number, hands.now)
            hands.store.write("page.services", pages(1000 + number), hands.now)
            hands.run(3 * HOUR)
        assert hands.store.get("home") == b"3"
        said += bool(hands.notes)
    assert said > 10 and unmountable < 55, (said, unmountable)


def damage(chip):
    image = chip.image
    used = [part for part, data in enumerate(image) if data != b"\xff" * len(data)]
    for _ in range(random.randrange(1, 60)):
        part = random.choice(used)
        data = bytearray(image[part])
        at = random.randrange(len(data) - 8)
        data[at : at + 8] = bytes([random.randrange(256) for _ in range(8)])
        image[part] = bytes(data)
