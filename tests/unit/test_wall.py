"""core/wall.py: the time of day, unknown until somebody says it."""

from phone.core.wall import AGREE_MS, KEEP_S, Keeper, Wall, fields, stamp
from phone.phrases import plain


def test_unknown_is_unknown():
    wall = Wall()
    assert wall.utc(5) is None and wall.local(5) is None and wall.next_minute(5) is None


def test_local_time_and_date():
    wall = Wall(60)
    wall.learn(784111777, "http", 10000)  # 1994-11-06 08:49:37 UTC, a Sunday
    assert wall.local(10000) == (1994, 11, 6, 6, 9, 49)
    assert wall.utc(11999) == 784111778


def test_dates_of_a_leap_year_and_of_the_turn_of_a_year():
    for seconds, date in (
        (1835438400, (2028, 2, 29)),
        (1835524800, (2028, 3, 1)),
        (1798761599, (2026, 12, 31)),
        (1798761600, (2027, 1, 1)),
        (0, (1970, 1, 1)),
    ):
        wall = Wall()
        wall.learn(seconds, "sntp", 0)
        assert wall.local(0)[:3] == date, seconds


def test_a_lesser_source_is_not_heard():
    wall = Wall()
    wall.learn(1000, "http", 0)
    wall.learn(2000, "clock", 0)
    wall.learn(3000, "http", 0)
    assert wall.utc(0) == 2000
    wall.learn(4000, "sntp", 0)
    assert wall.utc(0) == 4000


def test_the_minute_ends_when_the_clock_says_so():
    wall = Wall()
    wall.learn(119, "sntp", 500)
    due = wall.next_minute(500)
    assert wall.local(due - 1)[5] == 1 and wall.local(due)[5] == 2


def test_what_the_screen_says_of_the_time():
    wall = Wall()
    assert wall.words(0) == ("--:--", "")
    wall.learn(784111777, "http", 0)
    clock, date = wall.words(0)
    assert clock == "08:49" and plain(date) == "Sunday, 6 November"
    wall.learn(1835524800, "http", 0)
    clock, date = wall.words(0)
    assert clock == "12:00" and plain(date) == "Wednesday, 1 March"
    assert date[0] == "%s, 1 %s", "the first of a month has a name of its own in French"


def test_milliseconds_are_kept():
    wall = Wall()
    wall.learn(1000, "sntp", 5000, 900)
    assert wall.utc(5099) == 1000 and wall.utc(5100) == 1001


def test_a_time_before_the_floor_is_refused():
    wall = Wall(0, 5000)
    for source in ("http", "sip", "clock"):
        assert not wall.learn(4999, source, 0) and not wall.learn(4999, source, 0), source
    assert wall.utc(0) is None and wall.source == ""
    assert wall.learn(5000, "http", 0) and wall.source == "http"


def test_sntp_says_so_twice():
    wall = Wall(0, 5000)
    assert not wall.learn(1000, "sntp", 0)
    assert not wall.learn(1000 + 300, "sntp", 20000), "that is another time"
    assert not wall.learn(4000, "http", 25000) and wall.learn(6000, "http", 25000)
    assert wall.learn(1300 + 30, "sntp", 50000), "the same, half a minute later"
    assert wall.utc(50000) == 1330 and wall.floor == 1330
    assert AGREE_MS == 60000


def test_the_floor_comes_late():
    """The record is read from flash after the board's clock was."""
    wall = Wall()
    wall.learn(1000, "clock", 0)
    assert wall.know(900, 0)
    assert wall.utc(0) == 1000
    assert not wall.know(2000, 0)
    assert wall.utc(0) is None and wall.learn(2500, "http", 0)
    wall.know(100, 0)
    assert wall.floor == 2000, "a floor never sinks by itself"
    wall = Wall()
    wall.learn(1000, "sntp", 0)
    wall.know(2000, 0)
    assert wall.utc(0) == 1000


def test_what_is_stored_and_how_often():
    wall = Wall()
    assert wall.worth_keeping(0, 0) == 0
    wall.learn(1000000, "http", 0)
    assert wall.worth_keeping(0, 0) == 0, "one server's word"
    wall.learn(1000000, "clock", 0)
    assert wall.worth_keeping(0, 5000) == 1000005
    assert wall.worth_keeping(1000005, (KEEP_S + 4) * 1000) == 0
    assert wall.worth_keeping(1000005, (KEEP_S + 5) * 1000) == 1000005 + KEEP_S
    assert wall.worth_keeping(2000000, 0) == 1000000, "the record is wrong"


def test_a_date_in_full():
    assert fields(784111777) == (1994, 11, 6, 6, 8, 49, 37)
    assert stamp(784111777) == "1994-11-06T08:49:37Z"


class Flash:
    """As core/store.py: what was put, and how often."""

    def __init__(self, data=None):
        self.ready, self.data, self.puts = False, data, 0

    def get(self, name):
        assert name == "time" and self.ready
        return self.data

    def put(self, name, data, now):
        assert name == "time"
        self.data, self.puts = data, self.puts + 1


def test_the_last_known_time_is_kept_seldom():
    wall, flash = Wall(), Flash()
    keeper = Keeper(wall, flash, None)
    assert keeper.tick(0) == [] and flash.puts == 0
    flash.ready = True
    assert keeper.tick(0) == [] and flash.puts == 0, "it is not known"
    wall.learn(1790000000, "sntp", 0)
    for minute in range(1440 * 10):
        keeper.tick(minute * 60000)
    assert flash.puts == 40 and len(flash.data) == 5, "four times a day"


def test_a_clock_that_was_reset_is_found_out_at_the_start():
    class Said:
        def say(self, said, now):
            return [said[0]]

    wall, flash = Wall(), Flash((1790000000).to_bytes(5, "big"))
    keeper = Keeper(wall, flash, Said())
    wall.learn(946684800, "clock", 0)
    assert keeper.tick(0) == [] and wall.source == "clock"
    flash.ready = True
    assert "not believed" in keeper.tick(1)[0] and wall.utc(1) is None and flash.puts == 0
    assert keeper.tick(2) == []
    assert not wall.learn(1789999999, "http", 3) and wall.learn(1790000001, "http", 3)
    assert keeper.tick(4) == [] and flash.puts == 0, "a web server's word is not kept"
