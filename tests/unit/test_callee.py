"""The phone as a server of SIP: what it answers to whom, and what the person gets to see of it."""

import hashlib
from binascii import hexlify

from phone import config
from phone.core.callee import RING_MS, SAID_BURST, SAID_EVERY_MS, STRANGERS, Callee
from phone.core.calls import Calls
from phone.core.journal import Journal
from phone.events import Lamp, Note, SendTo, Tone
from phone.phrases import plain
from phone.wire import sip

HOME, OTHER, STRANGER = ("10.0.0.11", 5060), ("10.0.0.12", 5060), ("10.9.9.9", 5060)
RAW = {
    "homes": [{"name": "A", "manager": "sip:10.0.0.11"}, {"name": "B", "manager": "sip:10.0.0.12"}],
    "sip": {"user": "1001", "password": "secret1001"},
}
SUMMARY = b"Messages-Waiting: yes\r\nVoice-Message: 2/8 (0/0)\r\n"
FRAG = b"Call-Info: <http://b.example/menu>;purpose=backup-service;q=0.9\r\n"
MWI = "Event: message-summary\r\nContent-Type: application/simple-message-summary\r\n"
PUSH = "Event: backup-pointers\r\nContent-Type: message/sipfrag\r\n"


class Manager:
    def __init__(self, label):
        self.label = label


class Managers:
    """What the callee knows of core/managers.py."""

    def __init__(self):
        self.home = Manager("A")
        self._known = {HOME: self.home, OTHER: Manager("B")}
        self.odd = self.refreshed = 0
        self.port = 5062

    def known(self, address):
        return self._known.get(address)

    def refresh(self, now):
        self.refreshed += 1
        return []


class Teaching:
    def __init__(self):
        self.pushes = []

    def pushed(self, label, values, now):
        self.pushes.append((label, values))
        return [], "services"


class Outside:
    def __init__(self):
        self.has_form = False
        self.said, self.opened, self.calls = [], [], None

    def tell(self, said, now):
        self.said.append(plain(said))

    def service(self, service, now):
        self.opened.append(service)
        return []

    def news(self, calls):
        self.calls = calls


class Desk:
    """A Callee and what stands around it; `at` is the time."""

    def __init__(self, **account):
        raw = dict(RAW, sip=dict(RAW["sip"], **account))
        self.config, mistakes = config.check(raw)
        assert mistakes == []
        self.managers, self.teaching, self.calls = Managers(), Teaching(), Calls()
        self.outside, self.journal = Outside(), Journal()
        self.number = self.at = 0
        parts = self.managers, self.teaching, self.calls, self.outside, self.journal, self.entropy
        self.callee = Callee(self.config, *parts)
        self.done = []  # effects other than SendTo and Note

    def entropy(self, count):
        self.number += 1
        return hashlib.sha256(b"%d" % self.number).digest()[:count]

    def answers(self, data, whence=HOME):
        """Feed a datagram; the datagrams that go out, read as messages."""
        message = sip.read(data)
        assert message and not message.status, data
        return self.split(self.callee.receive(message, whence, self.at))

    def split(self, effects):
        out = []
        for effect in effects:
            if isinstance(effect, SendTo):
                assert effect.port == 5062
                out.append(sip.read(effect.data))
                assert out[-1], effect.data
                self.sent = effect
            elif not isinstance(effect, Note):
                self.done.append(effect)
        return out

    def answer(self, data, whence=HOME):
        (one,) = self.answers(data, whence)
        return one

    def status(self, *args, **options):
        whence = options.pop("whence", HOME)
        return self.answer(request(*args, **options), whence).status

    def ticks(self, until):
        """Let time pass; the answers that went out again, as (ms, status)."""
        out = []
        while self.callee.deadline() is not None and self.callee.deadline() <= until:
            self.at = max(self.at, self.callee.deadline())
            out += [(self.at, one.status) for one in self.split(self.callee.tick(self.at))]
        self.at = until
        return out


COUNT = [0]


