"""What a URI that is no page has the phone do (services-xml.md section 8, docs/push.md): of an item that
somebody pushed, and of a link or softkey that the person chose.

Read from flash for the first of them; functions only. It is done at once, whatever its priority. What this
phone has not, a handset, a line, a call, is refused and said.
"""

from micropython import const

from phone.events import Tone
from phone.phrases import phrase
from phone.wire.url import is_literal

# Status of a ResponseItem: done; no URI that is known; not possible on this phone, or not now.
DONE, BAD, NOT_NOW = const(0), const(1), const(6)
SUCCESS = "Success"
TYPING = phrase("Something is being typed.")
LACKS = phrase("This phone has no such thing.")
_UNKNOWN = phrase("It is no URI that a phone knows.")
_WRONG = phrase("What follows its colon is wrong.")
_NO_CALL = phrase("There is no call.")
_NO_APPLICATION = phrase("This application is not there.")
_NOT_HERE = phrase("The page on the screen has no such softkey.")
_HALF = phrase("It belongs to a softkey.")
_NOT_PUSHED = phrase("It is for pages only.")
_NOBODY = phrase("Nobody has chosen that.")
# A page that acts by a clock dials nobody, presses no key and sends nothing: it may go, and show another one.
_OURS = ("key", "dial", "tel", "editdial", "notify")
_LEAVES = ("exit", "back", "cancel", "update", "next")
_DIGITS = "0123456789*#ABCD,+"  # of a number: RFC 2833 keys, a pause, and what begins one with its country
_NUMBER_MAX = const(64)  # twice what a directory may hold
_MINUTES_MAX = const(1440)  # a day, as on other phones
_VIBRATE_MAX = const(65536)  # ms, and times
TONE = "alert"


def do(uri, outside, now, chosen=False):
    """(status, what is said, effects); `outside`: phone/outside.py; chosen: the person wants it, so nothing
    that he types is in the way; None: nobody with a password pushed it either, a page loads it by a clock.
    What is said is a phrase or a str.
    """
    scheme, colon, rest = uri.strip().partition(":")
    scheme, rest = scheme.strip().lower(), rest.strip()
    deed = _DEEDS.get(scheme)
    if not rest or not deed and " %s " % scheme not in _OTHERS:
        return BAD, _UNKNOWN, []
    if not deed:
        return NOT_NOW, LACKS, []
    if chosen is None and (scheme in _OURS or scheme == "softkey" and rest.lower() not in _LEAVES):
        return BAD, _NOBODY, []
    found = deed(rest, outside, now, chosen)
    if isinstance(found, tuple):
        return found
    if outside.has_form and not chosen:  # what is half-typed is the person's
        return NOT_NOW, TYPING, []
    return DONE, SUCCESS, found()


# What each scheme has done: (status, what is said, effects), or a function that does it on the screen;
# effects.


def _key(rest, outside, now, chosen):
    key = outside.key_of(rest)
    return (lambda: outside.press(key, now)) if key else (NOT_NOW, LACKS, [])


def _softkey(rest, outside, now, chosen):
    verb = outside.verb_of(rest)
    if not verb:
        return BAD, _UNKNOWN, []
    if not chosen and not outside.offers(verb):
        return NOT_NOW, _NOT_HERE, []
    return lambda: outside.soft(verb, now)


def _init(rest, outside, now, chosen):
    word = rest.lower()
    if word == "appstatus":
        return DONE, SUCCESS, outside.clear(now)
    if word in ("services", "directories", "messages"):
        return _key(rest, outside, now, chosen)
    return _calls(outside, now) if word == "callhistory" else (BAD, _UNKNOWN, [])


def _application(rest, outside, now, chosen):
    """Those of phones of others by what is most like them here."""
    word = rest.lower().rpartition("/")[2]
    if word == "missedcalls":
        return _calls(outside, now)
    if word in ("corporatedirectory", "personaldirectory"):
        return _key("directories", outside, now, chosen)
    return _key("messages" if word == "voicemail" else "", outside, now, chosen)


def _calls(outside, now):
    return (lambda: outside.own("calls", now)) if outside.has_calls else (NOT_NOW, LACKS, [])


def _dial(rest, outside, now, chosen):
    number = digits(rest.partition(":")[0])
    if not number:
        return BAD, phrase("%s is no number that can be called.", rest[:_NUMBER_MAX]), []
    return lambda: outside.dial(number, now)


def _edit(rest, outside, now, chosen):
    number = digits(rest.partition(":")[0])
    return lambda: outside.edit(number, now)


def digits(text):
    """A number without what people write between its digits, "" where it is none."""
    number = text.upper()
    for mark in " -().\t/":
        number = number.replace(mark, "")
    return "" if number.strip(_DIGITS) or len(number) > _NUMBER_MAX else number


def _send(rest, outside, now, chosen):
    return (NOT_NOW, _NO_CALL, []) if digits(rest.partition(":")[0]) else (BAD, _WRONG, [])


def _play(rest, outside, now, chosen):
    """The tone of the board's own: there is no TFTP server here that could have the file."""
    return DONE, SUCCESS, [Tone("" if rest.lower() == "stop" else TONE)]


def _display(rest, outside, now, chosen):
    word, colon, minutes = rest.lower().partition(":")
    minutes = _number(minutes, _MINUTES_MAX) if colon else 0
    if word not in ("on", "off", "default") or minutes is None:
        return BAD, _WRONG, []
    return DONE, SUCCESS, outside.light(word == "off", minutes, now)


def _vibrate(rest, outside, now, chosen):
    numbers = [_number(part, _VIBRATE_MAX) for part in rest.split(":")]
    return (NOT_NOW, LACKS, []) if len(numbers) == 3 and None not in numbers else (BAD, _WRONG, [])


def _rtp(rest, outside, now, chosen):
    """There is no voice yet; so what is to be stopped is."""
    if rest.lower() == "stop":
        return DONE, SUCCESS, []
    parts = rest.split(":")
    right = len(parts) > 1 and is_literal(parts[0]) and _number(parts[1], 65535)
    return (NOT_NOW, LACKS, []) if right else (BAD, _WRONG, [])


def _app(rest, outside, now, chosen):
    word = rest.lower().partition(":")[0]
    known = word in ("requestfocus", "releasefocus", "minimize", "close")
    return (NOT_NOW, _NO_APPLICATION, []) if known else (BAD, _WRONG, [])


def _query(rest, outside, now, chosen):
    return (NOT_NOW, _HALF, []) if chosen else (BAD, _NOT_PUSHED, [])


def _notify(rest, outside, now, chosen):
    if not chosen:
        return BAD, _NOT_PUSHED, []
    from phone.core import notify

    letter = notify.letter(rest)
    if not letter:
        return BAD, _WRONG, []
    return DONE, SUCCESS, outside.notify(letter, now)


def _number(text, most):
    """An int up to `most`, or None."""
    text = text.strip()
    return int(text) if text.isdigit() and len(text) < 7 and int(text) <= most else None


_DEEDS = {
    "key": _key, "softkey": _softkey, "init": _init, "application": _application,
    "dial": _dial, "tel": _dial, "editdial": _edit, "senddigits": _send,
    "play": _play, "display": _display, "vibrate": _vibrate,
    "rtprx": _rtp, "rtptx": _rtp, "rtpmrx": _rtp, "rtpmtx": _rtp,
    "app": _app, "querystringparam": _query, "notify": _notify,
}  # fmt: skip
# Known and not had: what a Cisco CTI server or a board of others would have to be there for.
_OTHERS = (
    " device userdata userdatasoftkey usercalldata usercalldatasoftkey settingsmenu button tftp "
)
