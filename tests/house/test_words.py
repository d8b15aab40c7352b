"""The table of languages and the source agree: what the phone says is there, in each language, and fits."""

import ast
from functools import cache

import pytest

from host_tools import words
from tests.house.tree import BOARDS, FIRMWARE, modules, shown
from tests.screens.drawing import SIZES, load

DEVICE = modules(FIRMWARE) + modules(BOARDS)
# Phrases that are not written out: the names of days and months, which are one str each.
LISTS = {"firmware/phone/core/wall.py": ("_DAYS", "_MONTHS")}
LABEL = "Ward 3"  # a server's name of usual length
# The softkeys that stand together, as a view lays them out.
BARS = (
    ("Services", "Directory", "Messages", "Settings"),  # of the colour display only
    ("Services", "Directory", ("Messages (%s)", "99"), "Settings"),
    ("Services", "Directory", ("Messages (%s)", "99"), "Calls"),
    ("Select", "Exit", "Back", ""),
    ("Select", "Exit", "Back", "Search"),
    ("Select", "Again", "Why", "Back"),  # of the colour display only
    ("Again", "Why", "Back", ""),
    ("Again", "Why", "Search", "Back"),  # of the colour display only
    ("Again", "Why", "Search", ""),
    ("Exit", "Update", "Back", ""),
    ("Exit", "Why", "Back", ""),
    ("Again", "Exit", "Back", ""),
    ("Again", "Why", "Exit", "Back"),
    ("Again", ("Try %s", "B"), "Why", "Back"),
    ("Why", "Exit", "Back", ""),
    ("Go on", "", "", "Back"),
    ("Restart", "", "", "Back"),
    ("", "", "", "Cancel"),
    ("Select", "Update", "Exit", "More"),
    ("Select", "Exit", "Back", "Next"),
    ("Exit", "Next", "Back", ""),
    ("Submit", "<<", "Cancel", "Back"),
    ("Dial", "EditDial", "Cancel", "Back"),
    ("Dial", "EditDial", "Next", "Back"),
    ("Dial", "EditDial", "Search", "More"),
)
LARGE_ONLY = ("Directory", "Messages")
LARGE_BARS = (("Select", "Again", "Why", "Back"), ("Again", "Why", "Search", "Back"))


@cache
def table():
    return words.read()


@cache
def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def calls(path):
    """Each call of phrase() in a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("phrase", "phrases.phrase"):
            yield node


def template(path, node):
    """What a call of phrase() says: written out there, or a constant of this file or of one it imports."""
    first = node.args[0] if node.args else None
    if isinstance(first, ast.Name):
        return constant(path, first.id)
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def constant(path, name):
    for node in tree(path).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return node.value.value if isinstance(node.value, ast.Constant) else None
        if isinstance(node, ast.ImportFrom) and any(alias.name == name for alias in node.names):
            return constant(FIRMWARE / (node.module.replace(".", "/") + ".py"), name)
    return None


def listed(path):
    """The words of the lists of a file."""
    for node in tree(path).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in LISTS.get(shown(path), ()):
            for word in ast.literal_eval(node.value).split():
                yield node.lineno, word


@cache
def said():
    """English -> where it is said first."""
    found = {}
    for path in DEVICE:
        for line, text in [(node.lineno, template(path, node)) for node in calls(path)] + list(listed(path)):
            found.setdefault(text, "%s:%d" % (shown(path), line))
    found.pop(None, None)
    return found


def softkeys():
    """The phrases that are labels: the first of a pair, as bars and notes take them."""
    for path in DEVICE:
        for node in ast.walk(tree(path)):
            pair = isinstance(node, ast.Tuple) and len(node.elts) == 2
            key = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "SoftKey"
            first = node.elts[0] if pair else node.args[0] if key else None
            for inner in ast.walk(first) if first else ():
                if inner in list(calls(path)) and (key or is_meaning(node.elts[1])):
                    yield template(path, inner), "%s:%d" % (shown(path), inner.lineno)


def is_meaning(node):
    """Whether the second of a pair is what a softkey means: an Intent, or a word of a NoteView's."""
    word = isinstance(node, ast.Constant) and node.value in ("exit", "back", "why", "again", "elsewhere")
    return word or isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Intent"


@pytest.mark.parametrize("path", DEVICE, ids=shown)
def test_each_phrase_is_written_out_where_it_is_said(path):
    for node in calls(path):
        at, text = "%s:%d" % (shown(path), node.lineno), template(path, node)
        assert text, "%s: phrase() needs its text here, so that it is found for the table" % at
        assert not set("\t\n|") & set(text), "%s: %r" % (at, text)
        wanted = [part for part in words.placeholders(text) if part != "%%"]
        if len(node.args) > 1 and not any(isinstance(part, ast.Starred) for part in node.args):
            assert len(wanted) == len(node.args) - 1, "%s: the parts of %r" % (at, text)


def test_whatever_the_phone_says_is_in_the_table():
    known = table().column("en")
    codes = [code.upper() for code in table().codes[1:]]
    rows = ["\t".join([text, *codes]) for text in said() if text not in known]
    assert not rows, "These lack in firmware/words.tsv; ready to paste, a column for each of %s:\n\n%s\n" % (
        ", ".join(table().names), "\n".join(rows),
    )  # fmt: skip


