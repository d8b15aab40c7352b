"""A real phone process and two real Kamailios: each way to fail, and each way to be told, over real sockets.

Timers are short (phones.py), the order of things is that of the stories.
"""

import contextlib
import time

import pytest

from host_tools.kamailio import MISSING, Kamailio, found
from tests.interop.phones import SLACK_S, TIMERS, WORST_S, Phone, Site, bound, configuration, until

pytestmark = pytest.mark.skipif(not found(), reason=MISSING)

GRANTED_S = 4  # refreshed after two
POINTER = "<%s>;purpose=backup-service;service=services;q=0.9"


@pytest.fixture
def scene():
    """scene(**options) -> (A, B, sites, phone), the phone registered at A."""
    with contextlib.ExitStack() as stack:

        def make(sites=(), defines=(), users=None, settle=True, grants=0, **options):
            a = stack.enter_context(Kamailio("127.0.0.2", users=users, defines=defines))
            b = stack.enter_context(Kamailio("127.0.0.3"))
            if grants:
                granted(a, grants)
            made = []
            for name in sites:
                made.append(Site(name))
                stack.callback(made[-1].stop)
            phone = Phone(configuration(a, b, sites=made[:2], **options))
            stack.callback(phone.close)
            if settle:
                until(lambda: bound(a), 5, "a registration at A", phone)
            return a, b, made, phone

        yield make


def granted(manager, seconds):
    """From now on it grants so many seconds at most."""
    manager.rpc("cfg.seti", "registrar", "max_expires", seconds)


def heard(manager):
    """How many requests Kamailio has read."""
    (line,) = manager.rpc("stats.get_statistics", "rcv_requests")
    return int(line.split("=")[1])


def test_frozen_then_thawed_late_then_returned_to(scene):
    """Everything at once: detection, re-homing, late answers, three good polls, one binding at the end."""
    a, b, _, phone = scene()
    time.sleep(1)
    a.freeze()
    took = until(lambda: bound(b), WORST_S + SLACK_S, "a registration at B", phone)
    assert took <= WORST_S + SLACK_S
    time.sleep(0.3)
    a.thaw()
    time.sleep(1.5)  # what waited is answered late: nobody takes it for news
    assert bound(b) and len(b.contacts("1001")) == 1
    took = until(lambda: a.contacts("1001") and not b.contacts("1001"), 45, "the return to A", phone)
    assert took >= TIMERS["hold_ms"] / 1000 - 2


def test_killed_and_started_anew(scene):
    a, b, (site_a, site_b), phone = scene(sites="AB")
    phone.page_of("A")
    a.kill()
    until(lambda: bound(b), WORST_S + SLACK_S, "a registration at B", phone)
    phone.page_of("B")
    assert site_b.asked and phone.panel.screen["label"] == "B"


def test_restarted_it_has_lost_registrations_and_nonces(scene):
    """OPTIONS is answered all the while; the next refresh finds out, with a nonce that is worth nothing."""
    a, b, _, phone = scene(timers={"options_ms": 60000}, grants=GRANTED_S)
    a.kill()
    a.start()
    granted(a, GRANTED_S)
    assert not a.contacts("1001")
    until(lambda: bound(a), GRANTED_S / 2 + SLACK_S, "a registration at A again", phone)
    assert not b.contacts("1001") and not phone.said("password"), phone.lines
    refreshed = a.contacts("1001")[0]["CSeq"]
    until(lambda: a.contacts("1001")[0]["CSeq"] > refreshed, GRANTED_S, "a refresh", phone)


def test_a_480_to_options_brings_it_back_at_once(scene):
    a, b, _, phone = scene()
    a.mode("ok", strict_options=1)
    a.kill()
    a.start()
    a.mode("ok", strict_options=1)
    until(lambda: bound(a), 1 + SLACK_S, "a registration at A again", phone)
    assert not b.contacts("1001")


