"""The walking phone: a key press finds a page as long as any server gives one.

A is the primary, B the backup. Times are virtual milliseconds; the deadlines are those of the
configuration's defaults. NEAR is what request and answer take between them, three times over.
"""

import re
from email.utils import formatdate

import pytest

from phone.config import TIMERS
from tests.story.sites import MENU, TEXT, menu
from tests.story.world import World, homes

CONNECT, FIRST_BYTE, REQUEST, PATIENCE, REST = (
    TIMERS[name][0] for name in ("connect_ms", "first_byte_ms", "request_ms", "patience_ms", "rest_ms")
)
PACE_MIN, PACE_MAX = 250, 2000  # a server that is silent for so long is not waited for alone
CONFIRM = 5000  # who seems to have changed is looked at once more within so long
NEAR = 120
PROMISE = 10000  # a key press ends in a page or a sentence
PRIMARY, BACKUP, NONE = "\u25cf", "\u25b2", "\u2715"


def scene(seed=1, **options):
    world = World(seed)
    a, b = world.site("A"), world.site("B")
    return world, a, b, world.phone(a, b, **options)


# How A fails, and until when B's page is there at the latest: who is silent costs one hedge delay.
FAULTS = {
    "refused": (lambda a: a.refuse(), 0),
    "unreachable": (lambda a: a.unreachable(), 0),
    "blackhole": (lambda a: a.blackhole(), PACE_MIN),
    "silent": (lambda a: a.silent(), PACE_MIN),
    "frozen": (lambda a: a.freeze(), PACE_MIN),
    "late": (lambda a: a.late(FIRST_BYTE + 1000), PACE_MIN),
    "slow": (lambda a: a.slow(1), PACE_MAX),
    "slow from the first byte": (lambda a: a.slow(1, header_too=True), PACE_MAX),
    "500": (lambda a: a.status(500), 0),
    "502": (lambda a: a.status(502), 0),
    "503": (lambda a: a.status(503), 0),
    "503 with Retry-After": (lambda a: a.status(503, {"Retry-After": "60"}), 0),
    "cut in the page": (lambda a: a.cut(50), 0),
    "reset in the page": (lambda a: a.cut(50, "reset"), 0),
    "closed without a word": (lambda a: a.cut(-1), 0),
    "reset without a word": (lambda a: a.cut(-1, "reset"), 0),
    "garbage": (lambda a: a.garbage(), 0),
    "another protocol": (lambda a: a.garbage(b"SSH-2.0-OpenSSH_9.2\r\n"), 0),
    "endless header": (lambda a: a.endless_header(), PACE_MAX),
    "redirects in a circle": (lambda a: a.redirect("/menu.xml"), 0),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_that_fails_is_passed_over(fault):
    world, a, b, phone = scene()
    fail, deadline = FAULTS[fault]
    fail(a)
    phone.press("services")
    phone.wait_for("Services of B", within=deadline + 3 * NEAR)
    assert (phone.screen.mark, phone.screen.label) == (BACKUP, "B")
    assert "A" in phone.screen.prompt, "the person is told why"
    assert phone.said("A ")
    # The next press does not wait for A again.
    asked = len(a.connects)
    phone.press("services")
    assert phone.wait_for("Services of B", within=NEAR) <= NEAR
    assert len(a.connects) == asked
    world.run(100)
    assert len(a.connections) + len(b.connections) <= 2, "every socket is closed, or kept"


def test_a_page_comes_from_the_primary():
    world, a, b, phone = scene()
    phone.press("services")
    assert phone.wait_for("Services of A", within=NEAR) <= NEAR
    assert (phone.screen.mark, phone.screen.label) == (PRIMARY, "A")
    assert (a.sent, b.sent) == (["GET /menu.xml"], [])
    phone.press("directory")
    phone.wait_for("People of A", within=NEAR)


@pytest.mark.parametrize("seed", range(5))
def test_a_page_in_any_manner_of_transfer(seed):
    whole = ({"piece": 1}, {"length": False}, {"keep_alive": False})
    for manner in (*whole, {"chunk": 7}, {"chunk": 1, "piece": 3}):
        world, a, b, phone = scene(seed)
        for name, value in manner.items():
            setattr(a, name, value)
        phone.press("services")
        phone.wait_for("News of A", within=3000)
        assert not b.sent


@pytest.mark.parametrize("first", FAULTS)
def test_with_both_down_a_plain_sentence_comes_in_time(first):
    world, a, b, phone = scene()
    FAULTS[first][0](a)
    b.freeze()
    phone.press("services")
    phone.wait_for(lambda: phone.screen.busy, within=10)
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    shown = phone.text()
    assert "A " in shown and "B " in shown, shown
    assert "Again" in phone.screen.softkeys
    assert phone.screen.mark == NONE
    b.well()
    a.well()
    phone.softkey("Again")
    phone.wait_for("Services of", within=NEAR)


def test_six_black_holes_end_in_a_sentence_in_time():
    world = World()
    sites = [world.site("S%d" % number) for number in range(6)]
    for site in sites:
        site.blackhole()
    phone = world.phone(*sites)
    phone.press("services")
    phone.wait_for(lambda: phone.screen.busy, within=10)
    assert phone.wait_for(lambda: not phone.screen.busy, within=PROMISE) <= PATIENCE + 100
    assert "S0 " in phone.text()


def test_the_primary_is_asked_first_again_once_it_was_seen_to_answer():
    world, a, b, phone = scene()
    a.silent()
    phone.press("services")
    phone.wait_for("Services of B")
    a.well()
    world.run(REST + CONFIRM + NEAR)
    assert len(a.probes) == 2 and phone.said("A answers again")
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    assert phone.screen.mark == PRIMARY


def test_a_primary_that_stays_dead_costs_one_person_one_wait():
    world, a, b, phone = scene()
    a.silent()
    waits = []
    for _ in range(60):  # ten minutes, a press every ten seconds
        phone.press("services")
        waits.append(phone.wait_for("Services of B", within=PACE_MIN + 2 * NEAR))
        world.run(REST)
    assert PACE_MIN <= waits[0] and max(waits[1:]) <= NEAR, waits


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_never_undercut(as_date):
    world, a, b, phone = scene()
    world.run(60000)
    until = world.now + 45000

    def busy(site, request):
        when = formatdate(world.wall() + 45, usegmt=True) if as_date else "45"
        return site.answer(request, 503, b"busy", {"Retry-After": when})

    a.script = busy
    phone.press("services")
    phone.wait_for("Services of B", within=NEAR)
    b.refuse()
    asked = len(a.connects)
    while world.now < until - 4000:
        phone.press("services")
        world.run(3000)
    assert len(a.connects) == asked, "A was asked before its time"
    a.well()
    world.run(until + 3000 - world.now)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)


