"""Messages that nobody would send by accident: real ones, changed at random, and all that is asked of each.

    for data in mutations(1000, seed): check(data)

Shared by tests/unit/test_sip_fuzz.py (both interpreters, a few) and tests/host/test_sip_fuzz.py (100,000).
"""

from sip_seen import SEEN
from test_sip import OK, TORTUOUS

from phone.core.transaction import Answers, Transaction
from phone.wire import digest, sip

REAL = SEEN + (OK, TORTUOUS)
# What means something in a message, and what means nothing anywhere.
PIECES = (
    b'"', b"<", b">", b";", b",", b"\\", b":", b"=", b"@", b" ", b"\r\n", b"\n", b"\r", b"\r\n ", b"\r\n\r\n",
    b"\0", b"\xff", b"\xed\xa0\x80", b"\xe2\x80\xae", b"\x1b[2J", b"%s%n", b"Via: x\r\n", b"l: 9\r\n",
    b"CSeq: 1 BYE\r\n", b"SIP/2.0", b"Digest ", b"4294967296", b"-1", b'="', b";;;;", b"\\\\\\\\", b"\t",
)  # fmt: skip
NAMES = (b"via", b"from", b"to", b"call-id", b"cseq", b"contact", b"call-info", b"event", b"content-type",
         b"expires", b"retry-after", b"min-expires", b"www-authenticate", b"authorization",
         b"authentication-info", b"x")  # fmt: skip
# Where a reader that looks for the end again and again takes the square of the length.
STEEP = (b'"', b"<", b'\\"', b'"\\', b"\\", b";", b",", b'"<', b'<"', b"=", b'";"', b"\r\n ", b"\r\nv:")
WHENCE = ("10.0.0.2", 5060)
TIMERS = {"t1_ms": 500, "t2_ms": 4000}
SHOWN_MAX = 40


class Dice:
    def __init__(self, seed):
        self._state = seed

    def roll(self, sides):
        self._state = (self._state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self._state >> 12) % sides


def mutations(count, seed):
    """So many messages, each of a real one by one to four changes."""
    dice = Dice(seed)
    for _ in range(count):
        data = REAL[dice.roll(len(REAL))]
        for _ in range(1 + dice.roll(4)):
            data = changed(data, dice)
        yield data[:1500]


def steep():
    """Messages as long as one may be, of one piece for the most part."""
    for name in (b"Call-Info", b"Contact", b"Via", b"To", b"WWW-Authenticate", b"Authorization", b"CSeq"):
        for before in (b"", b'"', b"<", b"a;b="):
            for piece in STEEP:
                for data in (OK, SEEN[-1]):
                    line = b"\r\n" + name + b": " + before + piece * 1500
                    yield data.replace(b"\r\n", line[: 1499 - len(data)] + b"\r\n", 1)


def changed(data, dice):
    at, kind = dice.roll(len(data) + 1), dice.roll(7)
    end = at + 1 + dice.roll(30)
    if kind == 0:
        return data[:at] + bytes((dice.roll(256),)) + data[at + 1 :]
    if kind == 1:
        return data[:at] + data[end:]
    if kind == 2:
        return data[:end] + data[at:end] * dice.roll(9) + data[end:]
    if kind == 3:
        return data[:at] + PIECES[dice.roll(len(PIECES))] + data[at:]
    if kind == 4:
        return data[:at] + PIECES[dice.roll(len(PIECES))] + data[end:]
    if kind == 5:  # lines change places, are there twice, or go
        lines = data.split(b"\r\n")
        line = lines[dice.roll(len(lines))]
        lines.insert(dice.roll(len(lines)), line)
        return b"\r\n".join(lines)
    other = REAL[dice.roll(len(REAL))]
    return data[:at] + other[dice.roll(len(other)) :]


def is_plain(text, most):
    return len(text) <= most and (not text or min(text) >= " ") and "\x7f" not in text


def check(data):
    """Whether this is a message, after everything that the phone asks of one."""
    message = sip.read(data)
    if message is None:
        return False
    assert message.status == 0 or 100 <= message.status < 700
    assert is_plain(message.reason, SHOWN_MAX) and is_plain(message.branch, 1500) and message.method
    assert is_plain(message.method, 24) and is_plain(message.uri, 1500)
    assert message.cseq >= 0 and message.call_id
    for name in NAMES:
        values = message.all(name)
        assert len(values) <= 32 and b"\n" not in message.get(name)
        for raw in values[:4]:
            fields(raw)
    if message.status:
        answer(message)
    else:
        asked(message, data)
    return True


def fields(raw):
    uri, params = sip.value(raw)
    assert is_plain(uri, 1500) and " " not in uri and len(params) <= 32
    for name in params:
        assert is_plain(name, SHOWN_MAX) and is_plain(params[name], 512)
    assert is_plain(sip.display(raw), SHOWN_MAX) and is_plain(sip.words(raw), SHOWN_MAX)
    place = sip.host_port(uri)
    if place:
        assert is_plain(place[0], 253) and 0 <= place[1] < 65536 and is_plain(place[2], SHOWN_MAX)


def answer(message):
    """A response: digest, and a transaction that it is not for."""
    session = digest.Session("1001", "secret1001")
    found = digest.challenge(message.raw(b"www-authenticate"))
    if found:
        session.take(found)
    said = session.answer("REGISTER", "sip:cm.test", "1f")
    assert is_plain(said, 1500) and bool(said) == bool(found), (said, found)
    assert session.proves(message.get(b"authentication-info")) is not True
    session.answer("REGISTER", "sip:cm.test", "2f")
    strange = Transaction("z9hG4bKmine", "REGISTER", b"", WHENCE, 5060, TIMERS, 7500, 0)
    strange.start(0)
    assert not strange.receive(message, WHENCE)


def asked(message, data):
    """A request: its response is a response, and says nothing that the request had smuggled in."""
    guard = digest.Guard("everline", lambda count: bytes(count), [])
    guard.challenge()
    assert guard.judge(message.get(b"authorization"), message.method, "1001", "secret1001") != digest.OK
    out = sip.response(message, 200, "OK", "mine", whence=WHENCE)
    back = sip.read(out) if len(out) < 1500 else message
    assert back, out
    assert (back.branch, back.method, back.cseq, back.call_id) == (
        message.branch, message.method, message.cseq, message.call_id), out  # fmt: skip
    assert len(back.raw(b"via")) == len(message.raw(b"via")) and len(out) < len(data) + 200
    answers = Answers(TIMERS, 5060)
    (sent,) = answers.give(message, out, WHENCE, 0)
    assert sent.address[0] == WHENCE[0] and 0 < sent.address[1] < 65536
    assert answers.again(message, WHENCE, 1) is not None
