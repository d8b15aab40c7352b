"""core/why.py, core/account.py: what the why screen and the journal page say, and when."""

from phone.config import check
from phone.core.account import Lines
from phone.core.journal import Journal
from phone.core.moment import moment
from phone.core.outcome import WHY
from phone.core.pointers import Book
from phone.core.probe import Prober
from phone.core.refusals import broken
from phone.core.wall import Wall
from phone.core.why import lines, next_look
from phone.events import REFUSED
from phone.phrases import phrase, plain

MINUTE = 60000
NOON = 1795176000  # 2026-11-20 12:00 UTC
REFUSES = WHY[REFUSED]
ANSWERS = phrase("answered")


class Why:
    """A phone without hands: a book, a clock that may be unknown, and the page."""

    managers = None

    def __init__(self, *names, **options):
        scheme = options.get("scheme", "http")
        homes = [{"name": n, "pointers": {"services": "%s://%s/" % (scheme, n.lower())}} for n in names]
        self.config = check({"homes": homes})[0]
        self.book = Book(self.config)
        self.wall = Wall(60)
        self.prober = Prober(self.book, Journal(), None, self.config.timers, None)
        self.client = self
        self.up = True
        if options.get("clock", True):
            self.wall.learn(NOON, "sntp", 0)  # 13:00 here

    def health(self, name):
        return [p.health for p in self.book.pointers if p.label == name][0]

    def page(self, now):
        found = lines(self, now)
        return [plain(line) for line in found]


def test_a_phone_that_was_just_switched_on():
    assert Why("A", "B").page(1000) == [
        "A is asked first.", "Why: it comes first.", "",
        "B was not asked yet.", "First look in about %s." % (wait(Why("A", "B"), "B", 1000)), "",
        "Should A stop, that is known within 50 s.", "",
        "A, primary: http://a", "B, backup: http://b",
    ]  # fmt: skip


def test_who_serves_since_when_and_why():
    why = Why("A", "B")
    why.health("A").good(ANSWERS, 1000)
    assert why.page(2000)[:2] == ["Served by A.", "Since 13:00: it comes first."]
    why.health("A").bad(REFUSES, 2 * MINUTE)
    why.health("B").good(ANSWERS, 2 * MINUTE)
    assert why.page(5 * MINUTE)[:3] == ["Served by B.", "Since 13:02: A is not well.", ""]
    why.health("A").good(ANSWERS, 9 * MINUTE)
    assert why.page(10 * MINUTE)[:2] == ["Served by A.", "Since 13:09: it answers again."]


def test_while_the_time_of_day_is_unknown_it_counts():
    why = Why("A", "B", clock=False)
    why.health("A").bad(REFUSES, 2 * MINUTE)
    why.health("B").good(ANSWERS, 2 * MINUTE)
    page = why.page(5 * MINUTE)
    assert page[:2] == ["Served by B.", "For 3 min: A is not well."]
    assert page[3] == "A refused the connection."
    assert page[4].startswith("Unwell for 3 min. Next look in about ")


def test_what_is_wrong_with_the_others_and_when_they_are_tried_next():
    why = Why("A", "B", "C", "D")
    now = 4 * MINUTE
    why.health("A").bad(REFUSES, now)
    why.health("B").good(ANSWERS, now)
    why.health("C").good(ANSWERS, now)
    page = why.page(now)
    assert page[3] == "A refused the connection."
    assert page[4] == "Unwell since 13:04. Next look in about %s." % (wait(why, "A", now))
    assert page[6] == "C answered."
    assert page[7] == "Well. Next look in about %s." % (wait(why, "C", now))
    assert page[9:11] == ["D was not asked yet.", "It is asked when the others fail."]


def wait(why, name, now):
    return "%d s" % ((next_look(why.health(name), why.book, why.prober, now) - now + 999) // 1000)


def test_a_503_says_until_when():
    why = Why("A", "B")
    why.health("A").bad(broken(503, 300000), 0, 300000)
    assert why.page(1000)[:2] == ["B is asked first.", "Why: A is busy."]
    assert why.page(1000)[3:5] == ["A is busy (503) until 13:05.", "It is not asked before."]
    why = Why("A", "B", clock=False)
    why.health("A").bad(broken(503, 300000), 0, 300000, 1)
    assert why.page(1000)[3] == "A is busy (503) for another 4 min."
    why.health("B").good(ANSWERS, 5000)
    assert why.page(6000)[1] == "For 6.0 s: A is busy.", "since A wished to be left alone"


def test_nobody_and_nothing():
    why = Why("A", "B")
    for name in "AB":
        why.health(name).bad(REFUSES, MINUTE)
    page = why.page(2 * MINUTE)
    assert page[:3] == ["No server is well.", "", "A refused the connection."]
    assert "B refused the connection." in page and "within" not in "".join(page)
    why.up = False
    assert why.page(2 * MINUTE)[0] == "The phone has no network."
    assert Why().page(0)[0] == "No server is configured."


def test_over_tls_there_are_two_worst_cases():
    page = Why("A", "B", scheme="https").page(0)
    assert "Should A stop, that is known within 50 s." in page
    assert "Where it still takes connections: within 61 min." in page


def test_a_moment():
    wall = Wall(60)
    assert moment(wall, 0, 0) == ""
    wall.learn(NOON, "sntp", 0)
    assert plain(moment(wall, 0, MINUTE)) == "13:00"
    assert plain(moment(wall, 9999, MINUTE, True)) == "13:00:09"
    assert plain(moment(wall, 0, 1440 * MINUTE)) == "20 November, 13:00", "another day is named"
    assert plain(moment(wall, 9999, 1440 * MINUTE, True)) == "20 November, 13:00:09"
    assert plain(moment(wall, 5 * MINUTE, 0)) == "13:05", "what is to come, too"


def test_the_journal_page_has_the_newest_first_with_times():
    journal, wall = Journal(), Wall(0)
    journal.say(phrase("%s %s.", "A", REFUSES), 1000)
    journal.say(phrase("The network is back."), 5000)
    said = list(Lines(journal, wall, plain, 6000))
    assert said == ["1.0 s ago: The network is back.", "5.0 s ago: A refused the connection."]
    wall.learn(NOON, "http", 6000)
    page = Lines(journal, wall, plain, 6000)
    journal.say(phrase("The network is gone."), 6000)
    said = list(page)
    assert len(page) == 2
    assert said == ["11:59:59 The network is back.", "11:59:55 A refused the connection."]
