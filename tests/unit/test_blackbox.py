"""core/blackbox.py: what is kept before the phone can die of it."""

from phone.core.autopsy import Start
from phone.core.blackbox import HARMLESS_MS, LINES_MAX, LINGER_MS, Blackbox
from phone.core.journal import Journal
from phone.core.pointers import Pointer
from phone.core.result import Context, Result
from phone.core.run import KEY, PROBE
from phone.phrases import phrase
from phone.safe import Nothing
from phone.wire.life import unpack
from phone.wire.scratch import ASKING, NOTHING, READING, SCRATCH_MAX, SHOWING, SPELL_MS, fingerprint
from phone.wire.url import split

HEAP = "256wK"  # the desk of safe mode is compiled here, with all that a page on the screen wants


class Fetch:
    def __init__(self, conn):
        self.conn = conn


class Run:
    """Stands for a request under way."""

    def __init__(self, target, conn, why=KEY):
        self.target, self.fetch, self.why = target, Fetch(conn), why


class Book:
    def __init__(self):
        self.wary = {}


def page(name):
    """A Context of the server of that name."""
    url = split("http://%s/menu.xml" % name)
    pointer = Pointer("services", url, 0, name, "", 1, True, None)
    return Context("services", pointer, url, True, True, False, None)


A, B = page("a"), page("b")
T = SPELL_MS + 1  # from here on the age alone is nothing to keep


def scene():
    journal, book = Journal(), Book()
    box = Blackbox(book, journal, Nothing(), Start(b"", "power"))
    return box, journal, book


def kept(effects):
    """(phase, label) of what is kept now, or None where nothing changed."""
    if not effects:
        return None
    life = unpack(effects[-1].data)
    assert bool(life.url) == bool(life.label)
    return life.phase, life.label


def test_a_request_is_kept_from_asking_to_harmless():
    box, _, _ = scene()
    run = Run(A, 1)
    assert kept(box.tick(T)) == (NOTHING, "")
    box.begin(run)
    assert kept(box.tick(T + 10)) == (ASKING, "a") and box.tick(T + 11) == []
    life = unpack(box.mark(1, T + 20))
    assert (life.phase, life.label, life.ms) == (READING, "a", T + 20)
    assert life.url == fingerprint(A.pointer.url)
    assert box.mark(1, T + 21) is None and box.tick(T + 22) == [], "it is kept already"
    box.end(run)
    box.shows(Result(1, (), {}, A, "", None, None), T + 30)
    assert kept(box.tick(T + 30)) == (SHOWING, "a")
    assert box.deadline() == T + 30 + HARMLESS_MS
    box.painted = True
    assert box.tick(T + 29 + HARMLESS_MS) == []
    assert kept(box.tick(T + 30 + HARMLESS_MS)) == (NOTHING, "") and box.deadline() is None


def test_a_page_that_is_not_painted_is_not_harmless():
    box, _, _ = scene()
    box.tick(T)
    box.shows(Result(1, (), {}, A, "", None, None), T)
    box.tick(T)
    assert box.tick(T + HARMLESS_MS) == [] and box.deadline() == T + 2 * HARMLESS_MS
    box.painted = True
    assert kept(box.tick(T + 2 * HARMLESS_MS)) == (NOTHING, "")


def test_bytes_of_a_connection_are_said_before_they_are_fed():
    box, _, _ = scene()
    first, second = Run(A, 1), Run(B, 2)
    box.begin(first)
    box.begin(second)
    assert kept(box.tick(0)) == (ASKING, "b"), "the one asked last"
    assert unpack(box.mark(1, 1)).label == "a"
    assert unpack(box.mark(2, 2)).label == "b"
    assert unpack(box.mark(1, 3)).label == "a"
    assert box.mark(7, 4) is None, "a visitor's"
    box.end(first)
    assert kept(box.tick(5)) == (ASKING, "b")
    box.end(second)
    assert kept(box.tick(6)) == (NOTHING, "")


def test_a_page_on_screen_outlasts_a_probe_and_ends_with_a_request():
    box, _, _ = scene()
    box.shows(Result(1, (), {}, A, "", None, None), 0)
    probe = Run(B, 3, PROBE)
    box.begin(probe)
    assert kept(box.tick(1)) == (SHOWING, "a")
    assert unpack(box.mark(3, 2)).label == "b", "its bytes, though, may kill"
    box.end(probe)
    assert kept(box.tick(3)) == (SHOWING, "a")
    box.begin(Run(B, 4))
    assert kept(box.tick(4)) == (ASKING, "b")


