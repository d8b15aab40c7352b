"""core/why_managers.py: what the why screen says of call managers, line by line."""

from phone.config import check
from phone.core.backups import Batch
from phone.core.learned import MANAGER, Taught
from phone.core.pointers import KEEPALIVE, PUSH, Book
from phone.core.wall import Wall
from phone.core.why import lines
from phone.core.why_managers import lost
from phone.phrases import phrase, plain

MINUTE = 60000
NOON = 1795176000  # 2026-11-20 12:00 UTC
ANSWERS = phrase("answers")
SILENT = phrase("does not answer")


class Course:
    """Of core/home.py: when the phone may return, and when it tries again."""

    due = None
    at = 0

    def ripe(self, seat, now):
        return self.at


class Teaching:
    """Of core/teaching.py: what they told."""

    def __init__(self):
        self.told, self.pushes = Batch([], 0), []


class Manager:
    """As core/manager.py has it."""

    registered = False
    well = next_at = None
    since = not_before = goods = refusals = 0
    reason = phrase("has not been asked yet")
    targets = ()

    def __init__(self, label, number):
        self.label, self.number = label, number
        self.uri = "sip:10.0.0.%d" % (number + 2)


class Managers:
    def __init__(self, *names):
        self.list = [Manager(name, number) for number, name in enumerate(names)]
        self.home = self.list[0]
        self.registered = False
        self.course = Course()
        self.teaching = Teaching()

    def register(self, number, since):
        """The phone is registered there, and those before have failed."""
        self.home = home = self.list[number]
        self.registered = home.registered = home.well = True
        home.since, home.reason = since, ANSWERS
        for manager in self.list[:number]:
            manager.well, manager.reason = False, SILENT


class Own:
    """Parts of a phone without hands."""

    prober = None
    up = True

    def __init__(self, *names, **options):
        homes = [{"name": name, "manager": "sip:10.0.0.%d" % (at + 2)} for at, name in enumerate(names)]
        for home in homes if options.get("pages") else ():
            home["pointers"] = {"services": "http://%s/" % home["name"].lower()}
        self.config, mistakes = check({"homes": homes, "sip": {"user": "1001"}})
        assert not mistakes, mistakes
        self.book = Book(self.config)
        self.wall = Wall(60)
        self.client = self
        self.managers = Managers(*names)
        if options.get("clock", True):
            self.wall.learn(NOON, "sntp", 0)  # 13:00 here

    def page(self, now):
        return [plain(line) for line in lines(self, now)]


def test_a_phone_that_was_just_switched_on():
    assert Own("A", "B").page(1000) == [
        "Not registered yet.", "Registering at A ...", "",
        "Call manager A has not been asked yet.", "",
        "Call manager B has not been asked yet.", "",
        "Call manager A, primary: sip:10.0.0.2", "Call manager B, backup: sip:10.0.0.3",
    ]  # fmt: skip


def test_before_it_begins():
    own = Own("A")
    own.managers.home, own.managers.list = None, []
    assert own.page(0)[0] == "Not registered yet."


def test_where_since_when_and_why_there():
    own = Own("A", "B")
    own.managers.register(0, MINUTE)
    assert own.page(2 * MINUTE)[:2] == ["Registered at A.", "Since 13:01: it comes first."]
    own.managers.register(1, 3 * MINUTE)
    assert own.page(4 * MINUTE)[:2] == ["Registered at B.", "Since 13:03: A does not answer."]
    own.managers.list[0].well = True
    assert own.page(4 * MINUTE)[1] == "Since 13:03: the return to A is not due."
    own = Own("A", clock=False)
    own.managers.register(0, MINUTE)
    assert own.page(4 * MINUTE)[1] == "For 3 min: it comes first."


def test_how_long_a_death_can_go_unnoticed():
    own = Own("A", "B")
    assert "within" not in " ".join(own.page(0)), "there is nobody to lose"
    own.managers.register(0, 0)
    assert "Should call manager A stop, that is known within 45 s." in own.page(0)
    own.managers.home.targets = (("10.0.0.2", 5060), ("10.0.0.9", 5060))
    assert "Should call manager A stop, that is known within 53 s." in own.page(0), "rounded up"


def test_what_is_the_matter_with_the_others_and_when_they_are_asked():
    own = Own("A", "B", "C")
    own.managers.register(1, 0)
    a, b, c = own.managers.list
    a.next_at, c.next_at = 40001, MINUTE
    page = own.page(0)
    assert page[3:8] == [
        "Call manager A does not answer.", "Next poll in about 41 s.", "",
        "Call manager C has not been asked yet.", "Next poll in about 60 s.",
    ]  # fmt: skip
    a.next_at = 0
    assert "It is asked now." in own.page(0)
    a.reason, a.not_before = phrase("is busy (503)"), 10 * MINUTE
    assert own.page(0)[3:5] == ["Call manager A is busy (503).", "It is not asked before 13:10."]
    own.wall = Wall()
    assert own.page(0)[4] == "It is not asked for another 10 min."