def request(
    method, head="", body=b"", branch=None, call="c", cseq=7, sender='"Alice" <sip:203@10.0.0.11>;tag=f1',
    to="<sip:1001@10.0.0.100>", uri="sip:1001@10.0.0.100:5062", via="10.0.0.11:5060",
):  # fmt: skip
    COUNT[0] += 1
    branch = branch or "z9hG4bK-%d" % COUNT[0]
    lines = [
        "%s %s SIP/2.0" % (method, uri),
        "Via: SIP/2.0/UDP %s;branch=%s;rport" % (via, branch),
        "Max-Forwards: 70",
        "From: " + sender,
        "To: " + to,
        "Call-ID: " + call,
        "CSeq: %d %s" % (cseq, method),
        "%sContent-Length: %d" % (head, len(body)),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def test_options_are_answered_for_anybody_and_not_at_length():
    desk = Desk()
    data = request("OPTIONS")
    answer = desk.answer(data)
    assert answer.status == 200 and b"tag=" in answer.get(b"to")
    assert answer.get(b"allow") == b"OPTIONS, NOTIFY, INVITE, ACK, CANCEL, BYE"
    assert b"message-summary" in answer.get(b"allow-events")
    assert desk.sent.address == HOME
    strange = desk.answer(data, STRANGER)
    assert strange.status == 200 and not strange.get(b"allow-events")
    assert len(desk.sent.data) <= len(data) + 100 and desk.sent.address == STRANGER


def test_strangers_get_a_few_answers_a_second_and_the_rest_is_counted():
    desk = Desk()
    answers = [desk.answers(request("OPTIONS"), STRANGER) for _ in range(20)]
    assert [len(one) for one in answers] == [1] * STRANGERS + [0] * (20 - STRANGERS)
    assert desk.managers.odd == 20 - STRANGERS
    assert desk.status("OPTIONS") == 200, "the managers are not meant"
    desk.at += 1000
    assert desk.status("OPTIONS", whence=STRANGER) == 200


def test_a_call_is_shown_kept_and_answered_480():
    desk = Desk()
    desk.at = 5000
    assert desk.status("INVITE") == 480
    assert desk.calls.missed == [(5000, "Alice (203)")] and desk.calls.unread == 1
    assert desk.calls.ringing == "Alice (203)" and desk.outside.calls is desk.calls
    assert desk.outside.said == ["Call from Alice (203)"] and desk.done == [Tone("call")]
    desk.ticks(5000 + RING_MS - 1)
    assert desk.calls.ringing
    desk.ticks(5000 + RING_MS)
    assert desk.calls.ringing == ""


def test_a_second_call_finds_the_phone_busy_and_so_does_one_while_something_is_typed():
    desk = Desk()
    assert desk.status("INVITE", call="c1") == 480
    assert desk.status("INVITE", call="c2", sender="Bob <sip:204@x>;tag=2") == 486
    assert [caller for _, caller in desk.calls.missed] == ["Bob (204)", "Alice (203)"]
    assert desk.outside.said == ["Call from Alice (203)"], "one notice at a time"
    desk.ticks(60000)
    desk.outside.has_form = True
    assert desk.status("INVITE", call="c3") == 486
    assert len(desk.outside.said) == 2, "it is shown all the same"


def test_the_final_answer_to_a_call_comes_again_until_ack():
    desk = Desk()
    data = request("INVITE", branch="z9hG4bK-i")
    first = desk.answer(data)
    again = desk.ticks(1600)
    assert [at for at, _ in again] == [500, 1500] and {status for _, status in again} == {480}
    assert desk.answer(data).get(b"to") == first.get(b"to"), "a repeated request gets the same answer"
    assert len(desk.calls.missed) == 1, "and is no second call"
    assert desk.answers(request("ACK", branch="z9hG4bK-i", to=str(first.get(b"to"), "ascii"))) == []
    assert desk.ticks(40000) == []


def test_without_ack_the_answer_ends_after_64_t1():
    desk = Desk()
    desk.answer(request("INVITE"))
    again = desk.ticks(100000)
    assert 9 <= len(again) <= 11 and again[-1][0] <= 32000
    assert desk.callee.deadline() is None, "nothing is left of it"


def test_one_call_by_two_ways_is_one_call():
    desk = Desk()
    assert desk.status("INVITE") == 480
    assert desk.status("INVITE") == 482
    assert desk.status("INVITE", cseq=8) == 486, "the same caller once more"
    assert len(desk.calls.missed) == 2
    desk.ticks(33000)
    assert desk.status("INVITE") == 480, "later it is another one"


def test_cancel_comes_too_late_and_is_answered():
    desk = Desk()
    desk.answer(request("INVITE", branch="z9hG4bK-c"))
    assert desk.status("CANCEL", branch="z9hG4bK-c") == 200
    assert desk.status("CANCEL", branch="z9hG4bK-never") == 481


def test_what_belongs_to_a_dialog_finds_none():
    desk = Desk()
    assert desk.status("BYE", to="<sip:1001@x>;tag=9") == 481
    assert desk.status("BYE") == 481
    for method in ("INVITE", "OPTIONS", "NOTIFY"):
        assert desk.status(method, to="<sip:1001@x>;tag=9") == 481
    assert desk.answers(request("ACK", to="<sip:1001@x>;tag=9")) == []
    assert desk.calls.missed == []


def test_methods_that_are_not_taken():
    desk = Desk()
    for method in ("REGISTER", "SUBSCRIBE", "MESSAGE", "REFER", "PUBLISH", "PRACK"):
        answer = desk.answer(request(method))
        assert answer.status == 405 and b"OPTIONS" in answer.get(b"allow")
    for method in ("HELLO", "options", "X.-!%*_+`'~"):
        assert desk.status(method) == 501


def test_what_cannot_be_meant_is_said():
    desk = Desk()
    answer = desk.answer(request("INVITE", "Require: 100rel, hello\r\n"))
    assert answer.status == 420 and answer.get(b"unsupported") == b"100rel, hello"
    assert desk.status("OPTIONS", uri="tel:+4930123") == 416
    assert desk.calls.missed == []


def test_strangers_cannot_make_the_phone_ring_or_do_anything():
    desk = Desk()
    assert desk.status("INVITE", whence=STRANGER) == 480
    assert desk.callee.deadline() is None, "the answer goes out once: the address may be a lie"
    desk.at += 1000
    for head, body in ((MWI, SUMMARY), (PUSH, FRAG), ("Event: check-sync\r\n", b""), ("", b"")):
        assert desk.status("NOTIFY", head, body, whence=STRANGER) == 403
    desk.at += 1000
    assert desk.status("BYE", whence=STRANGER) == 481
    assert desk.calls.missed == [] and desk.calls.messages == 0 and desk.outside.said == []
    assert desk.managers.refreshed == 0 and desk.teaching.pushes == [] and desk.done == []


def test_a_stranger_gets_the_same_answer_to_the_same_request():
    desk = Desk()
    data = request("OPTIONS")
    desk.answer(data, STRANGER)
    first = desk.sent.data
    desk.answer(data, STRANGER)
    assert desk.sent.data == first


def test_who_calls_is_said_in_letters_that_can_be_shown_and_not_at_length():
    cases = (
        ('"Alice" <sip:203@x>;tag=1', "Alice (203)"),
        ("<sip:203@x>;tag=1", "203"),
        ("203 <sip:203@x>;tag=1", "203"),
        ("sip:203@x;tag=1", "203"),
        ("<sip:10.0.0.11>;tag=1", "somebody unknown"),
        ("<tel:+49-30-123>;tag=1", "+49-30-123"),
        ('"%s" <sip:%s@x>;tag=1' % ("A" * 100, "1" * 100), "%s (%s)" % ("A" * 24, "1" * 20)),
        ('"a\x1b[2Jb" <sip:203@x>;tag=1', "a [2Jb (203)"),
    )
    desk = Desk()
    for number, (sender, caller) in enumerate(cases):
        desk.answers(request("INVITE", sender=sender, call="call%d" % number))
        assert plain(desk.calls.missed[0][1]) == caller, sender


def test_without_voice_calls_are_somebody_elses():
    desk = Desk(voice=False)
    assert desk.answer(request("OPTIONS")).get(b"allow") == b"OPTIONS, NOTIFY"
    answer = desk.answer(request("INVITE", branch="z9hG4bK-v"))
    assert answer.status == 405 and answer.get(b"allow") == b"OPTIONS, NOTIFY"
    assert desk.calls.missed == [] and desk.outside.said == []
    assert desk.status("CANCEL", branch="z9hG4bK-v") == 200
    assert desk.answers(request("ACK", branch="z9hG4bK-v")) == []
    assert desk.ticks(40000) == []
    assert desk.status("BYE") == 405


def test_waiting_messages_light_the_lamp_of_the_home():
    desk = Desk()
    assert desk.status("NOTIFY", MWI, SUMMARY) == 200
    assert desk.calls.messages == 2 and desk.done == [Lamp(True)]
    assert desk.status("NOTIFY", MWI, SUMMARY.replace(b"2/8", b"3/8")) == 200
    assert desk.calls.messages == 3 and desk.done == [Lamp(True)]
    assert desk.status("NOTIFY", MWI, b"Messages-Waiting: no\r\n", whence=OTHER) == 200
    assert desk.calls.messages == 3, "of two that disagree, the home's word counts"
    assert desk.status("NOTIFY", MWI) == 200 and desk.calls.messages == 3, "nothing was said"
    assert desk.status("NOTIFY", MWI, b"Messages-Waiting: no\r\n") == 200
    assert desk.calls.messages == 0 and desk.done == [Lamp(True), Lamp(False)]
    assert desk.status("NOTIFY", MWI, b"hello") == 400
    assert desk.status("NOTIFY", MWI.replace("simple-message-summary", "json"), SUMMARY) == 415


def test_check_sync_has_the_phone_ask():
    desk = Desk()
    assert desk.status("NOTIFY", "Event: check-sync;reboot=false\r\n") == 200
    assert desk.status("NOTIFY", "o: Check-Sync\r\n", whence=OTHER) == 200
    assert desk.managers.refreshed == 2
    assert len(desk.journal.lines) == 1, "the journal tells of one in ten seconds"
    desk.at += 10000
    assert desk.status("NOTIFY", "Event: check-sync\r\n") == 200
    assert len(desk.journal.lines) == 2


def test_events_that_nobody_knows():
    desk = Desk()
    answer = desk.answer(request("NOTIFY", "Event: presence\r\n"))
    assert answer.status == 489 and b"check-sync" in answer.get(b"allow-events")
    assert desk.status("NOTIFY") == 400


def hashed(kind, text):
    made = hashlib.md5(text.encode()) if kind == "MD5" else hashlib.sha256(text.encode())
    return str(hexlify(made.digest()), "ascii")


def digest(answer, password="secret1001", kind="MD5", uri="sip:1001@10.0.0.100:5062"):
    """Authorization as RFC 7616 says it, made here."""
    for line in answer.raw(b"www-authenticate"):
        text = str(line, "ascii")
        if "algorithm=%s" % kind not in text:
            continue
        nonce = text.partition('nonce="')[2].partition('"')[0]
        secret = hashed(kind, "1001:everline:" + password)
        middle = nonce + ":00000001:abc:auth"
        proof = hashed(kind, "%s:%s:%s" % (secret, middle, hashed(kind, "NOTIFY:" + uri)))
        return (
            'Authorization: Digest username="1001", realm="everline", nonce="%s", uri="%s", response="%s", '
            'algorithm=%s, qop=auth, nc=00000001, cnonce="abc"\r\n' % (nonce, uri, proof, kind)
        )
    raise AssertionError("no challenge of %s" % kind)


def test_pointers_are_taken_from_who_knows_the_password():
    for kind in ("MD5", "SHA-256"):
        desk = Desk()
        asked = desk.answer(request("NOTIFY", PUSH, FRAG), OTHER)
        assert asked.status == 401 and desk.teaching.pushes == []
        proof = digest(asked, kind=kind)
        assert desk.status("NOTIFY", PUSH + proof, FRAG, cseq=8, whence=OTHER) == 200
        assert desk.teaching.pushes == [("B", [b"<http://b.example/menu>;purpose=backup-service;q=0.9"])]
        assert desk.outside.opened == ["services"]
        again = desk.answer(request("NOTIFY", PUSH + proof, FRAG, cseq=9), OTHER)
        assert again.status == 401 and b"stale=true" in again.get(b"www-authenticate"), "a nonce is good once"
        assert len(desk.teaching.pushes) == 1


def test_a_wrong_password_teaches_nothing():
    desk = Desk()
    asked = desk.answer(request("NOTIFY", PUSH, FRAG))
    answer = desk.answer(request("NOTIFY", PUSH + digest(asked, "guessed"), FRAG))
    assert answer.status == 401 and b"stale" not in answer.get(b"www-authenticate")
    assert "wrong password" in plain(desk.journal.lines[-1][1])
    assert desk.teaching.pushes == []
    open_to_all = Desk(password="")
    assert open_to_all.status("NOTIFY", PUSH, FRAG) == 403


def test_nobody_washes_out_the_journal_with_calls_and_pushes_that_may_be_forged():
    desk = Desk()
    desk.journal.say("something that matters", 0)
    for number in range(300):
        desk.status("INVITE", call="call %d" % number, cseq=number)
        desk.status("NOTIFY", PUSH + "Authorization: Digest x=1\r\n", FRAG)
        desk.status("NOTIFY", "Event: check-sync\r\n")
        desk.ticks(desk.at + 1000)
    said = [plain(line) for _, line in desk.journal.lines]
    assert said[0] == "something that matters" and len(said) <= SAID_BURST + 2
    assert len(desk.calls.missed) == 20 and desk.managers.refreshed == 300
    desk.ticks(desk.at + SAID_EVERY_MS)
    desk.status("INVITE", call="late")
    said = [plain(line) for _, line in desk.journal.lines[-2:]]
    assert said[0].endswith(" more sentences on calls and messages were left out.")
    assert said[1].startswith("Alice (203) calls")
    desk.ticks(desk.at + SAID_EVERY_MS * SAID_BURST)
    count = desk.journal.said
    for number in range(SAID_BURST):
        desk.status("INVITE", call="again %d" % number)
    assert desk.journal.said == count + SAID_BURST, "after a quiet time all are told again"


def test_a_form_is_not_taken_away_by_a_push():
    desk = Desk()
    desk.outside.has_form = True
    proof = digest(desk.answer(request("NOTIFY", PUSH, FRAG)))
    assert desk.status("NOTIFY", PUSH + proof, FRAG) == 200
    assert desk.outside.opened == [] and desk.outside.said == ["A new page waits behind the key Services."]


def test_what_is_pushed_must_be_pointers():
    desk = Desk()
    for head, body, status in (
        (PUSH, b"", 400),
        (PUSH, b"\r\n\0\r\n", 400),
        (PUSH, b"Subject: hello\n", 400),
        (PUSH.replace("message/sipfrag", "text/plain"), FRAG, 415),
    ):  # fmt: skip
        proof = digest(desk.answer(request("NOTIFY", PUSH, FRAG)))
        assert desk.status("NOTIFY", head + proof, body) == status
    proof = digest(desk.answer(request("NOTIFY", PUSH, FRAG)))
    assert desk.status("NOTIFY", PUSH + proof, b"call-info: <http://x/>;q=1,\n <http://y/>;q=0.5\n") == 200
    assert desk.teaching.pushes == [("A", [b"<http://x/>;q=1", b"<http://y/>;q=0.5"])]


def test_the_same_notify_again_is_answered_the_same_and_done_once():
    desk = Desk()
    data = request("NOTIFY", "Event: check-sync\r\n")
    desk.answer(data)
    first = desk.sent.data
    desk.answer(data)
    assert desk.sent.data == first and desk.managers.refreshed == 1
    data = request("NOTIFY", PUSH, FRAG)
    desk.answer(data)
    first = desk.sent.data
    desk.answer(data)
    assert desk.sent.data == first, "the same nonce"


def test_an_answer_that_fits_no_datagram_is_none():
    desk = Desk()
    lengths = []
    for more in range(700, 1300, 50):
        data = request("OPTIONS", via="10.0.0.11:5060;x=" + "y" * more)
        if sip.read(data):
            lengths += [len(desk.sent.data) if desk.answers(data) else 0]
    assert lengths[0] > 1000 and lengths[-1] == 0 and desk.managers.odd == lengths.count(0)
    assert max(lengths) <= sip.DATAGRAM_MAX


def test_an_answer_goes_where_via_says():
    desk = Desk()
    data = request("OPTIONS", via="10.0.0.11:5070").replace(b";rport", b"")
    desk.answer(data, HOME)
    assert desk.sent.address == ("10.0.0.11", 5070)
    data = request("OPTIONS", via="192.168.1.1:5070")
    desk.answer(data, HOME)
    assert desk.sent.address == HOME and b"received=10.0.0.11" in desk.sent.data