def test_nothing_in_the_table_is_unused():
    unused = ["line %d: %s" % (row.line, row.texts[0]) for row in table().rows if row.texts[0] not in said()]
    assert not unused, "Nobody says these of firmware/words.tsv any more:\n" + "\n".join(unused)


def test_nothing_waits_for_its_translation():
    """Rows that were pasted hold the code of the language until somebody writes there."""
    for row in table().rows:
        for code, text in zip(table().codes[1:], row.texts[1:]):
            assert text != code.upper(), "words.tsv, line %d: the %s of %r" % (row.line, code, row.texts[0])
            assert all(part.strip() == part for part in text.split("|")), "words.tsv, line %d" % row.line


def test_sentences_end_alike():
    """A full stop, a question mark or the dots of waiting: in every language where English has it."""
    for row in table().rows:
        for text in "|".join(row.texts[1:]).split("|"):
            for end in (".", "?", "..."):
                same = text.endswith(end) == row.texts[0].endswith(end)
                assert same or len(text) < 12, "words.tsv, line %d: %r" % (row.line, text)


def test_the_languages_are_those_of_the_configuration():
    from phone.config import LANGUAGES
    from phone.core import choices

    assert table().codes == LANGUAGES
    assert tuple(zip(table().codes, table().names)) == choices.LANGUAGES


@pytest.mark.parametrize("code", words.read().codes)
def test_the_fonts_have_each_letter(code):
    for size in SIZES:
        theme, _ = load(*size)
        for font in (theme.text_font, theme.title_font, theme.small_font, theme.prompt_font):
            box = font._source.read(0xFFFF)
            for english, text in table().column(code).items():
                for letter in words.polished(code, text):
                    drawn = font._source.read(ord(letter))
                    assert drawn != box and drawn[0], "%r of %r: no font has it" % (letter, english)


@cache
def theme(size, code):
    """A theme with the real fonts that speaks the language `code` as the phone would."""
    found, _ = load(*size)
    found.speak(code)
    assert code == "en" or found.say(("Back",)) != "Back"
    return found


@pytest.mark.parametrize("code", words.read().codes)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "%dx%d" % size[:2])
def test_softkeys_fit(size, code):
    from phone.ui.painter import Painter

    speaks = theme(size, code)
    font, painter = speaks.small_font, Painter(speaks)
    wide = []
    for bar in BARS:
        if speaks.compact and (set(bar) & set(LARGE_ONLY) or bar in LARGE_BARS):
            continue
        labels = [speaks.say(key if isinstance(key, tuple) else (key,)) if key else "" for key in bar]
        edges = painter._edges(labels, font)
        for i, label in enumerate(labels):
            room = edges[i + 1] - edges[i] - speaks.gap
            if label and font.width(label) > room:
                wide.append("%r of %s has %d of %d pixels" % (label, labels, room, font.width(label)))
    assert not wide, "\n".join(wide)


def test_every_softkey_is_measured():
    measured = {key[0] if isinstance(key, tuple) else key for bar in BARS for key in bar}
    for label, at in softkeys():
        assert label in measured, "%s: put the softkeys that stand beside %r into BARS" % (at, label)


@pytest.mark.parametrize("code", words.read().codes)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "%dx%d" % size[:2])
def test_names_in_the_menu_of_the_settings_and_titles_fit(size, code):
    from phone.core.settings import _ITEMS
    from phone.core.trouble import TITLES

    speaks = theme(size, code)
    column = speaks.small_font.width("9") + speaks.margin * (2 if speaks.compact else 1)
    in_menu = speaks.width - speaks.margin - column - speaks.strip
    as_title = speaks.width - 3 * speaks.margin - speaks.mark - 1
    names = [speaks.say(name) for name in [title for title, _ in _ITEMS] + list(TITLES.values())]
    assert not [name for name in names if speaks.text_font.width(name) > in_menu]
    assert not [name for name in names if speaks.title_font.width(name) > as_title]


@pytest.mark.parametrize("code", words.read().codes)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "%dx%d" % size[:2])
def test_lines_of_the_idle_screen_fit(size, code):
    from phone.core.wall import _DAYS, _MONTHS

    speaks = theme(size, code)
    lines = [("No server answers",), ("No network",), ("%s is asked first", LABEL),
             ("Served by %s", LABEL), ("Registering at %s", LABEL), ("Registered at %s", LABEL),
             ("1 message waiting",), ("%d messages waiting", 99),
             ("Messages are waiting",), ("1 missed call",), ("%d missed calls", 20),
             ("Calls: %d, messages: %d", 20, 99)]
    if speaks.compact:
        lines.append(("Not registered",))
    else:
        lines += [("Not registered: no manager answers",), ("Not registered: %s refuses", LABEL)]
    if code != "en" or not speaks.compact:  # English has no short forms: the longest dates lose two letters
        lines += [("%s, %d %s", (day,), 28, (month,)) for day in _DAYS.split() for month in _MONTHS.split()]
    wide = [speaks.say(line) for line in lines]
    wide = [text for text in wide if speaks.text_font.width(text) > speaks.width - 2 * speaks.margin]
    assert not wide, "\n".join(wide)
