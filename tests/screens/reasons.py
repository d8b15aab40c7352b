"""The why screen, the journal page and the drill as they are found after a failover, on both displays."""

from phone.config import check
from phone.core import why
from phone.core.account import Lines
from phone.core.journal import Journal
from phone.core.outcome import WHY
from phone.core.pointers import Book
from phone.core.trouble import broken
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

    prober = None
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


def reasons(theme):
    """{name: Screen}"""
    parts = Parts()
    out = {}
    for code, prefix in (("en", ""), ("de", "de_")):
        theme.speak(code)
        say = theme.say
        pages = {
            "why": (phrase("Servers"), why.lines(parts, 10 * MINUTE)),
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
            if name == "why":
                stack.key("right", True, 0)
                out[prefix + "why_on"] = stack.screen(OWN_PAGE)
    theme.speak("en")
    return out
