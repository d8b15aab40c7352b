"""The screens under review: each is made the way a person would get there, with key presses.

samples(theme) gives {name: Screen}. Runs on CPython and on the unix port, so that both canvases can
be given the same screens.
"""

from phone.core.calls import Calls
from phone.core.result import Context, Result
from phone.records import WHOLE, Mends, Menu, SoftKey, Text, menu_item
from phone.ui.menu import MenuView
from phone.ui.note import NoteView
from phone.ui.screen import BACKUP, NONE, PRIMARY, Status
from phone.ui.search import SearchView
from phone.ui.stack import Stack
from phone.ui.text import TextView
from phone.ui.views import aged_view
from tests.screens.bad_ends import bad_ends
from tests.screens.forms import forms
from tests.screens.menus import menus
from tests.screens.pictures import pictures
from tests.screens.reasons import reasons
from tests.screens.spoken import spoken

SERVED_BY_A = Status(PRIMARY, "A", "09:41", "Sunday 22 November", "Ward 3", "Served by A", 0)
SERVED_BY_B = Status(BACKUP, "B", "09:41", "Sunday 22 November", "Ward 3", "Served by B", 2)
ALONE = Status(NONE, "no server", "23:08", "Sunday 22 November", "Ward 3", "No server answers", 0)
JUST_STARTED = Status("", "", "--:--", "", "Ward 3", "Looking for a server", 0)
OWN_PAGE = Status("", "Ward 3", "09:41", "Sunday 22 November", "Ward 3", "Served by A", 0)

SERVICES = Menu(
    "Services",
    "Choose a service",
    (
        menu_item("News", "news.xml"),
        menu_item("People", "people.xml"),
        menu_item("Duty roster", "duty.xml"),
        menu_item("Canteen", "canteen.xml"),
    ),
    (),
    WHOLE,
)
PEOPLE = Menu(
    "People",
    "",
    tuple(
        [menu_item(name, "Dial:%d" % (4100 + i)) for i, name in enumerate((
            "Adler, Konrad", "Almássy, Éva", "Bauer, Jürgen", "Çelik, Ayşe", "Dvořák, Tomáš", "Eriksson, Åsa",
            "Fischer, Anna-Lena, Ward 3, Nurse in charge of the night shift", "García, Íñigo",
            "Θεοδώρα Παπαδάκη", "Иванов, Пётр", "Jørgensen, Søren", "Kowalski, Łukasz",
            "Lefèvre, François", "Müller, Heike",
        ))]
    ),
    (),
    Mends(0, "", "86 of 100 items", ""),
)  # fmt: skip
NO_ITEMS = (menu_item("No calls", ""), menu_item("Settings of the list", "x.xml"))
NO_CALLS = Menu("Missed calls", "", NO_ITEMS, (), WHOLE)
NEWS = Text(
    "News",
    "Canteen",
    (
        "Today: lentil soup, roast chicken with rosemary potatoes, or pasta with spinach and ricotta.",
        "",
        "The lift in the east wing is out of order until Thursday. Please use the west wing for beds, "
        "and call 4711 where a patient cannot wait.",
        "",
        "Fire drill: Friday 10:30. Doors on floors 2–4 close by themselves; nobody needs to leave "
        "the building.",
    ),
    (),
    WHOLE,
)
TABLE = Text(
    "Duty roster",
    "",
    ("Ward\tNurse", "3\tKlein", "4\tSørensen", "", "Über 20 % “café” – €5…"),
    (SoftKey("Dial", 1, "Dial:4711", ""), SoftKey("Back", 4, "SoftKey:Back", "")),
    WHOLE,
)
LETTERS = Text(
    "Ελληνικά и кириллица",
    "",
    (
        "Καλημέρα, πώς είστε;",
        "Доброе утро, дежурная сестра",
        "Zażółć gęślą jaźń • Árvíztűrő tükörfúrógép",
        "missing: 日本 ☎, soft\u00adhyphen",
        "http://averylonghost.example.org/with/a/path/that/has/no/blank.xml",
    ),
    tuple([SoftKey(name, i + 1, name, "") for i, name in enumerate(("One", "Two", "Three", "Four", "Five"))]),
    WHOLE,
)
SENTENCES = (
    "Served by A since 07:12.",
    "B answers too. It takes over when A is silent for 9 s.",
    "Last change: at 06:58 from A to B, because A refused connections; back at 07:12, after A "
    "was well for ten minutes.",
)


REFUSED = ("A refused the connection.", "B answered with error 500.")


