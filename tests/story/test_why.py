"""The why screen and the journal page as a person finds them, with each cause of a failure made for real."""

import itertools
import re

import pytest

from phone import events
from tests.story.sites import MENU
from tests.story.test_walk import CONFIRM, NEAR, PROMISE, REST, scene
from tests.story.world import World, homes

SMALL = (128, 64, 2)


def read(phone):
    """All lines of the page on screen, from the first to the last, as they are shown."""
    while phone.screen.first:
        phone.press("up")
    lines = [row.text for row in phone.screen.rows]
    while len(lines) < phone.screen.total:
        phone.press("down")
        lines.append(phone.screen.rows[-1].text)
    return lines


def why(phone):
    """The why screen in one line, whatever the width of the display."""
    phone.settings("Servers")
    assert phone.screen.title == "Servers"
    return " ".join(read(phone))


def plain_http(world):
    a = world.site("A")
    return a, homes(a)


def with_name(world):
    a, raw = plain_http(world)
    raw["homes"][0]["pointers"] = {"services": "http://a.example" + MENU}
    return a, raw


def with_tls(world):
    a = world.site("A", port=443)
    raw = homes(a)
    raw["homes"][0]["pointers"] = {"services": "https://%s%s" % (a.host, MENU)}
    return a, raw


def names(mode):
    def make(a):
        a.world.names.mode = mode

    return make


def certificate(a):
    a.certificate = "somebody.else"


# What fails, on what kind of server; and the words by which a person tells it from all others.
CAUSES = {
    "name not found": (with_name, names("nxdomain"), 'has a name that does not exist: "a.example"'),
    "name server silent": (with_name, names("silent"), "cannot be looked up: no name server answers"),
    "name server fails": (with_name, names("servfail"),
                          "cannot be looked up: the name server answers with error"),
    "no name server": (with_name, None, "cannot be looked up: there is no name server"),
    "refused": (plain_http, lambda a: a.refuse(), "refused the connection"),
    "unreachable": (plain_http, lambda a: a.unreachable(), "cannot be reached"),
    "not taken": (plain_http, lambda a: a.blackhole(), "did not take the connection within"),
    "silent": (plain_http, lambda a: a.silent(), "takes the connection but does not answer within"),
    "dripping": (plain_http, lambda a: a.slow(1), "is too slow: not done after"),
    "certificate": (with_tls, certificate, "has a certificate that this phone does not trust"),
    "500": (plain_http, lambda a: a.status(500), "answered with error 500"),
    "503": (plain_http, lambda a: a.status(503, {"Retry-After": "300"}), "is busy"),
    "broken page": (plain_http, lambda a: a.garbage(b"SSH-2.0-OpenSSH_9.2\r\n"), "sent nonsense"),
    "cut page": (plain_http, lambda a: a.cut(50), "broke off in the middle of the page"),
    "empty page": (plain_http, lambda a: a.status(200, body=b""), "sent an empty page"),
    "closed": (plain_http, lambda a: a.cut(-1), "closed the connection without an answer"),
    "broken off": (plain_http, lambda a: a.cut(-1, "reset"), "broke the connection off"),
    "circle": (plain_http, lambda a: a.redirect(MENU), "redirects in a circle"),
    "astray": (plain_http, lambda a: a.redirect("gopher://x/"), "redirects to something that is no address"),
    "404": (plain_http, lambda a: a.status(404), "has no such page (404)"),
    "401": (plain_http, lambda a: a.status(401), "asks for a password (401)"),
    "not a page": (plain_http, lambda a: a.status(200, body=b"<html><p>Hello.</p></html>"),
                   "answered, but with no page for this phone"),
}  # fmt: skip


def suffer(cause):
    """(sentences of the error page, those of the why screen) after a key press that met this cause."""
    kind, make, _ = CAUSES[cause]
    world = World()
    a, raw = kind(world)
    world.names.table["a.example"] = [a.host]
    phone = world.phone(config=raw)
    phone.feed(events.Wall(int(world.wall()), "sntp"))
    if make:
        make(a)
    else:  # the network names no server for names
        phone.feed(events.Link(True, "10.0.0.100", (), None))
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    error = " ".join(read(phone))
    phone.softkey("Why")
    assert phone.screen.title == "Servers"
    return error, " ".join(read(phone))


@pytest.fixture(scope="module")
def suffered():
    return {cause: suffer(cause) for cause in CAUSES}


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_is_named_in_words_of_its_own(cause, suffered):
    error, page = suffered[cause]
    words = CAUSES[cause][2]
    if cause == "503":
        assert re.search(r"A is busy \(503\) until 14:1\d", page), page
    else:
        assert "A " + words in page
    if cause == "not a page":
        assert "web page (HTML)" in error
    else:
        assert "A " + words in error, error


def test_no_two_causes_look_alike(suffered):
    """Neither on the error page nor on the why screen, nor by the words that a small display shows."""
    for one, other in itertools.combinations(CAUSES, 2):
        assert suffered[one][0] != suffered[other][0], (one, other)
        (_, _, mine), (_, _, theirs) = CAUSES[one], CAUSES[other]
        assert mine not in theirs and theirs not in mine
        assert mine not in suffered[other][0] and theirs not in suffered[one][0], (one, other)
        assert suffered[one][1] != suffered[other][1], (one, other)


