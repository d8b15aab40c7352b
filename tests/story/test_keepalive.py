"""Keep-alives: each sentence about timers, digest, detection and answers that are not what they seem."""

import pytest

from tests.story import sip
from tests.story.managers import PASSWORD, Manager
from tests.story.wards import (
    EXPIRES_MS,
    GIVE_UP_MS,
    HOUR,
    MINUTE,
    OPTIONS_MS,
    TURN_MS,
    WORST_MS,
    Ward,
    gaps,
)  # fmt: skip

FAULTS = ("freeze", "silent", "kill")


def statuses(manager, method="REGISTER"):
    return [answer.status for answer in manager.answers if answer.method == method]


# --- registering -------------------------------------------------------------------------------------------


def test_it_registers_with_one_challenge_and_refreshes_without():
    """The nonce is used again with a count that rises: one 401 in an hour, where the manager allows it."""
    ward = Ward("A", sites=False)
    ward.settle()
    ward.world.run(HOUR)
    assert statuses(ward["A"])[:2] == [401, 200] and statuses(ward["A"]).count(401) == 1
    counts = [int(sip.credentials(one)["nc"], 16) for one in authorizations(ward["A"])]
    assert counts == sorted(set(counts)) and len(counts) > 55
    registers = ward["A"].asked("REGISTER")
    assert {one.expires for one in registers} == {EXPIRES_MS // 1000}
    assert set(gaps([one.cseq for one in registers])) == {1}, "RFC 3261 10.2.4: one more each"


def authorizations(manager):
    found = [sip.value(one.message.fields, "authorization") for one in manager.asked("REGISTER")]
    return [one for one in found if one]


@pytest.mark.parametrize("offered", [("MD5",), ("SHA-256",), ("SHA-256", "MD5"), ("MD5", "SHA-256")])
def test_the_better_algorithm_that_is_offered_is_used(offered):
    ward = Ward("A", sites=False)
    ward["A"].algorithms = offered
    ward.settle()
    used = sip.credentials(authorizations(ward["A"])[0]).get("algorithm", "MD5")
    assert used == ("SHA-256" if "SHA-256" in offered else "MD5")


def test_a_challenge_without_qop_is_answered_as_rfc_2069_has_it():
    ward = Ward("A", sites=False)
    ward["A"].qop = ""
    ward.settle()


@pytest.mark.parametrize("says_stale", [True, False])
def test_a_nonce_that_is_used_up_is_no_wrong_password(says_stale):
    ward = Ward("A", sites=False)
    ward["A"].nonce_uses, ward["A"].says_stale = 2, says_stale
    ward.settle()
    ward.world.run(20 * MINUTE)
    assert ward["A"].bindings and not ward.phone.said("password")
    refused = statuses(ward["A"])
    assert refused.count(401) > 5 and (401, 401) not in list(zip(refused, refused[1:]))


def test_options_that_are_challenged_are_answered():
    ward = Ward("A", sites=False)
    ward["A"].options_auth = True
    ward.settle()
    ward.world.run(10 * MINUTE)
    assert statuses(ward["A"], "OPTIONS").count(200) >= 17
    assert statuses(ward["A"], "OPTIONS").count(401) <= 2


def test_an_interval_that_is_too_brief_is_lengthened():
    ward = Ward("A", sites=False)
    ward["A"].min_expires = 300
    ward.settle()
    assert 423 in statuses(ward["A"]) and ward["A"].asked("REGISTER")[-1].expires == 300
    ward.world.run(20 * MINUTE)
    assert statuses(ward["A"]).count(423) == 1, "what was learned is kept"
    assert min(gaps([at for at, _ in ward.taken()])) >= 134900, "half of 300 s, and nine tenths of that"


@pytest.mark.parametrize("granted, least, most", [(60, 27000, 30000), (3600, 3000000, 3000000)])
def test_the_refresh_follows_what_was_granted(granted, least, most):
    """Half of it; 600 s before its end where it is more than 1200 s."""
    ward = Ward("A", sites=False, timers={"expires_ms": 3600000})
    ward["A"].granted = granted
    ward.settle()
    ward.world.run(3 * HOUR)
    refreshes = gaps([at for at, _ in ward.taken()])
    assert len(refreshes) >= 2
    assert least * (0.9 if granted > 1200 else 1) - 100 <= min(refreshes)
    assert max(refreshes) <= most + TURN_MS


def test_what_was_granted_is_that_of_our_own_contact():
    """Another phone of the same user stands first in the answer, with less."""
    ward = Ward("A", sites=False)
    ward["A"].others = [
        "<sip:1001@10.0.0.77:5060>;expires=9",
        '"Ada, the other" <sip:1001@10.0.0.78>;expires=3000',
    ]
    ward.settle()
    ward.world.run(20 * MINUTE)
    refreshes = gaps([at for at, _ in ward.taken()])
    assert 53900 <= min(refreshes) and max(refreshes) <= 60100


@pytest.mark.parametrize("style", ["plain", "compact", "folded"])
def test_headers_may_be_compact_or_folded_and_a_100_may_come_first(style):
    ward = Ward("A")
    x = ward.world.site("X")
    ward["A"].style, ward["A"].trying = style, True
    ward["A"].pointers = [
        "<http://10.0.0.9/none.xml>;purpose=icon, <%s>;purpose=backup-service;service=services;q=0.9"
        % x.url()
    ]
    ward.settle()
    ward.sites["A"].refuse()
    ward.page_of("X")


# --- intervals ---------------------------------------------------------------------------------------------


def test_options_go_out_after_80_to_100_percent_of_the_interval():
    found = []
    for seed in range(4):
        ward = Ward("A", seed, sites=False, timers={"expires_ms": 3600000})
        ward.settle()
        ward.world.run(25 * MINUTE)
        found += gaps(ward["A"].times("OPTIONS")[1:])
    assert 0.8 * OPTIONS_MS - 20 <= min(found) and max(found) <= OPTIONS_MS + TURN_MS
    assert min(found) < 0.84 * OPTIONS_MS and max(found) > 0.96 * OPTIONS_MS, "all of the range is used"


def test_two_phones_that_start_together_do_not_stay_together():
    ward = Ward("A", 1, sites=False)
    other = Ward("A", 2, sites=False, world=ward.world)
    del other
    ward.settle()
    times = ward["A"].times("OPTIONS")
    assert len(times) == len(set(times))


def test_options_can_be_switched_off():
    ward = Ward("A", sites=False, timers={"options_ms": 0})
    ward.settle()
    ward.world.run(10 * MINUTE)
    assert not ward["A"].asked("OPTIONS") and ward["A"].bindings


def test_a_request_is_sent_again_as_timer_e_has_it_and_given_up():
    """0, 0.5, 1.5, 3.5 s; at 7.5 s it is over (RFC 3261 17.1.2.1)."""
    ward = Ward("A", sites=False)
    ward.settle()
    ward["A"].silent()
    since = ward.world.now
    ward.world.run(OPTIONS_MS + GIVE_UP_MS)
    first = next(one for one in ward["A"].requests if one.at > since)
    sent = [one.at - first.at for one in ward["A"].requests if one.branch == first.branch]
    for at, due in zip(sent, (0, 500, 1500, 3500)):
        assert abs(at - due) <= 25, sent
    assert len(sent) == 4


def test_an_idle_phone_sends_few_datagrams():
    """Some 195 requests an hour to its home, and some 80 polls of the other."""
    ward = Ward("AB", sites=False)
    ward.settle()
    ward.world.run(MINUTE)
    before = {name: len(manager.requests) for name, manager in ward.managers.items()}
    ward.world.run(HOUR)
    home, other = (len(ward[name].requests) - before[name] for name in "AB")
    assert 120 <= home <= 215 and 60 <= other <= 122, (home, other)


# --- detection ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", FAULTS)
def test_detection_is_never_above_the_worst_case(fault):
    """Whenever it dies: 30 s to the next OPTIONS, 7.5 s until it is given up, 7.5 s for the REGISTER that
    confirms it."""
    longest = 0
    for seed in range(16):
        ward = Ward("AB", seed, sites=False)
        ward.settle()
        ward.world.run(ward.world.random.randint(0, 300000))
        assert ward.home == "A", "\n".join(ward.world.log)
        getattr(ward["A"], fault)()
        longest = max(longest, ward.leaves_for("B", WORST_MS + TURN_MS))
    assert longest > GIVE_UP_MS * 2


def test_the_worst_case_comes_close():
    """It dies as soon as it has answered an OPTIONS."""
    longest = 0
    for seed in range(12):
        ward = Ward("AB", seed, sites=False, timers={"expires_ms": 3600000})
        ward.settle()
        answered = len(ward["A"].answered(200, "OPTIONS"))
        ward.world.run_until(
            lambda w=ward, n=answered: len(w["A"].answered(200, "OPTIONS")) > n, 40000, "an answer"
        )
        ward.world.run(20)
        ward["A"].freeze()
        longest = max(longest, ward.leaves_for("B", WORST_MS + TURN_MS))
    assert longest > 0.93 * WORST_MS


def test_without_options_the_refresh_finds_it():
    worst = EXPIRES_MS // 2 + 2 * GIVE_UP_MS
    for seed in range(6):
        ward = Ward("AB", seed, sites=False, timers={"options_ms": 0})
        ward.settle()
        ward.world.run(ward.world.random.randint(0, 300000))
        ward["A"].freeze()
        ward.leaves_for("B", worst + TURN_MS)


def test_other_timers_hold_too():
    timers = {"t1_ms": 200, "t2_ms": 1000, "give_up_ms": 2000, "options_ms": 9000}
    for seed in range(8):
        ward = Ward("AB", seed, sites=False, timers=timers)
        ward.settle()
        ward.world.run(ward.world.random.randint(0, 200000))
        ward["A"].kill()
        ward.leaves_for("B", 9000 + 2 * 2000 + TURN_MS)


@pytest.mark.parametrize("loss", [0.1, 0.25])
def test_a_lossy_line_moves_nobody(loss):
    """Eight datagrams one after the other would have to be lost, twice over."""
    ward = Ward("AB", sites=False)
    ward.settle()
    ward["A"].loss = loss
    ward.world.run(HOUR)
    allowed = 1 if loss < 0.2 else 3
    assert len(ward.moves) <= allowed, ward.moves
    ward.bound_once()


def test_one_lost_transaction_is_confirmed_and_moves_nobody():
    """Silent for one OPTIONS only: the REGISTER that confirms is answered."""
    ward = Ward("AB", sites=False)
    ward.settle()
    ward.world.run(MINUTE)
    ward.world.lost = lambda data, whence, where: data.startswith(b"OPTIONS") and where[0] == "10.0.1.1"
    ward.world.run(10 * MINUTE)
    assert ward.home == "A" and len(ward.moves) == 1


# --- answers that are not what they seem -------------------------------------------------------------------


@pytest.mark.parametrize("shuffled", [False, True])
def test_answers_that_come_late_are_no_news(shuffled):
    """A manager that thaws answers all that waited: the phone has gone, and stays where it is."""
    ward = Ward("AB")
    x = ward.world.site("X")
    ward.settle()
    ward.world.run(MINUTE)
    ward["A"].freeze()
    ward["A"].pointers = ["<%s>;purpose=backup-service;service=services;q=1.0" % x.url()]
    ward.registered_at("B", WORST_MS + TURN_MS)
    ward.world.run(1000)
    since = ward.world.now
    ward["A"].thaw(shuffled)
    ward.world.run(5000)
    asked = ward["A"].asked("REGISTER", since) + ward["B"].asked("REGISTER", since)
    assert all(one.expires == 0 for one in asked), "the old binding may go, nothing else"
    ward.world.run(90000)
    assert ward["B"].has(ward.phone)
    assert not ward["A"].has(ward.phone), "A took what waited; such a binding is released"
    ward.page_of("B")
    ward.sites["B"].refuse()
    ward.page_of("A")  # X is nobody's word: what comes late teaches nothing


def test_an_answer_to_the_request_before_is_no_answer_to_this_one():
    """A manager that takes eight seconds: its answer to the first REGISTER comes while the second is open."""
    ward = Ward("AB", sites=False, timers={"options_ms": 0})
    ward["A"].rspauth = "absent"  # nothing but the branch tells them apart
    ward.settle()
    ward["A"].delay_ms = GIVE_UP_MS + 500
    ward.leaves_for("B", EXPIRES_MS // 2 + 2 * GIVE_UP_MS + TURN_MS)
    assert ward["A"].answered(200)[-1].at < ward.world.now


def test_an_answer_from_another_address_is_no_answer():
    """What somebody else sends with our branch counts for nothing."""
    ward = Ward("AB")
    ward.settle()
    ward["A"].freeze()
    stranger = Manager(ward.world, "E", host="10.0.9.9")
    seen = []

    def echo():
        for one in ward["A"].requests:
            if one.branch not in seen:
                seen.append(one.branch)
                stranger.send(stranger._written(one.message, one.whence, 200, []), one.whence)
        ward.world.after(20, echo)

    seen += [one.branch for one in ward["A"].requests]
    echo()
    ward.leaves_for("B", WORST_MS + TURN_MS)
    assert len(seen) > 2


def test_a_manager_that_lost_its_registrations_is_known_by_the_next_refresh():
    """OPTIONS is answered 200 all the same: only REGISTER proves a registration."""
    for seed in range(6):
        ward = Ward("AB", seed, sites=False)
        ward.settle()
        ward.world.run(ward.world.random.randint(0, 200000))
        ward["A"].restart()
        ward.registered_at("A", EXPIRES_MS // 2 + TURN_MS)
        assert len(ward.moves) == 1 and not ward.phone.said("password")


def test_a_480_to_options_is_answered_with_a_register_at_once():
    for seed in range(6):
        ward = Ward("AB", seed, sites=False)
        ward["A"].strict_options = True
        ward.settle()
        ward.world.run(ward.world.random.randint(0, 200000))
        ward["A"].restart()
        ward.registered_at("A", OPTIONS_MS + TURN_MS)
        assert len(ward.moves) == 1, "it is no sign of death"


def test_a_server_that_does_not_know_the_password_teaches_nothing():
    """A wrong rspauth: whoever answers cannot prove that he knows it."""
    ward = Ward("AB")
    x = ward.world.site("X")
    ward["A"].rspauth = "wrong"
    ward["A"].pointers = ["<%s>;purpose=backup-service;service=services;q=1.0" % x.url()]
    ward.world.run(3 * MINUTE)
    ward.sites["A"].refuse()
    ward.page_of("B")
    ward.sites["B"].refuse()
    ward.phone.press("services")
    ward.world.run(10000)
    assert not x.sent


def test_pointers_in_what_is_no_2xx_teach_nothing():
    ward = Ward("AB")
    x = ward.world.site("X")
    ward["A"].everywhere, ward["A"].min_expires = True, 300
    ward["A"].pointers = ["<%s>;purpose=backup-service;service=services;q=1.0" % x.url()]
    ward.world.run_until(lambda: ward["A"].answered(423), 40000, "a 423")
    ward["A"].pointers = []
    ward.settle()
    ward.world.run(MINUTE)
    for site in ward.sites.values():
        site.refuse()
    ward.phone.press("services")
    ward.world.run(10000)
    assert not x.sent


def test_a_refused_password_is_said_and_the_next_manager_is_tried():
    ward = Ward("AB")
    ward["A"].users = {"1001": "another"}
    ward.registered_at("B", 60000)
    assert ward.phone.said("password")
    assert not ward.phone.said(PASSWORD)
    refused = len(ward["A"].asked("REGISTER"))
    assert refused <= 4
    ward.world.run(10 * MINUTE)
    assert len(ward["A"].asked("REGISTER")) <= refused + 12, "it is tried again slowly"
    assert ward.home == "B"


def test_a_403_is_said_and_the_next_manager_is_tried():
    ward = Ward("AB")
    ward["A"].refuse(403, methods=("REGISTER",))
    ward.registered_at("B", 60000)
    assert ward.phone.said("403")


def test_rubbish_at_the_sip_port_costs_nothing():
    """Not SIP, empty, too large, hostile: from anybody, and nothing of it is said raw."""
    ward = Ward("A", sites=False)
    ward.settle()
    ward.world.run(1000)
    phone, random = ward.phone, ward.world.random
    notes = len(phone.notes)
    rubbish = [
        b"", b"\0" * 40, b"SIP/2.0", b"SIP/2.0 200 OK\r\n\r\n", b"x" * 1500, bytes(range(256)),
        b"SIP/2.0 200 \x1b[31mOK\r\nVia: SIP/2.0/UDP 1.2.3.4;branch=z9hG4bK\r\n\r\n",
        b"SIP/2.0 99999999999 OK\r\nContent-Length: -5\r\n\r\n" + b"A" * 600,
        b"NOTIFY sip:1001@10.0.0.100 SIP/2.0\r\n" + b"Via: a\r\n" * 150 + b"\r\n",
    ]  # fmt: skip
    for _ in range(50):
        rubbish.append(bytes(random.randrange(256) for _ in range(random.randint(1, 1472))))
    for data in rubbish:
        phone.datagram(data, ("10.0.9.9", 5060), phone.sip_port)
        phone.datagram(data, (ward["A"].host, ward["A"].port), phone.sip_port)
        ward.world.run(20)
    ward.world.run(10 * MINUTE)
    assert len(ward.moves) == 1 and ward["A"].bindings
    assert not any("\x1b" in text or "\0" in text for _, text in phone.notes[notes:])
    assert len(phone.notes) - notes < 20, "a flood fills no account"


def test_answers_with_letters_that_are_none_reach_nobody_raw():
    ward = Ward("AB")
    ward["A"].refuse(403, ("Warning", '399 x "\\x1b[2J"'), methods=("REGISTER",))
    ward.world.run(2 * MINUTE)
    assert not any(ord(letter) < 32 for _, text in ward.phone.notes for letter in text)
