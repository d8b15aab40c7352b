"""What follows from new words of a call manager on backups: the part of core/teaching.py seldom wanted.

Functions only, so it may be forgotten in between; what they know is the Teaching's.
"""

from phone.core import learned, verdict
from phone.core.backups import Batch
from phone.core.learned import MANAGER
from phone.core.pointers import KEEPALIVE, PUSH
from phone.phrases import phrase
from phone.wire import pointer_set

_SHOWN = 3  # hosts that are told by name
_NAME_MAX = 40  # letters of each


def taught(teaching, label, values, now):
    """The current home says something new; effects."""
    told, spread, number, out = _judge(teaching, KEEPALIVE, label, values, now)
    if told is None:
        return out
    before, teaching.told, teaching.spread = teaching.told.taught, Batch(told, now // 1000), spread
    if number or _words(told) != _words(before):
        out += teaching.say(_tells(label, told, number), now)
    teaching.settle(KEEPALIVE, now, told != before)
    return out + teaching.sure(now)


def pushed(teaching, label, values, now):
    """As Teaching.pushed()."""
    told, _, _, out = _judge(teaching, PUSH, label, values, now)
    if told is None:
        return out, ""
    if not told:
        teaching.pushes = []
        teaching.settle(PUSH, now, True)
        said = phrase("%s takes back what was pushed.", label)
        return out + teaching.sure(now) + teaching.say(said, now), ""
    known = [(one.service, one.url) for one in told]
    room = learned.TAUGHT_MAX - len(told)
    for batch in teaching.pushes:
        batch.taught = [one for one in batch.taught if (one.service, one.url) not in known][:room]
        room -= len(batch.taught)
    teaching.pushes = [Batch(told, now // 1000)] + [batch for batch in teaching.pushes if batch.taught]
    teaching.settle(PUSH, now, True)
    said = phrase("%s pushes backups: %s.", label, _names(told))
    return out + teaching.sure(now) + teaching.say(said, now), told[0].service or "services"


def expired(teaching, gone, now):
    """The time of these Taught is over; effects."""
    return teaching.say(phrase("What was told of backups has expired: %s.", _names(gone)), now)


def _judge(teaching, source, label, values, now):
    """(list of Taught, spread in s or None, number, effects). None: nothing changes. number: of a
    signature whose end cannot be looked at, because the time is unknown; else 0.
    """
    found = pointer_set.read(values, teaching.trust.purpose)
    teaching.refused = ""
    if not found.named:
        teaching.refused = verdict.NOTHING
        return None, None, 0, []
    utc = teaching.wall.utc(now)
    key = pointer_set.hmac(teaching.trust.key, b"everline")[:4]
    teaching.numbers = teaching.numbers or learned.unpack_numbers(teaching.records.get(learned.SIGNED), key)
    least = teaching.wall.floor if utc is None else utc
    number, mac, ends, why = verdict.seal(teaching.trust, found, source, teaching.numbers, least)
    if why:
        teaching.refused = why
        said = phrase("What %s tells of backups is refused: %s.", label, why)
        return None, None, 0, teaching.refuse(said, now)
    if number:
        _count(teaching, source, number, mac, now)
    out = []
    taught, spread, why = verdict.pointers(teaching.trust, found, source, bool(number), ends)
    if why:
        teaching.refused = why
        out = teaching.refuse(phrase("A backup that %s tells is not taken: %s.", label, why), now)
    if why and not taught:
        return None, None, 0, out  # what nobody can use is no reason to forget what can be used
    return taught, spread, number if utc is None else 0, out


def _count(teaching, source, number, mac, now):
    """A signed set was taken: none that is older comes after it."""
    before = teaching.numbers
    key, told, told_mac, pushed, pushed_mac = before
    if source == KEEPALIVE:
        told, told_mac = number, mac
    else:
        pushed, pushed_mac = number, mac
    teaching.numbers = learned.Numbers(key, told, told_mac, pushed, pushed_mac)
    teaching.rises = teaching.rises or teaching.numbers != before
    teaching.records.put(learned.SIGNED, learned.pack_numbers(teaching.numbers), now)


def _words(taught):
    """What a set says, without for how long."""
    return [(one.service, one.url, one.q) for one in taught]


def _names(taught):
    """The first hosts, as a person knows servers."""
    names = []
    for one in taught:
        name = one.url if one.service == MANAGER else one.url.partition("://")[2].partition("/")[0]
        if name[:_NAME_MAX] not in names:
            names.append(name[:_NAME_MAX])
    return ", ".join(names[:_SHOWN]) + (" ..." if len(names) > _SHOWN else "")


def _tells(label, taught, number):
    if not taught:
        return phrase("%s takes its backups back.", label)
    if number:
        end = phrase("Without the time nobody knows when it ends.")
        return phrase("%s tells of backups: %s. Signed, number %d. %s", label, _names(taught), number, end)
    return phrase("%s tells of backups: %s.", label, _names(taught))