def opened(theme, *views):
    stack = Stack(theme)
    for view in views:
        stack.push(view)
    return stack


def old(record, theme, *sentences):
    """The view of a page out of the cache, as the desk leaves it."""
    offers = {"again": None} if sentences else {}
    context = Context("directory", None, None, True, not sentences, False, None)
    view = aged_view(Result(record, sentences, offers, context, "", None, None), theme, record.title)
    view.remark = "From A, 12 min ago"
    if sentences and not theme.compact:
        view.remark += ". " + sentences[0]
    return view


def pressed(stack, keys):
    for key in keys.split():
        stack.key(key, True, 0)
        stack.key(key, False, 0)
    return stack


def samples(theme):
    """{name: Screen}"""
    menu = lambda: MenuView(SERVICES, theme, "Services", None)  # noqa: E731
    people = lambda: MenuView(PEOPLE, theme, "People", None)  # noqa: E731
    news = lambda: TextView(NEWS, theme, "News", None)  # noqa: E731
    out = {}
    out["idle"] = opened(theme).screen(SERVED_BY_A)
    out["idle_backup_messages"] = opened(theme).screen(SERVED_BY_B)
    stack = opened(theme)
    stack.idle.calls = Calls()
    stack.idle.calls.miss("Alice (203)", 0)
    out["idle_call"] = stack.screen(SERVED_BY_A)
    out["idle_calls_messages"] = stack.screen(SERVED_BY_B)
    out["idle_alone"] = opened(theme).screen(ALONE)
    out["idle_start"] = opened(theme).screen(JUST_STARTED)
    stack = opened(theme)
    stack.loading("Loading Services from A")
    out["idle_loading"] = stack.screen(SERVED_BY_A)
    out["menu"] = pressed(opened(theme, menu()), "down").screen(SERVED_BY_A)
    out["menu_backup"] = opened(theme, menu()).screen(SERVED_BY_B)
    out["menu_long"] = opened(theme, people()).screen(SERVED_BY_A)
    out["menu_long_scrolled"] = pressed(opened(theme, people()), "right down down").screen(SERVED_BY_A)
    out["menu_long_end"] = pressed(opened(theme, people()), "right " * 6).screen(SERVED_BY_A)
    out["menu_placeholder"] = opened(theme, MenuView(NO_CALLS, theme, "", None)).screen(SERVED_BY_A)
    out["text"] = opened(theme, news()).screen(SERVED_BY_A)
    out["text_end"] = pressed(opened(theme, news()), "9").screen(SERVED_BY_A)
    out["text_tab"] = opened(theme, TextView(TABLE, theme, "", None)).screen(SERVED_BY_A)
    stack = opened(theme, TextView(LETTERS, theme, "", None))
    out["text_letters"] = stack.screen(SERVED_BY_A)
    out["text_letters_end"] = pressed(stack, "9 soft4").screen(SERVED_BY_A)
    stack = opened(theme, menu())
    stack.loading("Loading News from A")
    out["loading"] = stack.screen(SERVED_BY_A)
    stack = opened(theme, menu())
    stack.notice("B serves now.", 0)
    out["notice"] = stack.screen(SERVED_BY_B)
    stack = opened(theme, people())
    stack.notice("A does not answer: nothing came within 2.5 s. The next server is asked.", 0)
    out["notice_long"] = stack.screen(SERVED_BY_B)
    out["stale"] = opened(theme, old(NEWS, theme, *REFUSED)).screen(ALONE)
    out["stale_menu"] = pressed(opened(theme, old(PEOPLE, theme, *REFUSED)), "down").screen(ALONE)
    stack = opened(theme, old(SERVICES, theme))
    stack.loading("Asking A ...", True)
    out["stale_asking"] = pressed(stack, "down").screen(SERVED_BY_A)
    pages = [(PEOPLE.items, None, "")]
    out["search"] = pressed(opened(theme, SearchView(pages, theme)), "5 6").screen(OWN_PAGE)
    out["search_begins"] = opened(theme, SearchView(pages, theme)).screen(OWN_PAGE)
    note = NoteView("Server", SENTENCES, (("Again", "again"), ("Account", "account")), theme, None)
    out["sentences"] = opened(theme, note).screen(OWN_PAGE)
    out.update(reasons(theme))
    out.update(spoken(theme))
    out.update(bad_ends(theme))
    out.update(forms(theme))
    out.update(pictures(theme))
    out.update(menus(theme))
    return out
