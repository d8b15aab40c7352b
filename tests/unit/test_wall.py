"""core/wall.py: the time of day, unknown until somebody says it."""

from phone.core.wall import Wall
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
