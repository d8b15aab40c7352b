"""NOTIFY, by which a manager tells the phone something unasked (RFC 6665; no subscription went before, as is
usual with phones).

    check-sync       ask now: the refresh of the registration brings the pointers, in our own transaction
    message-summary  how many messages wait (RFC 3842)
    backup-pointers  header lines with pointers as the body; first 401, then with the account's password

Digest does not cover the body (qop=auth), so what is pushed is taken for no more than what an answer teaches.
"""

from micropython import const

from phone.core.answering import EVENTS
from phone.core.trouble import TITLES
from phone.events import Lamp
from phone.phrases import phrase

REALM = "everline"
_SIPFRAG = "message/sipfrag"
_SYNC_MS = const(10000)  # as often as the phone asks for it


def notified(callee, message, manager, now):
    """What a known manager tells: (status, fields, effects)."""
    event = message.get(b"event").partition(b";")[0].strip().lower()
    if not event:
        return 400, [], []
    if event == b"check-sync":
        return 200, [], _synced(callee, manager, now) + callee.managers.refresh(now)
    if event == b"message-summary":
        return _summary(callee, message, manager)
    if event == b"backup-pointers":
        return _pushed(callee, message, manager, now)
    return 489, [("Allow-Events", EVENTS)], []


def _synced(callee, manager, now):
    """A line of the journal, which a manager that asks all the time would fill."""
    if callee.synced is not None and now - callee.synced < _SYNC_MS:
        return []
    callee.synced = now
    return callee.say(phrase("%s wants the phone to ask again.", manager.label), now)


def _is(message, kind):
    """Whether the body is of this type."""
    return message.get(b"content-type").partition(b";")[0].strip().lower() == kind.encode()


def _summary(callee, message, manager):
    from phone.wire import summary

    if not message.body:
        return 200, [], []  # nothing has changed
    if not _is(message, summary.TYPE):
        return 415, [("Accept", summary.TYPE)], []
    count = summary.waiting(message.body)
    if count is None:
        return 400, [], []
    calls = callee.calls
    if manager is not callee.managers.home or count == calls.messages:
        return 200, [], []  # of two that disagree, the home's word counts
    lit, calls.messages = bool(calls.messages), count
    callee.outside.news(calls)
    return 200, [], [Lamp(bool(count))] if lit != bool(count) else []


def _pushed(callee, message, manager, now):
    """Pointers by push: of who knows the password."""
    account = callee.config.sip
    if not account.password:  # whoever asks knows it
        said = phrase("%s pushes, but the phone has no password.", manager.label)
        return 403, [], callee.say(said, now)
    from phone.wire import digest

    guard = digest.Guard(REALM, callee.entropy, callee.nonces)
    value = message.get(b"authorization")
    word = ""
    if value:
        word = guard.judge(value, message.method, account.auth_user, account.password)
    if word != digest.OK:
        out = []
        if word == digest.WRONG:
            out = callee.say(phrase("A push of %s had a wrong password.", manager.label), now)
        asked = guard.challenge(word == digest.STALE)
        return 401, [("WWW-Authenticate", one) for one in asked], out
    if not _is(message, _SIPFRAG):
        return 415, [("Accept", _SIPFRAG)], []
    values = _call_info(message.body)
    if not values:
        return 400, [], []
    out, service = callee.teaching.pushed(manager.label, values, now)
    if service and callee.outside.has_form:
        callee.outside.tell(phrase("A new page waits behind the key %s.", TITLES[service]), now)
    elif service:
        out = out + callee.outside.service(service, now)
    return 200, [], out


def _call_info(body):
    """The values of Call-Info in header lines without a first line (RFC 3420)."""
    from phone.wire.sip import Message

    lines = body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return Message(b"\r\n" + lines + b"\r\n", b"").all(b"call-info")
