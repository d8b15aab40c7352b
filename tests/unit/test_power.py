"""The power is cut at each operation of a real LittleFS: what is stored is the old or the new, never neither.

An update is done once, and the chip's operations (erases and programs) are counted. Then it is done again
from the same image, once for each operation and each way in which that can be torn. The chip is mounted
anew, as at a board's start, and a new Store reads it and writes on.
"""

import random
from binascii import crc32

import vfs
from chip import AFTER, BEFORE, HALF, Chip
from flash import Hands

from phone.runtime.files import Files

ONLY = ("micropython",)
FOLDER = "/cut/state"
PAGE = "page.services"


def power_up(image=None):
    """(chip, hands): a phone that has started. A file system that cannot be mounted raises here."""
    chip = Chip(image=image)
    if image is None:
        vfs.VfsLfs2.mkfs(chip)
    vfs.mount(vfs.VfsLfs2(chip), "/cut")
    hands = Hands(Files(FOLDER))
    hands.begin()
    return chip, hands


def power_down(chip):
    """What is left on the chip."""
    chip.is_dead = True
    vfs.umount("/cut")
    return chip.image


def finish(chip, hands):
    hands.until(lambda: chip.is_dead or hands.store.settled and not hands.files.soon)


OLD, NEW = b"a", b"b"  # letters of pages


def page(letter):
    """A cold record, in pieces: 5000 bytes."""
    return [letter * 1000] * 5


def total(pieces):
    """(length, CRC-32): a small heap has no room for many pages."""
    check = 0
    for piece in pieces:
        check = crc32(piece, check)
    return sum([len(piece) for piece in pieces]), check


def of(letter):
    return total(page(letter))


def fetched(hands, name):
    """total() of a cold record, or None."""
    got = []
    hands.store.fetch(name, got.append, hands.now)
    hands.until(lambda: got and not got[-1])
    end = got.pop()
    assert end is None or not got, "a part of a record was given"
    return total(got) if end is None else None


def read(hands):
    """What the phone knows: the hot record, the cold one."""
    return hands.store.get("home"), fetched(hands, PAGE)


def change(hands, home=None, letter=None):
    """Have both changed; None: not this one."""
    if home is not None:
        hands.store.put("home", home, hands.now)
    if letter is not None:
        hands.store.write(PAGE, lambda: iter(page(letter)), hands.now)


def prepared(*changes):
    """An image after changes, each with a start of its own."""
    chip, hands = power_up()
    image = power_down(chip)
    for home, page in changes:
        chip, hands = power_up(image)
        change(hands, home, page)
        finish(chip, hands)
        image = power_down(chip)
    return image


def prove(image, update, old, new):
    """Cut `update(hands)` at each of its operations; how many of them erase."""
    chip, hands = power_up(image)
    assert read(hands) == old
    update(hands)
    finish(chip, hands)
    operations, erases = chip.operations, sum(chip.erases)
    power_down(chip)
    seen = set()
    for left in range(operations):
        for torn in (BEFORE, HALF, AFTER):
            seen.add(cut(image, update, left, torn, old, new))
    assert seen == {old, new}, "not both were seen"
    return erases


def cut(image, update, left, torn, old, new):
    """What a new start finds after a cut; it must be one of the two, and the phone must go on."""
    at = "operation %d, %s" % (left, torn)
    chip = Chip(image=image)
    chip.cut_after(left, torn)
    vfs.mount(vfs.VfsLfs2(chip), "/cut")
    hands = Hands(Files(FOLDER))
    hands.begin()
    update(hands)
    finish(chip, hands)
    assert chip.is_dead, at
    chip, hands = power_up(power_down(chip))
    found = read(hands)
    assert found in (old, new), "%s: %r" % (at, found)
    assert not hands.notes, "%s: %r" % (at, hands.notes)
    change(hands, b"z", b"z")
    finish(chip, hands)
    chip, hands = power_up(power_down(chip))
    assert read(hands) == (b"z", of(b"z")), at
    power_down(chip)
    return found


def test_the_very_first_write():
    chip = Chip()
    vfs.VfsLfs2.mkfs(chip)
    prove(chip.image, lambda hands: change(hands, b"one"), (None, None), (b"one", None))