def test_one_key_leads_from_an_error_page_to_the_reasons_and_back_leads_back():
    world, a, b, phone = scene()
    a.refuse()
    b.silent()
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    error = phone.screen
    assert "Again" in error.softkeys and "Why" in error.softkeys
    phone.softkey("Why")
    page = " ".join(read(phone))
    assert "No server is well." in page and "A refused the connection." in page
    assert "B takes the connection but does not answer" in page
    phone.softkey("Back")
    assert (phone.screen.title, phone.screen.rows) == (error.title, error.rows)
    b.well()
    phone.softkey("Again")
    phone.wait_for("Services of B", within=PROMISE)


def test_also_from_the_page_of_a_link_that_was_sent():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    a.silent()
    phone.press("1")
    phone.wait_for("A takes the connection", within=PROMISE)
    assert phone.screen.softkeys[:3] == ("Again", "Try B", "Why")
    phone.softkey("Why")
    assert "A takes the connection but does not answer" in " ".join(read(phone))
    phone.press("back")
    phone.softkey("Try B")
    phone.wait_for("The canteen at B", within=NEAR)


def test_and_while_there_is_no_network():
    world, a, b, phone = scene()
    phone.network(False)
    phone.press("services")
    phone.softkey("Why")
    assert phone.screen.rows[0].text == "The phone has no network."


@pytest.mark.parametrize("display", [(320, 240, 4), SMALL])
def test_the_first_lines_say_who_serves_since_when_and_why(display):
    world = World()
    a, b, c = (world.site(name) for name in "ABC")
    phone = world.phone(a, b, c, display=display)
    a.refuse()
    phone.press("services")
    phone.wait_for("Services of B", within=NEAR)
    phone.settings("Servers")
    shown = " ".join(row.text for row in phone.screen.rows[:3])
    assert shown.strip() == "Served by B. Since 14:13: A is not well.", "it needs no scrolling"
    lines = read(phone)
    assert "A refused the connection." in " ".join(lines) and "C was not asked yet." in " ".join(lines)
    assert " ".join(lines).endswith("A, primary: http://10.0.0.1 B, backup: http://10.0.0.2 C, backup: http://10.0.0.3")
    assert not any(lines[at] == lines[at + 1] == "" for at in range(len(lines) - 1))


def test_the_next_look_comes_when_it_was_said():
    for seed in range(12):
        world, a, b, phone = scene(seed)
        a.silent()
        phone.press("services")
        phone.wait_for("Services of B", within=1000)
        world.run(world.random.randint(0, 200000))
        begun = world.now
        phone.settings("Servers")
        page = " ".join(phone.agent._desk.stack.top._paragraphs)  # a key to scroll would put off the look
        if "It is looked at now." in page:
            assert [asked[-1] for asked in phone.asked if asked[1] == "A"][-1] == "", "a look is under way"
            continue
        found = re.search(r"Next look in about (\d+) (s|min)\.", page)
        wait, grain = int(found[1]), {"s": 1000, "min": 60000}[found[2]]
        world.run_until(lambda a=a, begun=begun: a.connects[-1] > begun, 400000, "a look")
        assert (wait - 1) * grain <= a.connects[-1] - begun <= wait * grain + 4000, page


def test_what_it_promises_of_a_death_is_kept():
    """The bound on the screen is the one that tests/story/test_detection.py measures."""
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    bound = 1000 * int(re.search(r"Should A stop, that is known within (\d+) s", why(phone))[1])
    assert bound == 50000
    phone.press("back")
    a.freeze()
    world.run_until(lambda: phone.said("Looked at in idle: A"), bound + 2000, "a look")


def test_the_journal_page_has_the_newest_first_with_times():
    world, a, b, phone = scene()
    a.refuse()
    phone.press("services")
    phone.wait_for("Services of B", within=NEAR)
    phone.settings("Journal")
    lines = read(phone)
    assert phone.screen.title.startswith("Journal")
    first = lines[0]
    assert re.match(r"14:13:2\d Services: page from B after", first), lines
    joined = " ".join(lines)
    assert re.search(r"14:13:\d\d The phone was switched on\.$", joined), joined
    assert joined.index("page from B") < joined.index("A refused the connection")


def test_the_journal_of_a_bad_hour_is_bounded_and_can_be_read_on_a_small_display():
    world, a, b, phone = scene(display=SMALL)
    for _ in range(40):
        a.refuse()
        phone.press("services")
        phone.wait_for("Services of B", within=NEAR)
        a.well()
        world.run(REST + CONFIRM)
    phone.settings("Journal")
    while phone.agent.work():
        pass
    lines = read(phone)
    assert 64 <= len(lines) <= 64 * 7 and "Services: page from B" in " ".join(lines[:5])


def test_the_account_is_replayed_from_what_the_phone_keeps():
    world, a, b, phone = scene()
    for _ in range(30):
        phone.press("services", "directory")
        world.run(300)
    told, number = [], 0
    line = phone.agent.replay(1)
    while line:
        number, ms, text, at = line
        told.append((number, ms, text))
        assert at is None or abs(at - (world.wall() - (world.now - ms) / 1000)) <= 2
        line = phone.agent.replay(number + 1)
    assert len(told) == 64 and told[0][0] == len(phone.notes) - 63 and number == len(phone.notes)
    assert [(ms, text) for _, ms, text in told] == phone.notes[-64:]
    assert phone.agent.replay(number + 1) is None and phone.agent.replay(5)[0] == told[0][0]


def test_one_key_leads_there_from_a_stale_page_too():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    a.refuse()
    b.refuse()
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    stale = phone.screen
    assert stale.rows[0].text == "News of A" and "Why" in stale.softkeys
    phone.softkey("Why")
    assert "No server is well." in phone.text() and "A refused the connection." in " ".join(read(phone))
    phone.press("back")
    assert (phone.screen.title, phone.screen.rows) == (stale.title, stale.rows)