def test_a_503_is_left_at_once_and_left_alone(scene):
    a, b, _, phone = scene()
    a.mode("503", retry_after=4)
    until(lambda: bound(b), 0.5 + 0.3 + SLACK_S, "a registration at B", phone)
    before, begun = heard(a), time.monotonic()
    until(lambda: heard(a) > before, 4 + 5 + 10 + SLACK_S, "a poll of A", phone)
    assert time.monotonic() - begun >= 4 - SLACK_S / 2, "before its time"


def test_a_nonce_of_before_is_no_wrong_password(scene):
    """Each OPTIONS and REGISTER after the restart brings the old nonce: 401, with or without stale."""
    a, b, _, phone = scene(grants=GRANTED_S, defines=["OPTIONS_AUTH"])
    for _ in range(2):
        a.kill()
        a.start()
        granted(a, GRANTED_S)
        until(lambda: bound(a), GRANTED_S / 2 + SLACK_S, "a registration", phone)
    assert not phone.said("password") and not b.contacts("1001")


def test_a_wrong_password_is_said_and_b_is_home(scene):
    a, b, _, phone = scene(users={"1001": "another"}, settle=False)
    until(lambda: bound(b), 5, "a registration at B", phone)
    until(lambda: phone.said("password"), 2, "a sentence", phone)
    assert not a.contacts("1001") and not any("secret1001" in line for line in phone.lines)


def test_a_423_is_obeyed(scene):
    a, b, _, phone = scene(settle=False, timers={"spread_ms": 3000})
    a.rpc("cfg.seti", "registrar", "min_expires", 77)
    until(lambda: bound(a) > 60, 6, "77 s granted", phone)
    assert 70 <= bound(a) <= 77 and not b.contacts("1001")


def test_pointers_are_changed_live(scene):
    """By the answers of OPTIONS; the later set replaces the one before."""
    a, b, (site_a, site_b, x, y), phone = scene(sites="ABXY")
    a.pointers(POINTER % x.url)
    time.sleep(1.2)
    site_a.stop()
    phone.page_of("X")
    a.pointers("%s, <http://127.0.0.1:9/none>;purpose=icon" % (POINTER % y.url))
    time.sleep(1.2)
    phone.panel.press("back")
    phone.page_of("Y")


def test_both_kinds_of_push(scene):
    """check-sync has the phone ask; pointers in a NOTIFY are challenged, and their page is shown."""
    a, b, (site_a, site_b, x), phone = scene(sites="ABX", timers={"options_ms": 60000})
    before = a.contacts("1001")[0]["CSeq"]
    assert a.notify("1001", "check-sync")["code"] == 200
    until(lambda: a.contacts("1001")[0]["CSeq"] > before, 2 + SLACK_S, "a refresh", phone)
    body = "Call-Info: %s\r\n" % (POINTER % x.url)
    assert a.notify("1001", "backup-pointers", "message/sipfrag", body)["code"] == 401
    assert not x.asked
    assert a.push("1001", "backup-pointers", "message/sipfrag", body) == 200
    phone.shows("Services of X")
    assert not b.contacts("1001"), "a pushed pointer changes no manager"
    a.users["1001"] = "guessed"
    a.rpc("htable.sets", "cred", "1001", "guessed")
    assert a.push("1001", "backup-pointers", "message/sipfrag", body) in (401, 403)


def test_messages_that_wait_light_the_lamp(scene):
    a, b, _, phone = scene()
    body = "Messages-Waiting: yes\r\nVoice-Message: 2/0 (0/0)\r\n"
    assert a.notify("1001", "message-summary", "application/simple-message-summary", body)["code"] == 200
    until(lambda: phone.panel.lamp, 2, "the lamp", phone)


def test_sha_256(scene):
    a, b, _, phone = scene(defines=["WITH_SHA256", "OPTIONS_AUTH"])
    time.sleep(1.5)
    assert bound(a) and not b.contacts("1001") and not phone.said("password")


def test_drained_it_sends_its_phones_away(scene):
    a, b, _, phone = scene()
    a.mode("drain", contact="<%s>" % b.uri)
    until(lambda: bound(b), 0.5 + 0.3 + SLACK_S, "a registration at B", phone)
