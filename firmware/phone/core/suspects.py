"""Pointers whose page may have stopped the phone: asked last, by nobody but a person, and tried again later.

    innocent --the phone died while it was served--> wary, 5 min --its time came--> asked in its turn again
       ^                                              ^                                 |         |
       |                                              +-- the phone died: twice as long +         |
       +------------- a good page, and 10 s of life after it was painted -------------------------+

Whoever stopped the phone once is still asked where nobody else gives the page: somebody waits. Twice, and it
is left out until its time comes; the person may have it by a softkey. `Book.wary` holds them by fingerprint:
they outlive a reset in the scratch memory, and a loss of power in the store. After either their time begins
anew.

Seldom needed, so loaded when it is.
"""

from micropython import const

from phone.core.trouble import seconds
from phone.phrases import phrase
from phone.wire.life import pack_wary, unpack_wary
from phone.wire.scratch import RECORD, fingerprint

CHANCE_MS = 300000  # five minutes: in peace with the other server, and a bad page may be mended by then
CHANCE_MAX_MS = 86400000  # a day; it doubles each time that the phone was stopped
LEFT_OUT = 2  # after so many times it is not asked by itself
_DOUBLINGS_MAX = const(9)  # more than make a day
_WARY_MAX = const(12)  # the store's record has room for 22, the scratch memory for 16


def wait_ms(strikes):
    """For how long whoever stopped the phone so often is asked last."""
    return min(CHANCE_MS << min(strikes - 1, _DOUBLINGS_MAX), CHANCE_MAX_MS)


def add(url, strikes, book, now):
    """Be wary of the pointer with this fingerprint. Of too many, the least is forgotten."""
    wary = book.wary
    if url not in wary and len(wary) >= _WARY_MAX:
        del wary[min(wary, key=lambda known: wary[known][1])]
    wary[url] = now + wait_ms(strikes), strikes


def load(data, book, now):
    """The same of all that were stored, where no more is known of them."""
    for url, strikes in unpack_wary(data or b"").items():
        if strikes > book.wary.get(url, (0, 0))[1]:
            add(url, strikes, book, now)


def keep(book, box, now):
    """Let them outlive this life. Where a page was given up in time there is nothing to outlive."""
    box.wary = pack_wary({url: strikes for url, (_, strikes) in book.wary.items() if strikes})
    box.store.put(RECORD, box.wary, now)


def clear(pointer, book, box, journal, now):
    """Its page did no harm; effects."""
    if not book.wary.pop(fingerprint(pointer.url), None):
        return []
    keep(book, box, now)
    said = phrase("A page of %s did the phone no harm: it is asked in its turn again.", pointer.label)
    return journal.say(said, now)


def last(ranked, book, now):
    """Pointers in the order in which they are asked, without those that are not asked by themselves."""
    out = [pointer for pointer in ranked if not book.is_wary(pointer, now)]
    return out + [p for p in ranked if p not in out and not is_left_out(p, book, now)]


def is_left_out(pointer, book, now):
    if not book.is_wary(pointer, now):
        return False
    return not book.dares or book.wary[fingerprint(pointer.url)][1] >= LEFT_OUT


def words(pointer, book, now):
    """What there is to say of a pointer that the phone is wary of."""
    until, strikes = book.wary[fingerprint(pointer.url)]
    label, wait = pointer.label, seconds(until - now)
    if strikes == 0:
        return phrase("A page of %s was given up. %s is asked last for %s.", label, label, wait)
    if strikes < LEFT_OUT:
        return phrase("%s may have stopped the phone. It is asked last for %s.", label, wait)
    return phrase("%s may have stopped the phone %d times. It is asked again in %s.", label, strikes, wait)


def told(book, now):
    """The same of all of them, each sentence once."""
    out = []
    for pointer in book.pointers:
        said = words(pointer, book, now) if book.is_wary(pointer, now) else None
        if said and said not in out:
            out.append(said)
    return out
