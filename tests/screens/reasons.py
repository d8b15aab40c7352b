"""The why screen, the journal page and the drill as they are found after a failover, on both displays."""

from phone.config import check
from phone.core import why
from phone.core.account import Lines
from phone.core.backups import Batch
from phone.core.journal import Journal
from phone.core.outcome import WHY
from phone.core.pointers import Book
from phone.core.refusals import broken
from phone.core.wall import Wall
from phone.events import REFUSED
from phone.phrases import phrase
from phone.records import WHOLE, Text
from phone.ui.screen import Status
from phone.ui.stack import Stack
from phone.ui.text import TextView

NOON = 1795176000  # 2026-11-20 12:00 UTC
MINUTE = 60000
OWN_PAGE = Status("", "", "14:10", "", "Ward 3", "", 0)


class Parts:
    """What the pages read: a book in which A refused, B serves, and C wants to be left alone."""

    prober = managers = None
    up = True

    def __init__(self):
        homes = [{"name": name, "pointers": {"services": "http://%s/" % name.lower()}} for name in "ABC"]
        self.config = check({"homes": homes})[0]
        self.client = self
        self.book = Book(self.config)
        self.wall = Wall(120)
        self.wall.learn(NOON, "sntp", 0)
        a, b, c = [pointer.health for pointer in self.book.pointers]
        a.bad(WHY[REFUSED], 2 * MINUTE)
        b.good(phrase("answered"), 2 * MINUTE)
        c.bad(broken(503, 600000), 5 * MINUTE, 600000)
        self.journal = Journal()
        self.journal.say(phrase("The phone was switched on."), 0)
        self.journal.say(phrase("%s %s.", "A", WHY[REFUSED]), 2 * MINUTE)
        said = phrase("%s: page from %s after %s.", phrase("Services"), "B", phrase("%d ms", 41))
        self.journal.say(said, 2 * MINUTE)


class Manager:
    """As core/manager.py has it: A does not answer any more."""

    well, registered, reason = False, False, phrase("does not answer")
    next_at, not_before, goods, refusals = 10 * MINUTE + 41000, 0, 2, 0
    targets = ()

    def __init__(self, label, number):
        self.label, self.number, self.uri = label, number, "sip:10.0.%d.2" % number


class Managers:
    """The phone is registered at B."""

    registered = True
    due = None

    def __init__(self):
        self.list = [Manager("A", 0), Manager("B", 1)]
        self.home = self.list[1]
        self.home.well = self.home.registered = True
        self.home.since = 2 * MINUTE
        self.course = self  # core/home.py: the return to A is not ripe
        self.teaching = self  # core/teaching.py
        self.told, self.pushes = Batch([], 0), []

    def ripe(self, seat, now):
        return now + 80000


def managed():
    parts = Parts()
    parts.config = check({"homes": [{"manager": "sip:10.0.0.2"}], "sip": {"user": "1001"}})[0]
    parts.managers = Managers()
    return parts


def reasons(theme):
    """{name: Screen}"""
    parts = Parts()
    out = {}
    for code, prefix in (("en", ""), ("de", "de_")):
        theme.speak(code)
        say = theme.say
        pages = {
            "why": (phrase("Servers"), why.lines(parts, 10 * MINUTE)),
            "managers": (phrase("Servers"), why.lines(managed(), 10 * MINUTE)),
            "journal": (phrase("Journal"), Lines(parts.journal, parts.wall, say, 10 * MINUTE)),
            "drill": (phrase("Drill"), [phrase("Without %s: %s after %d ms.", "A", "B", 263),
                                        phrase("Without %s: %s after %d ms.", "B", "C", 271),
                                        phrase("All is as before.")]),
        }  # fmt: skip
        for name, (title, lines) in pages.items():
            stack = Stack(theme)
            record = Text(say(title), "", tuple([say(line) for line in lines]), (), WHOLE)
            stack.push(TextView(record, theme, "", None))
            out[prefix + name] = stack.screen(OWN_PAGE)
            if name in ("why", "managers"):
                stack.key("right", True, 0)
                out[prefix + name + "_on"] = stack.screen(OWN_PAGE)
    theme.speak("en")
    return out
