"""Pointers that were pushed to a phone without call managers: lent until they expire, or it starts anew.

A phone with managers has core/teaching.py for this, which judges signatures and keeps what it learns. Loaded
with the first such push.
"""

from collections import namedtuple

from phone.core.pointers import PUSH
from phone.wire import url as urls

LOANS_MAX = 8  # as many as one word of a call manager may name
URL_MAX = 200  # as of those that call managers tell (core/learned.py)
EXPIRES_S = 3600  # where the push does not say
EXPIRES_MAX_S = 86400  # nobody takes it back here
REFUSED = "This phone does not learn it."

# As far as the book looks at it; end: ms.
Loan = namedtuple("Loan", ("service", "url", "q", "end"))


class Loans:
    """`trust`: checks_sip.py Trust, or None."""

    def __init__(self, book, trust):
        self._book = book
        self._trust = trust
        self._loans = []  # the newest first

    def lend(self, item, now):
        """Learn the pointer of a wire/execute.py Item: what is wrong with it, or ""."""
        url, trust = urls.split(item.url), self._trust
        if not url or len(item.url) > URL_MAX:
            return REFUSED
        if trust and (url.scheme not in trust.schemes or trust.hosts and url.host not in trust.hosts
                      or trust.signed == "require"):  # nobody here could read a signature
            return REFUSED
        wanted = int(item.expires) if item.expires.isdigit() and len(item.expires) < 8 else EXPIRES_S
        loan = Loan(item.service, item.url, 1.0, now + min(wanted, EXPIRES_MAX_S) * 1000)
        others = [one for one in self._loans if (one.service, one.url) != (loan.service, loan.url)]
        self._teach([loan] + others[: LOANS_MAX - 1], now)
        return ""

    def tick(self, now):
        """What has expired goes."""
        left = [loan for loan in self._loans if now < loan.end]
        if len(left) < len(self._loans):
            self._teach(left, now)

    def deadline(self):
        return min([loan.end for loan in self._loans]) if self._loans else None

    def _teach(self, loans, now):
        self._loans = loans
        self._book.teach(PUSH, loans, now)
