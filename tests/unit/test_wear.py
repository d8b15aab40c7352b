"""Can the store wear the flash out? Erases are counted on a real LittleFS, and a year is made of them.

A block of flash is good for 100,000 erases. The worst that the phone can do is counted here: every record
changes whenever it may, all the year. docs/store.md has the figures.
"""

import vfs
from chip import BLOCK, Chip
from flash import Hands

from phone.core import cold, slots, store
from phone.runtime.files import Files

ONLY = ("micropython",)
CYCLES = 100000  # erases that a block endures (W25Q32 and the like)
YEARS = 10  # so long a phone should live, at the least
HOUR = 3600000
DAY = 24 * HOUR
NAMES = ["hot%d" % number for number in range(store.RECORDS_MAX)]


def phone(chip=None, names=NAMES, now=1000):
    if chip is None:
        chip = Chip()
        vfs.VfsLfs2.mkfs(chip)
    else:
        vfs.umount("/wear")
    vfs.mount(vfs.VfsLfs2(chip), "/wear")
    hands = Hands(Files("/wear/state"), names, now)
    hands.begin()
    return chip, hands


def flap(hands, ms, names, every=300000):
    """Have the records change all the time, each to as many bytes as it may have."""
    for turn in range(ms // every):
        for name in names:
            hands.store.put(name, b"%112d" % turn, hands.now)
        hands.run(every)


def test_hot_records_that_flap_all_year():
    days = 4
    for names in (NAMES, NAMES[:1]):
        chip, hands = phone(names=names)
        flap(hands, DAY, names)  # the folder grows to what it will be
        before = list(chip.erases)
        flap(hands, days * DAY, names)
        vfs.umount("/wear")
        erases = [now - then for now, then in zip(chip.erases, before)]
        updates = len(names) * days * DAY // slots.EVERY_MS
        a_year = sum(erases) * 365 / days
        # As if LittleFS did not spread its blocks at all: two of them take turns.
        years = CYCLES / (a_year / 2)
        print("%d records: %.3f erases an update, %d a year; %.0f years on two blocks, %.0f as measured" % (
            len(names), sum(erases) / updates, a_year, years, CYCLES / (max(erases) * 365 / days)))
        assert 0.02 < sum(erases) / updates < 0.1
        assert years > YEARS


def test_more_bytes_would_cost_an_erase_each():
    """What HOT_MAX is for."""
    for size, least, most in ((slots.HOT_MAX, 0, 0.1), (slots.HOT_MAX + 8, 1, 1.2)):
        chip, _ = phone(names=())
        for turn in range(200):
            with open("/wear/state/home." + "ab"[turn % 2], "wb") as file:
                file.write(b"x" * size)
        vfs.umount("/wear")
        assert least <= sum(chip.erases) / 200 < most, (size, sum(chip.erases) / 200)


def test_a_phone_that_starts_anew_every_minute():
    """A bad supply, all year: each start has two records that change as often as they may."""
    names = NAMES[:2]
    chip, hands = phone(names=names)
    starts = 500
    for start in range(starts):
        chip, hands = phone(chip, names)
        for turn in range(2):
            for name in names:
                hands.store.put(name, b"%100d %10d" % (start, turn), hands.now)
            hands.run(30000)
    vfs.umount("/wear")
    a_year = 365 * 24 * 60 / starts
    years = CYCLES / (sum(chip.erases) / 2 * a_year)
    print("%.3f erases a start; %.1f years on two blocks" % (sum(chip.erases) / starts, years))
    assert years > 3, "of nothing but bad minutes"


def test_large_records_that_flap_all_year():
    """A block for each 4 KB of it, and LittleFS goes round all of them: so they wear alike."""
    records = ("page.services", "page.directory")
    size = 6000
    chip, hands = phone(names=())

    def pages(turn):
        return lambda: iter([b"%500d" % turn] * (size // 500))

    days = 5
    for turn in range(days * 48):
        for name in records:
            hands.store.write(name, pages(turn), hands.now)
        hands.run(HOUR // 2)
    vfs.umount("/wear")
    updates = len(records) * days * 24
    law = -(-(size + slots.HEAD) // (BLOCK - 8))  # data blocks; each has its links
    print("%.2f erases an update, law %d; most of a block %d, mean %.1f" % (
        sum(chip.erases) / updates, law, max(chip.erases), sum(chip.erases) / chip.blocks))
    assert law <= sum(chip.erases) / updates < law + 0.2
    # The largest ones on a board: five of COLD_MAX, all in the 2 MB that an ESP32 has for files.
    a_year = 5 * 365 * DAY // cold.EVERY_MS * (-(-cold.COLD_MAX // (BLOCK - 8)) + 0.2)
    unfairness = max(chip.erases) / (sum(chip.erases) / chip.blocks)
    for blocks in (512, 64):
        years = CYCLES / (a_year / blocks * unfairness)
        print("%d blocks: %.0f years" % (blocks, years))
        assert years > YEARS