def test_a_hot_record_changes_in_either_slot():
    one, two, three = [digit * 112 for digit in (b"1", b"2", b"3")]
    image = prepared((one, None))
    prove(image, lambda hands: change(hands, two), (one, None), (two, None))
    image = prepared((one, None), (two, None))
    prove(image, lambda hands: change(hands, three), (two, None), (three, None))


def test_a_hot_record_changes_when_the_folder_is_full():
    """Every twentieth update LittleFS writes the folder anew, in a block that it erases."""
    image = prepared((b"one", b"p"))
    new = b"n" * 112
    for number in range(100):
        chip, hands = power_up(image)
        old = read(hands)
        change(hands, new)
        finish(chip, hands)
        power_down(chip)
        if sum(chip.erases):
            break
        chip, hands = power_up(image)
        change(hands, b"%112d" % number)
        finish(chip, hands)
        image = power_down(chip)
    erases = prove(image, lambda hands: change(hands, new), old, (new, old[1]))
    assert erases, "it was never full"


def test_a_hot_record_is_dropped():
    image = prepared((b"one", None), (b"two", None))
    prove(image, lambda hands: hands.store.drop("home", hands.now), (b"two", None), (None, None))


def test_a_cold_record_is_new():
    image = prepared((b"one", None))
    erases = prove(image, lambda hands: change(hands, None, NEW), (b"one", None), (b"one", of(NEW)))
    assert erases > 1, "it was too small"


def test_a_cold_record_changes_in_either_slot():
    for changes in (((b"one", OLD),), ((b"one", b"z"), (None, OLD))):
        image = prepared(*changes)
        prove(image, lambda hands: change(hands, None, NEW), (b"one", of(OLD)), (b"one", of(NEW)))


def test_a_cold_record_is_dropped():
    for changes in (((b"one", OLD),), ((b"one", b"z"), (None, OLD))):
        image = prepared(*changes)
        prove(image, lambda hands: hands.store.drop(PAGE, hands.now), (b"one", of(OLD)), (b"one", None))


def test_any_number_of_cuts_at_any_time():
    """Records change, keys are pressed, time passes, the phone leaves, and the power goes when it goes."""
    for seed in range(12):
        random.seed(seed)
        image = None
        may = {"home": {None}, "taste": {None}, PAGE: {None}, "page.directory": {None}}
        for boot in range(15):
            at = "seed %d, start %d" % (seed, boot)
            chip = Chip(image=image)
            if image is None:
                vfs.VfsLfs2.mkfs(chip)
            chip.cut_after(random.choice((random.randrange(8), random.randrange(200))),
                           random.choice((BEFORE, HALF, AFTER)))
            vfs.mount(vfs.VfsLfs2(chip), "/cut")
            hands = Hands(Files(FOLDER))
            hands.begin()
            live(chip, hands, may, at)
            image = power_down(chip)
            chip, hands = power_up(image)
            for name in may:  # each start reads all that the last one left
                found = hands.store.get(name) if name in ("home", "taste") else fetched(hands, name)
                assert found in may[name], "%s: %s is %r" % (at, name, found)
                may[name] = {found}
            image = power_down(chip)


def live(chip, hands, may, at):
    """Until the power goes, or for a while. may[name]: what may be found after it."""
    for _ in range(20):
        name = random.choice(list(may))
        letter = b"%c" % random.randrange(97, 123)
        value = None
        if random.random() < 0.1:
            hands.store.drop(name, hands.now)
        elif name in ("home", "taste"):
            value = letter * random.randrange(1, 113)
            hands.store.put(name, value, hands.now)
        else:
            pieces = [letter * random.randrange(1, 500) for _ in range(random.randrange(8))]
            value = total(pieces)
            hands.store.write(name, lambda pieces=pieces: iter(pieces), hands.now)
        may[name].add(value)
        if random.random() < 0.3:
            hands.store.key(hands.now)
        hands.run(random.choice((1, 50, 2000, 7200000)))
        if random.random() < 0.2:
            hands.do(hands.store.flush(hands.now))
            finish(chip, hands)
            if not chip.is_dead:
                for each in may:
                    known = hands.store.get(each) if each in ("home", "taste") else fetched(hands, each)
                    assert known in may[each], "%s: %s is %r" % (at, each, known)
                    may[each] = {known}
        if chip.is_dead:
            return
