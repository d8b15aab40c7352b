"""The phone's own pages as a German reads them: where words are long, on both displays."""

from phone.core import settings
from phone.core.result import AGAIN, ELSEWHERE, Context, Result
from phone.events import Link
from phone.phrases import phrase
from phone.ui.screen import BACKUP, NONE, Status
from phone.ui.stack import Stack
from phone.ui.views import page_view, trouble_view

PAGES = ("settings", "network", "brightness", "language", "restart", "about")


class Thing:
    """Has what it is given."""

    def __init__(self, **has):
        for name, value in has.items():
            setattr(self, name, value)


def spoken(theme):
    """{name: Screen}"""
    say = theme.say
    theme.speak("de")
    config = Thing(name="SEP001122334455", label="Station 3", dns=(), push=Thing(port=8080))
    link = Link(True, "10.20.30.40", ("10.20.0.53", "10.20.0.54"), 3)
    taste = Thing(light=70, language="de", leaving=False)
    own = settings.Own(config, (), None, Thing(network=link), None, None, None, None, taste, None, say)
    date = phrase("%s, %d %s", phrase("Sunday"), 22, phrase("November"))
    served = Status(BACKUP, "B", "09:41", say(date), "Station 3", say(phrase("Served by %s", "B")), 2)
    out = {"de_idle": Stack(theme).screen(served)}
    here = Status("", "", "09:41", "", "Station 3", "", 0)
    for name in PAGES:
        record, row = settings.page(name, own, 93784000)
        stack = Stack(theme)
        view = page_view(record, theme, "", None)
        view.select(row)
        stack.push(view)
        out["de_" + name] = stack.screen(here)
    stack.notice(say(phrase("Cancelled.")), 0)
    out["de_notice"] = stack.screen(here)
    said = [phrase("%s %s.", label, phrase("refused the connection")) for label in "AB"]
    offers = {AGAIN: None, ELSEWHERE: Thing(pointer=Thing(label="B"))}
    asked = Context("services", None, None, True, False, False, None)
    stack = Stack(theme)
    result = Result(None, said, offers, asked, "", None, None)
    stack.push(trouble_view(result, say(phrase("Services")), theme))
    out["de_trouble"] = stack.screen(Status(NONE, "", "09:41", "", "Station 3", "", 0))
    stack.loading(say(phrase("Asking %s ...", "A")))
    out["de_loading"] = stack.screen(here)
    theme.speak("en")
    return out