def test_a_strangers_page_is_known_by_its_address():
    box, _, _ = scene()
    url = split("http://elsewhere/x")
    box.begin(Run(Context("services", None, url, False, False, False, None), 1))
    life = unpack(box.tick(0)[0].data)
    assert life.url == fingerprint(url) and life.label == "elsewhere"


def test_the_last_lines_of_the_account_go_along():
    box, journal, _ = scene()
    for number in range(LINES_MAX + 3):
        journal.say(phrase("Line %d\nof %s.", number, "Ü" * 300), number)
        box.tick(number)
    life = unpack(box.tick(99)[0].data if box.tick(99) else box.last_words("", 99))
    assert len(life.notes) >= 2 and life.notes[-1][0] == LINES_MAX + 2
    assert life.notes[-1][1].startswith("Line %d of Ü" % (LINES_MAX + 2))
    journal.say(phrase("short"), 100)
    data = box.tick(100)[0].data
    assert unpack(data).notes[-1] == (100, "short") and len(data) <= SCRATCH_MAX


def test_many_short_lines_are_bounded_too():
    box, journal, _ = scene()
    for number in range(200):
        journal.say(phrase("x"), number)
    assert len(unpack(box.tick(200)[0].data).notes) == LINES_MAX
    for number in range(200, 400):
        journal.say(phrase("x"), number)
        box.tick(number)
    assert len(box.last_words("", 400)) <= SCRATCH_MAX


def test_the_age_is_kept_every_five_seconds_as_long_as_it_matters():
    box, _, _ = scene()
    box.tick(5)
    ages = []
    while box.deadline() is not None and len(ages) < 99:
        ages.append(unpack(box.tick(box.deadline())[0].data).ms)
    assert ages[0] == 5000 and ages[-1] == SPELL_MS and len(ages) == SPELL_MS // 5000


def test_last_words_blame_nobody():
    box, _, _ = scene()
    box.begin(Run(A, 1))
    box.tick(0)
    life = unpack(box.last_words("as the person wished", 10))
    assert life.why == "as the person wished" and not life.url and life.phase == NOTHING


def test_what_was_given_up_in_time_is_asked_last_but_not_for_ever():
    box, _, book = scene()
    box.gave_up(None, 0)
    assert not book.wary
    box.gave_up(Run(A, 1), 10)
    until, strikes = book.wary[fingerprint(A.pointer.url)]
    assert until > 10 and strikes == 0
    assert kept(box.tick(10)) == (READING, "a"), "should the phone die of it after all"
    box.painted = True
    assert kept(box.tick(10 + LINGER_MS)) == (NOTHING, "") and book.wary
    book.wary[fingerprint(A.pointer.url)] = 5, 3
    box.gave_up(Run(A, 1), 10)
    assert book.wary[fingerprint(A.pointer.url)][1] == 3


def test_no_room_for_it_is_no_reason_to_give_up_a_page():
    box, _, _ = scene()
    run = Run(A, 1)
    box.begin(run)
    real = box._pack

    def full(now, why=""):
        raise MemoryError

    box._pack = full
    assert box.tick(T) == [] and box.mark(1, T) is None
    box._pack = real
    assert kept(box.tick(T + 1)) == (READING, "a"), "the next feed tries again"


def test_a_copy_that_is_shown_again_clears_nobody_and_may_kill_all_the_same():
    box, _, book = scene()
    box.tick(T)
    cleared = []
    box._harmless = lambda now: cleared.append(box._good) or []
    for copy, key in ((None, False), (None, True), ("copy", False), ("copy", True)):
        box._shown = None
        box.shows(Result(1, (), {}, A, "", copy, None), T)
        assert kept(box.tick(T)) == (SHOWING, "a")
        if key:
            box.touched(A, T)
        box.tick(T + HARMLESS_MS)
        box._shown = None
        box.tick(T + HARMLESS_MS)
    assert cleared == [True, True, False, False]
    box.touched(A, T)  # long after it came
    assert not box._good
    box.shows(Result(None, ("Sentence",), {}, B, "", None, None), T)
    box.touched(None, T)
    assert box._shown is A
