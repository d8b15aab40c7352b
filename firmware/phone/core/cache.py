"""The last good pages: which are kept, for how long each may serve, and which go when there is no room.

A copy is the record itself, the same object that a view draws, and has three times (RFC 9111 section 4.2,
RFC 5861), each of which the server may set:

    came --- fresh ---> --- ahead ---> shown at once while a fresh one is fetched
                        --- instead -> shown where nobody answers

Where the server says nothing: never fresh, ahead and instead for ever, since the person is told the age.
What links led to goes first, then what came longest ago. The page that came last is there whatever it weighs:
most likely it is on screen, and takes no room of its own.
"""

from collections import namedtuple

from micropython import const

from phone.records import Error, Menu, Text, Unshown

# asked: the Url that was asked for; the page may have come from elsewhere. context: what its links stand on
# (core/result.py). at: second of `now` at which a server made it, None: nobody knows. Then its terms, seconds
# each. fresh: for so long it needs no request; ahead, instead: for so long after that it may be shown until a
# fresh one comes, and where none comes.
Copy = namedtuple("Copy", ("asked", "context", "record", "at", "fresh", "ahead", "instead"))
AHEAD, INSTEAD = const(5), const(6)  # places of these two in it

EVER = const(31536000)  # a year: what is longer is for ever (RFC 9111 section 1.2.2)
PLAIN = (0, EVER, EVER)  # the terms of a server that says nothing
_ROW = const(64)  # bytes of text that go with the 40 of a str into what a row of a budget is, about 100


class Cache:
    """`rows`: how much all copies may take together, as weight() counts; a heavier one stands alone."""

    def __init__(self, rows):
        self.copies = []  # the one that came last at the end
        self._rows = rows

    def keep(self, copy):
        """Take in an answer; its record, or the equal one that is here already. An error of the server's
        leaves the last good page where it is."""
        record = copy.record
        if not weight(record):
            return record
        old = self.drop(copy.asked)
        if old and old.record == record:
            record = old.record
            copy = Copy(copy.asked, copy.context, record, copy.at, copy.fresh, copy.ahead, copy.instead)
        copies = self.copies
        copies.append(copy)
        while len(copies) > 1 and sum([weight(kept.record) for kept in copies]) > self._rows:
            links = [kept for kept in copies[:-1] if not kept.context.walks]
            copies.remove(links[0] if links else copies[0])
        return record

    def find(self, asked):
        """The Copy of this Url, or None."""
        for copy in self.copies:
            if copy.asked == asked:
                return copy
        return None

    def drop(self, asked):
        """Forget the copy of this Url, and return it; None: there is none."""
        copy = self.find(asked)
        if copy:
            self.copies.remove(copy)
        return copy

    def of(self, service):
        """All copies of pages of a service, the newest first; of two as old the one that came last."""
        found = [(-EVER if copy.at is None else copy.at, place) for place, copy in enumerate(self.copies)
                 if copy.context.service == service]
        return [self.copies[place] for _, place in sorted(found, reverse=True)]


def may_stand(copy, age, seconds):
    """Whether it may be shown though it is `age` seconds old (None: nobody knows). seconds: how long past its
    time: 0, or its `ahead` or `instead`."""
    return seconds >= EVER if age is None else age < copy.fresh + seconds


def weight(record):
    """What a page takes, in rows of about 100 bytes; 0 for what is not kept: forms, pictures, errors, empty
    pages."""
    if type(record) in (Error, Unshown):
        return 0
    strips = ()
    if type(record) not in (Menu, Text):
        from phone.rare import Directory, IconMenu  # loaded already: it is of that module

        if type(record) not in (Directory, IconMenu):
            return 0
        if type(record) is IconMenu:
            strips = [strip for icon in record.icons if icon.picture for strip in icon.picture.strips]
    pieces = record[2] + tuple(strips)  # its items or paragraphs, and pixels
    return sum([1 + len(piece) // _ROW for piece in pieces])
