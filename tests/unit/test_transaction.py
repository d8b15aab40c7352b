"""core/transaction.py: when a request is sent again, whose answer counts, what is answered again."""

from phone.core.transaction import Answers, Transaction
from phone.events import SendTo
from phone.wire import sip

TIMERS = {"t1_ms": 500, "t2_ms": 4000}
MANAGER, STRANGER = ("10.0.0.2", 5060), ("10.0.0.6", 5060)


def message(first="SIP/2.0 200 OK", branch="z9hG4bKa", cseq="1 REGISTER", via="10.0.0.9:5060;rport"):
    made = sip.read(
        (
            "%s\r\nVia: SIP/2.0/UDP %s;branch=%s\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:a>\r\n"
            "Call-ID: c\r\nCSeq: %s\r\n\r\n" % (first, via, branch, cseq)
        ).encode()
    )
    assert made, first
    return made


def asked(give_up_ms=7500, now=0):
    return Transaction("z9hG4bKa", "REGISTER", b"data", MANAGER, 5060, TIMERS, give_up_ms, now)


def times(made, now=0):
    """When it is sent, until it ends."""
    out = []
    effects = made.start(now)
    while True:
        assert effects in ([], [SendTo(b"data", MANAGER, 5060)])
        out += [now] * len(effects)
        if made.deadline() is None:
            return out, now
        assert made.deadline() > now
        assert made.tick(made.deadline() - 1) == [], "not before its time"
        now = made.deadline()
        effects = made.tick(now)


def test_it_is_sent_at_the_times_of_the_rfc_and_given_up():
    made = asked()
    assert times(made) == ([0, 500, 1500, 3500], 7500) and made.timed_out and made.final is None
    slow = [0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]
    assert times(asked(32000)) == (slow, 32000)
    assert times(asked(7500, 100), 100) == ([100, 600, 1600, 3600], 7600)


def test_a_loop_that_was_late_sends_one_and_no_burst():
    made = asked(32000)
    made.start(0)
    assert len(made.tick(9000)) == 1 and made.deadline() == 10000
    assert made.tick(40000) == [] and made.timed_out


def test_an_answer_counts_from_where_the_request_went_only():
    made = asked()
    made.start(0)
    for got, address in (
        (message(), STRANGER),
        (message(), ("10.0.0.2", 5061)),
        (message(branch="z9hG4bKb"), MANAGER),
        (message(cseq="1 OPTIONS"), MANAGER),
        (message("REGISTER sip:x SIP/2.0"), MANAGER),
    ):
        assert not made.receive(got, address) and made.final is None and made.deadline() == 500
    good = message()
    assert made.receive(good, MANAGER) and made.final is good and made.deadline() is None
    assert made.tick(9000) == [] and not made.timed_out
    assert made.receive(message("SIP/2.0 500 Late"), MANAGER) and made.final is good, "the first one counts"


def test_a_late_answer_is_nobodys():
    made = asked()
    times(made)
    assert not made.receive(message(), MANAGER) and made.final is None


def test_a_provisional_answer_makes_it_ask_seldom_and_not_for_ever():
    made = asked(32000)
    made.start(0)
    assert made.receive(message("SIP/2.0 100 Trying"), MANAGER) and made.final is None
    assert len(made.tick(500)) == 1 and made.deadline() == 4500
    made.receive(message("SIP/2.0 100 Trying"), MANAGER)
    assert times(made, 500)[1] == 32000 and made.timed_out


def options(branch="z9hG4bKa", call="OPTIONS", first=None):
    return message(first or "%s sip:a SIP/2.0" % call, branch, "7 " + call)


def test_a_request_that_comes_again_is_answered_with_the_same_bytes():
    made = Answers(TIMERS, 5062)
    assert made.again(options(), MANAGER, 0) is None
    assert made.give(options(), b"SIP/2.0 200", MANAGER, 0) == [SendTo(b"SIP/2.0 200", MANAGER, 5062)]
    assert made.again(options(), MANAGER, 31999) == [SendTo(b"SIP/2.0 200", MANAGER, 5062)]
    assert made.again(options(), STRANGER, 1) is None and made.again(options("z9hG4bKb"), MANAGER, 1) is None
    assert made.again(options(call="CANCEL"), MANAGER, 1) is None, "a CANCEL has the branch of its INVITE"
    assert made.again(options(), MANAGER, 32000) is None
    assert made.deadline() is None and made.tick(31999) == [] == made.tick(32000)


def test_the_answer_goes_to_the_port_of_the_via_without_rport():
    made = Answers(TIMERS, 5062)
    got = message("OPTIONS sip:a SIP/2.0", cseq="1 OPTIONS", via="1.2.3.4:5070")
    assert made.give(got, b"x", ("10.0.0.2", 40000), 0)[0].address == ("10.0.0.2", 5070)


def test_the_answer_to_an_invite_is_sent_until_its_ack():
    made = Answers(TIMERS, 5062)
    invite = options(call="INVITE")
    made.give(invite, b"SIP/2.0 180", MANAGER, 0)
    assert made.deadline() is None and len(made.again(invite, MANAGER, 10)) == 1
    made.give(invite, b"SIP/2.0 480", MANAGER, 100)
    now, sent = 100, []
    while made.deadline() is not None and now < 40000:
        now = made.deadline()
        sent += [now for effect in made.tick(now) if effect.data == b"SIP/2.0 480"]
    assert sent == [600, 1600, 3600, 7600, 11600, 15600, 19600, 23600, 27600, 31600] and now == 32100
    made.give(invite, b"SIP/2.0 480", MANAGER, 50000)
    assert made.again(options(call="ACK"), STRANGER, 50100) is None and made.deadline() == 50500
    assert made.again(options(call="ACK"), MANAGER, 50100) == [] and made.deadline() is None
    assert made.again(options(call="ACK"), MANAGER, 50200) == [] == made.again(invite, MANAGER, 50300)
    assert made.again(invite, MANAGER, 55100) is None and made.tick(60000) == []
    assert made.again(options(call="ACK"), MANAGER, 60000) is None


def test_few_answers_are_kept_and_an_invite_without_its_ack_longest():
    made = Answers(TIMERS, 5062)
    made.give(options("z9hG4bKi", "INVITE"), b"SIP/2.0 480", MANAGER, 0)
    for number in range(20):
        made.give(options("z9hG4bK%d" % number), b"SIP/2.0 200", MANAGER, number)
    known = [n for n in range(20) if made.again(options("z9hG4bK%d" % n), MANAGER, 20) is not None]
    assert known == list(range(13, 20)) and made.deadline() == 500
