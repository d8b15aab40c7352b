"""core/autopsy.py: why the last life ended, and how the next one begins."""

from phone.core.autopsy import SAFE_MAX_MS, SAFE_MS, Start
from phone.wire.life import pack_wary, unpack
from phone.wire.scratch import ASKING, NOTHING, READING, SHOWING, SPELL_MS, pack

URL = 4711


def left(phase=NOTHING, ms=20000, why="", safe=0, round=0, falls=b"", wary=None, url=0, boots=1):
    head = (phase, url, ms, boots, safe, round)
    parts = falls, pack_wary(wary or {}), b"A" if url else b"", why.encode()
    return pack(head, parts, b"900 It was said.\n")


def ends(scratch, *lives):
    """The Start after lives of so many ms, each of which ended in a crash."""
    start = Start(scratch, "reset")
    for ms in lives:
        start = Start(after(start, ms), "reset")
    return start


def after(start, ms, why=""):
    """What a life that began like this left after `ms`."""
    return left(ms=ms, why=why, safe=start.safe, round=start.round, falls=start.falls, boots=start.boots)


def test_after_power_nothing_is_believed():
    start = Start(left(READING, url=URL, falls=b"\1\1\1"), "power")
    assert start.cause == "power" and not (start.safe or start.url or start.found) and start.boots == 1


def test_a_memory_that_was_torn_blames_nobody():
    for scratch in (b"", left(READING, url=URL)[:-1]):
        start = Start(scratch, "watchdog")
        assert start.cause == "watchdog" and not start.safe and not start.url and start.falls == b"\0"
        assert not Start(scratch, "reset").falls, "of a board without such a memory nothing is known"


def test_a_reset_that_was_wished_is_none_of_the_bad():
    start = Start(left(READING, url=URL, why="settings"), "reset")
    assert start.cause == "reset" and not start.url and not start.falls and start.boots == 2


def test_a_reset_without_a_word_is_a_crash():
    start = Start(left(READING, url=URL), "reset")
    assert start.cause == "crash" and start.url == URL and start.found == {URL: 1}
    assert start.falls == b"\0" and not start.safe


def test_what_was_served_is_suspect_and_once_more_each_time():
    for phase in (ASKING, READING, SHOWING):
        start = Start(left(phase, url=URL, wary={URL: 2, 5: 1}), "watchdog")
        assert start.found == {URL: 3, 5: 1} and start.cause == "watchdog"
        assert "A" in start.doing()[0]
    assert Start(left(), "watchdog").found == {}


def test_three_bad_ends_within_three_minutes_are_safe_mode():
    assert not ends(left(ms=1000), 1000).safe
    assert ends(left(ms=1000), 1000, 1000).safe
    assert ends(left(ms=10**6), 80000, 80000).safe, "the first life was long, its end was near"
    assert not ends(left(ms=1000), 95000, 95000).safe, "190 s between the first and the third"
    assert ends(left(ms=1000), 95000, 95000, 60000).safe


def test_a_watchdog_takes_its_time_too():
    start = Start(after(Start(left(ms=1000), "watchdog"), 85000), "watchdog")
    assert not Start(after(start, 85000), "watchdog").safe, "186 s"


def test_a_reset_that_was_wished_in_between_is_passed_over():
    start = ends(left(ms=1000), 1000)
    start = Start(after(start, 5000, why="settings"), "reset")
    assert not start.safe and len(start.falls) == 2
    assert ends(after(start, 5000)).safe


def test_safe_mode_stays_after_a_bad_end_and_goes_after_a_wish():
    safe = ends(left(ms=1000), 1000, 1000)
    assert safe.round == 1
    again = ends(after(safe, 3000000))
    assert again.safe and again.round == 1, "however long it lasted"
    usual = Start(after(safe, 5000, why="tried again"), "reset")
    assert not usual.safe and usual.falls == b"" and usual.round == 1


def test_safe_mode_lasts_longer_each_time_until_the_phone_was_well():
    start = ends(left(ms=1000), 1000, 1000)
    waits = []
    for _ in range(6):
        waits.append(start.safe_ms())
        start = Start(after(start, 1800000, why="left"), "reset")
        start = ends(after(start, 1000), 1000, 1000)
    assert waits == [SAFE_MS, 2 * SAFE_MS, 4 * SAFE_MS, SAFE_MAX_MS, SAFE_MAX_MS, SAFE_MAX_MS]
    start = Start(after(start, 1000, why="left"), "reset")
    start = ends(after(start, SPELL_MS), 1000, 1000)
    assert start.safe and start.safe_ms() == SAFE_MS, "it had been well for three minutes"


def test_a_start_that_dies_on_the_way_counts():
    start = Start(b"", "power")
    for _ in range(3):
        assert not start.safe
        start = Start(start.starting, "reset")
    assert start.safe and start.boots == 4
    assert start.doing() == [("It was still starting.",)]


def test_starting_keeps_whom_the_phone_is_wary_of():
    start = Start(left(READING, url=URL), "watchdog")
    assert unpack(start.starting).wary == {URL: 1}
    assert Start(start.starting, "watchdog").found == {URL: 1}, "the start was not its fault"


def test_a_long_life_needs_no_more_than_a_byte_an_end():
    start = Start(left(ms=0xFFFFFFFF, falls=b"\xb4\xb4", boots=0xFFFF), "watchdog")
    assert start.falls == b"\0" and len(start.starting) < 64