def test_how_near_the_return_is():
    own = Own("A", "B", "C")
    own.managers.register(1, 0)
    a, _, c = own.managers.list
    own.managers.course.at = 2 * MINUTE
    a.goods = c.goods = 2
    said = [line for line in own.page(MINUTE) if "Good polls" in line]
    assert said == ["Good polls: 2 of 3. No return within 60 s."], "to A only: C is no better"
    a.goods = 7
    assert "Good polls: 3 of 3. No return within 30 s." in own.page(2 * MINUTE - 30000)
    assert "The phone returns there once nobody uses it." in own.page(2 * MINUTE)


def test_nobody_answers_or_wants_the_phone():
    own = Own("A", "B")
    for manager in own.managers.list:
        manager.well, manager.reason = False, SILENT
    assert own.page(0)[:2] == ["Not registered: no call manager answers.", "Registering at A ..."]
    own.managers.course.due = 25000
    page = own.page(0)
    assert page[:3] == ["Not registered: no call manager answers.", "Next try in about 25 s.", ""]
    assert "Call manager A does not answer." in page and "Call manager B does not answer." in page
    own.managers.home.refusals = 1
    assert own.page(0)[0] == "Not registered: A refuses the phone."
    own.up = False
    assert own.page(0)[0] == "The phone has no network."


def test_what_a_loss_would_mean():
    own = Own("A", "B", "C")
    assert lost(own, 0) == []
    own.managers.register(0, 0)
    _, b, c = own.managers.list
    assert [plain(line) for line in lost(own, 0)] == ["Without call manager A: B within 45 s."]
    c.well = True
    assert plain(lost(own, 0)[0]).startswith("Without call manager A: C within"), "known to be well"
    c.not_before = MINUTE
    b.well = False
    assert plain(lost(own, 0)[0]) == "Without call manager A: no other one answers."


def test_with_servers_of_pages_beside_them():
    own = Own("A", "B", pages=True)
    own.managers.register(1, 0)
    page = own.page(1000)
    assert page[:4] == ["Registered at B.", "Since 13:00: A does not answer.", "", "A is asked first."]
    assert page[-4:] == ["A, primary: http://a", "B, backup: http://b",
                         "Call manager A, primary: sip:10.0.0.2", "Call manager B, backup: sip:10.0.0.3"]
    place = page.index("Should A stop, that is known within 50 s.")
    assert page[place + 1] == "Should call manager B stop, that is known within 45 s."
    assert not any(page[at] == page[at + 1] == "" for at in range(len(page) - 1))


def test_the_servers_of_the_home_come_first():
    own = Own("A", "B", pages=True)
    own.managers.register(1, 0)
    own.book.home = 1
    page = own.page(1000)
    assert page[3:5] == ["B is asked first.", "Why: the phone is registered there."]


def test_a_server_serves_since_the_phone_moved_or_since_its_pages_were_pushed():
    own = Own("A", "B", pages=True)
    for pointer in own.book.pointers:
        pointer.health.good(ANSWERS, 1000)
    own.managers.register(1, 5 * MINUTE)
    own.book.move(1, 5 * MINUTE)
    assert own.page(9 * MINUTE)[3:5] == ["Served by B.", "Since 13:05: the phone is registered there."]
    own.book.move(1, 6 * MINUTE)
    assert own.page(9 * MINUTE)[4] == "Since 13:05: the phone is registered there.", "nothing has changed"
    own.managers.register(0, 10 * MINUTE)
    own.book.move(0, 10 * MINUTE)
    assert own.page(11 * MINUTE)[3:5] == ["Served by A.", "Since 13:10: it comes first."]
    pushed = Taught("services", "http://b/", PUSH, 1000, 3600, 0, False)
    own.book.teach(PUSH, [pushed], 12 * MINUTE)
    assert own.page(13 * MINUTE)[3:5] == ["Served by B.", "Since 13:12: its pages were pushed."]
    own.book.teach(PUSH, [], 72 * MINUTE)
    assert own.page(73 * MINUTE)[3:5] == ["Served by A.", "Since 14:12: it comes first."]


def test_what_they_told_and_for_how_long():
    own = Own("A", "B")
    own.managers.register(0, 0)
    teaching = own.managers.teaching
    told = Taught("services", "http://told/menu?pin=1", KEEPALIVE, 1000, 0, 0, False)
    teaching.told = Batch([told, Taught("directory", *told[1:])], 0)
    teaching.pushes = [Batch([Taught("", "https://pushed/x", PUSH, 1000, 3600, 0, False)], 60)]
    teaching.pushes += [Batch([Taught("", "http://dated/x", PUSH, 1000, 3600, NOON + 120, True)], 60)]
    teaching.told.taught.append(Taught(MANAGER, "sip:c:5060", KEEPALIVE, 1000, 0, 0, False))
    page = own.page(MINUTE)
    at = page.index("Pushed: https://pushed, for another 60 min")
    assert page[at - 1 : at + 4] == [
        "", "Pushed: https://pushed, for another 60 min", "Pushed: http://dated, for another 60 s",
        "Told: http://told", "",
    ]  # fmt: skip
    own.wall = Wall()
    assert "Pushed: http://dated, for another 60 min" in own.page(MINUTE), "a date waits for the time"
