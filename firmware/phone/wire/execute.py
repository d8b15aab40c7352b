"""What others have the phone do: a posted form in, its Execute as items; the answer out (docs/push.md).

    form = Form(); form.feed(view) ... ; items = form.finish()

The form is application/x-www-form-urlencoded and its field XML (in these letters, as on other phones) a page
with the root CiscoIPPhoneExecute. It is read as it comes, by the reader of all pages: nothing of the body is
kept but its items. Who sends the page without encoding it is understood too: the "&" of "&amp;" ends no field
before the page has ended. It never raises.
"""

from collections import namedtuple

from phone.wire.basic import given
from phone.wire.serve import marked
from phone.wire.tag import attribute
from phone.wire.text import clean
from phone.wire.url import URL_MAX, Url
from phone.wire.xml import XmlReader

# priority: 0, 1, 2, or -1 where it is none of these. url: str as it was written, "" where it is missing or
# too long. service (in lower case), expires, signature: what makes a pointer of it (docs/push.md); "" in an
# Execute of other phones' kind.
Item = namedtuple("Item", ("priority", "url", "service", "expires", "signature"))

ITEMS_MAX = 3  # of the vocabulary (services-xml.md section 2)
KIND = "text/xml; charset=utf-8"
_WORD_MAX = 32  # characters of the small attributes
_SIGNATURE_MAX = 200
_HEX = b"0123456789abcdefABCDEF"
# RFC 3986 2.3: what stands for itself in a query.
_UNRESERVED = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"


class Form:
    taking = False  # for XmlReader: no text matters
    row = b"- - - - - -"  # and nothing comes in rows

    def __init__(self):
        self._xml = XmlReader(self)
        self._name = b""  # of the field that is being read; None within XML
        self._rest = b""  # half of a %XX
        self._right = None  # whether the root is the right one, once it came
        self._items = []

    def feed(self, view):
        """Take a piece of at most 1 KB."""
        data = bytes(view)
        at = 0
        while self._name is not None and at < len(data):
            end, mark = data.find(b"&", at), data.find(b"=", at)
            if 0 <= mark and not 0 <= end < mark and self._name + data[at:mark] == b"XML":
                self._name = None
                at = mark + 1
            elif end >= 0:
                self._name, at = b"", end + 1
            else:  # of another field's name and value the first letters say enough
                self._name = (self._name + data[at:])[:_WORD_MAX]
                return
        if at < len(data):
            self._xml.feed(self._decoded(data[at:]))

    def finish(self):
        """A list of at most ITEMS_MAX Items; or what is wrong with the body, as a str."""
        if self._name is not None:
            return "There is no field XML in the form."
        self._xml.feed(self._rest)
        self._xml.finish()
        if not self._right:
            return "It is no CiscoIPPhoneExecute."
        if not self._items:
            return "There is no ExecuteItem in it."
        if len(self._items) > ITEMS_MAX:
            return "There are more than %d ExecuteItems in it." % ITEMS_MAX
        return self._items

    def _decoded(self, data):
        """%XX and + undone; half of a %XX is kept for the next piece."""
        data = self._rest + data
        cut = data.rfind(b"%", max(0, len(data) - 2))
        self._rest = b"" if cut < 0 else data[cut:]
        parts = (data if cut < 0 else data[:cut]).replace(b"+", b" ").split(b"%")
        out = bytearray(parts[0])
        for part in parts[1:]:
            if len(part) > 1 and part[0] in _HEX and part[1] in _HEX:
                out.append(int(str(part[:2], "ascii"), 16))
                out.extend(part[2:])
            else:
                out.extend(b"%" + part)
        return bytes(out)

    # --- the sink of XmlReader -----------------------------------------------------------------

    def start(self, name, tag):
        if self._right is None:
            self._right = name == b"ciscoipphoneexecute"
        elif name == b"executeitem" and self._right and len(self._items) <= ITEMS_MAX:
            priority = self._word(tag, b"priority", _WORD_MAX) or "0"
            priority = int(priority) if priority in ("0", "1", "2") else -1
            service = self._word(tag, b"service", _WORD_MAX).lower()
            self._items.append(Item(priority, self._word(tag, b"url", URL_MAX), service,
                                    self._word(tag, b"expires", _WORD_MAX),
                                    self._word(tag, b"signature", _SIGNATURE_MAX)))

    def text(self, data, literal):
        """Text means nothing here."""

    def end(self, name):
        """Nothing is waited for."""

    def _word(self, tag, name, most):
        """An attribute; one that is too long is none, because a shortened URL would be another command."""
        text = clean(attribute(tag, name), self._xml.encoding)
        return text if len(text) <= most else ""


def answer(results):
    """CiscoIPPhoneResponse for (status, what is said, URL) of each item, as bytes."""
    out = "".join(['<ResponseItem Status="%d" Data="%s" URL="%s"/>\n' % (status, marked(said), marked(url))
                   for status, said, url in results])
    return _page("<CiscoIPPhoneResponse>\n%s</CiscoIPPhoneResponse>\n" % out)


def error(number, said):
    """CiscoIPPhoneError, as bytes."""
    return _page('<CiscoIPPhoneError Number="%d">%s</CiscoIPPhoneError>\n' % (number, marked(said)))


def _page(text):
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + text).encode()


def call_info(item, purpose):
    """An item with a service as a call manager says it, in values of Call-Info; () where it cannot."""
    for byte in item.url.encode():
        if not 32 < byte < 127 or byte in b"<>\"":
            return ()
    said = "<%s>;purpose=%s;service=%s" % (item.url, purpose, item.service)
    if item.expires.isdigit():
        said += ";expires=" + item.expires
    return [value.encode() for value in (said, item.signature) if value]


def question(url, authorization, name):
    """The Url at which an authentication URL is asked about these credentials; None: they are none."""
    user, colon, password = given(authorization).partition(b":")
    if not colon:
        return None
    query = "UserID=%s&Password=%s&devicename=%s" % (quoted(user), quoted(password), name)
    return Url(url.scheme, url.host, url.port, url.path + ("&" if "?" in url.path else "?") + query)


def quoted(data):
    out = bytearray()
    for byte in data:
        if byte in _UNRESERVED:
            out.append(byte)
        else:
            out.extend(b"%%%02X" % byte)
    return str(bytes(out), "ascii")