ANSWERS = {
    "404": (lambda a: a.status(404), "A has no such page"),
    "403": (lambda a: a.status(403), "A "),
    "broken page": (lambda a: a.pages.update({MENU: b"<CiscoIPPhoneMenu><Title>Half</Title><Men"}), ""),
    "unknown object": (lambda a: a.pages.update({MENU: b"<CiscoIPPhoneTeapot/>"}), "Teapot"),
    "no page at all": (lambda a: a.pages.update({MENU: b"<html><body>Hello</body></html>"}), ""),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_answer_of_a_live_server_is_shown_and_moves_nothing(answer):
    world, a, b, phone = scene()
    change, words = ANSWERS[answer]
    change(a)
    phone.press("services")
    phone.wait_for(lambda: phone.screen.kind != "idle" and not phone.screen.busy, within=NEAR)
    assert words in phone.text(), phone.picture()
    assert not b.sent
    a.well()
    phone.press("directory")
    phone.wait_for("People of A", within=NEAR)
    assert not b.sent


@pytest.mark.parametrize("how", ["end", "reset"])
def test_a_page_cut_once_is_asked_for_once_more(how):
    world, a, b, phone = scene()
    a.cut(30, how, times=1)
    phone.press("services")
    phone.wait_for("Services of A", within=2 * NEAR)
    assert a.sent == ["GET /menu.xml"] * 2 and not b.sent


def test_waiting_can_be_cancelled():
    world, a, b, phone = scene()
    a.silent()
    b.silent()
    phone.press("services")
    world.run(500)
    assert phone.screen.busy and "A, B" in phone.screen.prompt
    phone.softkey("Cancel")
    assert not phone.screen.busy
    world.run(1000)
    assert not a.connections and not b.connections
    world.run(PROMISE)
    assert phone.screen.kind == "idle", phone.picture()


def test_another_key_takes_over_from_a_request_that_waits():
    world, a, b, phone = scene()
    a.silent()
    phone.press("services")
    world.run(200)
    a.well()
    phone.press("directory")
    phone.wait_for("People of A", within=NEAR)
    world.run(PROMISE)
    assert "People of A" in phone.text()


# --- links: nothing is done twice that might be a command ------------------------------------------


def at_the_menu(seed=1):
    world, a, b, phone = scene(seed)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    return world, a, b, phone


def test_a_link_stays_with_its_server():
    world, a, b, phone = at_the_menu()
    phone.press("1")
    phone.wait_for("The canteen at A", within=2000)
    assert a.sent == ["GET /menu.xml", "GET /news.xml"] and not b.sent
    phone.press("back")
    assert "Services of A" in phone.text()


def test_a_link_moves_by_itself_where_no_byte_was_sent():
    world, a, b, phone = at_the_menu()
    a.refuse()
    phone.press("1")
    phone.wait_for("The canteen at B", within=2000)
    assert b.sent == ["GET /news.xml"]


@pytest.mark.parametrize("fault", ["silent", "frozen", "500", "cut in the page", "closed without a word"])
def test_a_link_that_was_sent_is_never_repeated_elsewhere_unasked(fault):
    world, a, b, phone = at_the_menu()
    FAULTS[fault][0](a)
    phone.press("1")
    phone.wait_for(lambda: "Try B" in phone.screen.softkeys, within=PROMISE)
    world.run(60000)
    assert not b.sent and phone.went("link") == ["A"]
    phone.softkey("Try B")
    phone.wait_for("The canteen at B", within=NEAR)
    assert b.sent == ["GET /news.xml"]


def test_a_link_to_a_stranger_has_no_backup():
    world, a, b, phone = scene()
    a.pages[MENU] = menu("Services of A", ("Far", "http://10.0.0.77/x.xml"))
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.press("1")
    phone.wait_for(lambda: not phone.screen.busy and "10.0.0.77" in phone.text(), within=PROMISE)
    assert not b.sent


# --- redirects, sizes, names, the network ------------------------------------------------------------


def test_a_redirect_is_followed_also_to_another_site():
    world, a, b, phone = scene()
    a.script = lambda site, request: (
        site.answer(request)
        if request.path == TEXT
        else site.answer(request, 302, b"", {"Location": "news.xml" if request.query else "/menu.xml?again"})
    )
    phone.press("services")
    phone.wait_for("The canteen at A", within=2 * NEAR)
    a.redirect(b.url(TEXT), 301)
    phone.press("services")
    phone.wait_for("The canteen at B", within=2 * NEAR)


def test_a_redirect_without_end_goes_to_the_backup():
    world, a, b, phone = scene()
    a.redirect(lambda request: "/x%s" % request.target)
    phone.press("services")
    phone.wait_for("Services of B", within=3 * NEAR)
    assert len(a.requests) <= 6


def test_a_page_of_ten_megabytes_neither_fills_nor_freezes_the_phone():
    world, a, b, phone = scene()
    a.big(10_000_000)
    phone.press("services")
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
    assert "Big" in phone.text() or "Services of B" in phone.text(), phone.picture()
    world.run(1000)
    assert not a.connections


def named():
    world = World()
    a, b = world.site("A"), world.site("B")
    raw = homes(a, b)
    raw["homes"][0]["pointers"] = {"services": "http://pages.example/menu.xml"}
    world.names.table["pages.example"] = [a.host]
    return world, a, b, world.phone(config=raw)


def test_a_name_is_looked_up_and_remembered():
    world, a, b, phone = named()
    for _ in range(2):
        phone.press("services")
        phone.wait_for("Services of A", within=2 * NEAR)
    assert a.requests[0].fields["host"] == "pages.example"
    assert len(world.names.asked) == 1


@pytest.mark.parametrize("mode", ["silent", "nxdomain", "servfail", "garbage"])
def test_a_name_server_that_fails_does_not_hold_the_phone(mode):
    world, a, b, phone = named()
    world.names.mode = mode
    phone.press("services")
    phone.wait_for("Services of B", within=3000)


def test_the_network_goes_and_comes():
    world, a, b, phone = scene()
    phone.network(False)
    phone.press("services")
    phone.wait_for(lambda: phone.screen.kind != "idle" and not phone.screen.busy, within=PROMISE)
    assert phone.screen.mark == NONE
    phone.network(True)
    phone.press("services")
    phone.wait_for("Services of", within=2 * NEAR)


def test_a_cable_pulled_in_the_middle_of_a_page_costs_no_more_than_a_deadline():
    world, a, b, phone = scene()
    a.slow(100)
    phone.press("services")
    world.run(500)
    phone.network(False)
    phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)


