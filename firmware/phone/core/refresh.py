"""What a server says of its page beside it: Refresh and Expires (services-xml.md section 11).

    Refresh: 30                          the same page again in 30 s
    Refresh: 30; url=next.xml            that one instead, or an internal URI
    Refresh: 0; url=next.xml             only when the person presses Next
    Expires: a date that is past         no way leads back to the page

Loaded with the first answer that has one of them: many servers have none.
"""

from micropython import const

from phone.core.result import Life
from phone.core.wall import BUILT
from phone.wire import http
from phone.wire.url import URL_MAX

_MOST = const(86400)  # a day; who wants longer means never
_DIGITS = "0123456789"


def life(fields, wall, posted):
    """The Life that these header fields give a page, None where they give none. wall: unix seconds or None;
    posted: it is the answer to a form, and nobody sends that again but who filled it in.
    """
    wait, url = _refresh(http.ascii(fields.get(b"refresh", b"")))
    if posted and not url:
        wait = -1
    expired = b"expires" in fields and _is_past(fields, wall)
    return Life(wait, url, expired) if wait >= 0 or expired else None


def _refresh(said):
    """(seconds or -1, URL or "")."""
    wait, mark, rest = said.partition(";")
    if not mark:  # some write a comma
        wait, mark, rest = said.partition(",")
    name, equals, url = rest.partition("=")
    if name.strip().lower() != "url":
        url = ""
    url = url.strip().strip("'\"")
    if len(url) > URL_MAX:
        url = ""
    digits = wait.strip()
    while digits and digits.strip(_DIGITS):  # "5.0", "5 s"
        digits = digits[:-1]
    if not digits and not url:
        return -1, ""
    return min(int(digits[:9] or "0"), _MOST), url


def _is_past(fields, wall):
    """Whether the page had expired as it was sent, by the clock of who says it. What is no date ("0", "-1")
    says so, too (RFC 9111 section 5.3).
    """
    end = http.date(fields[b"expires"])
    clock = http.date(fields.get(b"date", b""))
    clock = wall if clock is None else clock
    return end is None or end <= (BUILT if clock is None else clock)