# --- anything ----------------------------------------------------------------------------------------


def asked_to_wait(phone, name, now):
    """Whether this site has told the phone not to come back yet."""
    told = [(at, re.match(r"%s is busy and asks for (\d+) s" % name, words)) for at, words in phone.notes]
    return any(at + 1000 * int(match[1]) > now for at, match in told if match)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_happens_a_key_press_ends(seed):
    """Faults, keys and the cable at random: each press of a service key ends within the promise,
    and in a page where a server that behaves is known and the network is up."""
    world, a, b, phone = scene(seed)
    faults, random = list(FAULTS.values()), world.random
    for _ in range(12):
        for site in (a, b):
            if random.random() < 0.5:
                random.choice(faults)[0](site)
            else:
                site.well()
                site.chunk = random.choice((None, 1, 50))
                site.piece = random.choice((None, 1, 17))
        if random.random() < 0.2:
            phone.network(not phone.link)
        phone.press(*random.choices("1 2 back soft1 soft3 down select".split(), k=random.randint(0, 3)))
        world.run(random.randint(0, 3000))
        phone.press("services")
        pressed = world.now
        phone.wait_for(lambda: not phone.screen.busy, within=PROMISE)
        behaves = b.script is type(b).answer and b.reach == "open" and not b.frozen
        if phone.link and behaves and not asked_to_wait(phone, "B", pressed):
            assert "Services of" in phone.text(), phone.picture()
        world.run(random.choice((0, 0, 1000, 20000)))
