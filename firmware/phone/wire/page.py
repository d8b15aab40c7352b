"""From the bytes of a service page to a record of records.py, as they arrive.

    reader = PageReader(content_type); reader.feed(view) until reader.done or the body ends
    record = reader.finish()           Menu, Text, Error, or Unshown with a sentence

Children may come in any order, in any letters and at any depth. What is above a limit is left out and
said in `mends.cut`: a page is never refused for its size. Only a link is never shortened, because
a shortened link would be another command: its item stays and does nothing.
"""

from micropython import const

from phone.records import Error, Mends, Menu, SoftKey, Text, Unshown, menu_item
from phone.wire.lines import Lines
from phone.wire.tag import attribute, name_of
from phone.wire.text import clean, strays
from phone.wire.xml import XmlReader

# Limits of the vocabulary (services-xml.md section 2), in characters and pieces.
_TITLE_MAX = const(32)
NAME_MAX = const(64)
ITEMS_MAX = const(100)
URL_MAX = const(1024)  # the vocabulary has 256; this is what a request line of ours may hold
_ERROR_MAX = const(256)  # not in the vocabulary; longer than any answer of a phone
# Bytes of one field kept until its end: a URL, white space around it included.
_FIELD_MAX = const(1536)
SOFTKEYS_MAX = const(16)  # positions of the older schema; the newer has 8

_LONG_LINK = "a link of more than %d characters" % URL_MAX
_FIELDS = b" title prompt name url position text "  # elements whose text matters, by their plain names
_ITEMS = b"menuitem", b"softkeyitem", b"softkey"
_OBJECTS = {b"ciscoipphonemenu": Menu, b"ciscoipphonetext": Text, b"ciscoipphoneerror": Error}


class PageReader:
    """`content_type`: the header field as str, its charset included; None where there was none."""

    def __init__(self, content_type=None):
        kind, _, rest = (content_type or "").lower().partition(";")
        self._charset = rest.partition("charset=")[2].strip(" \"'").encode()
        self._kind = kind.strip()
        self.done = False  # nothing that follows can matter
        self._xml = XmlReader(self)
        self._root = None  # its name as written, once it came
        self._object = None  # a class of records, Unshown where the root is another
        self._fields = {}  # of the page
        self._item = None  # fields of the item or softkey that is open, else None
        self._items = []
        self._softkeys = []
        self.taking = b""  # name of the field that is open: text matters
        self._value = bytearray()
        self._over = False  # the field was longer than _FIELD_MAX
        self._lines = Lines()
        self._cuts = []

    def feed(self, view):
        if self._kind == "text/plain":
            if self._root is None:  # text, or a page under a wrong name? Known after a few bytes
                self._value.extend(bytes(view))
                head = bytes(self._value).lstrip(b"\xef\xbb\xbf \r\n\t")
                if not head:
                    return
                view, self._value = self._value, bytearray()
                if head.startswith(b"<"):
                    self._kind = ""
                else:
                    self._root, self._object, self.taking = b"text", Text, b"text"
            if self._root:
                self._lines.add(bytes(view), True, self._charset)
                self.done = self._lines.full
                return
        if not self.done:
            self._xml.feed(view)
            self.done = self._xml.done or self._object is Unshown

    def finish(self, whole=True):
        """The record. `whole`: nothing of the page was left out before it came here."""
        xml = self._xml
        xml.finish()
        if not whole:
            self._cut("the page is too long")
        title = self._text_of(self._fields, b"title", _TITLE_MAX)
        prompt = self._text_of(self._fields, b"prompt", _TITLE_MAX)
        text = self._lines.take(self._charset)
        if self._lines.full:
            self._cut("the end of a long text")
        mends = Mends(xml.mends, xml.first, ", ".join(self._cuts), clean(self._root or b"", b"")[:_TITLE_MAX])
        softkeys = ()
        if self._softkeys:
            from phone.wire.softkeys import placed

            softkeys = placed(self._softkeys)
        if self._object in (Menu, Text):
            body = tuple(self._items) if self._object is Menu else text
            return self._object(title, prompt, body, softkeys, mends)
        if self._object is Error:
            text = clean(bytes(self._value), self._charset)[:_ERROR_MAX]
            number = clean(self._fields.get(b"number", b""), self._charset)[:_TITLE_MAX]
            return Error(number, text, mends)
        from phone.wire.unshown import unshown  # seldom wanted: it costs no memory until then

        return unshown(self._root, self._kind)

    # --- the sink of XmlReader -----------------------------------------------------------------

    row = b"<MenuItem> <Name> </Name> <URL> </URL> </MenuItem>"  # as nearly every server writes an item

    def take(self, name, url):
        """A whole item of a menu, in one. False: it needs more care, and comes as tags and text."""
        if len(name) > NAME_MAX or len(url) > URL_MAX or len(self._items) >= ITEMS_MAX:
            return False
        raw = b"\0".join((name, url))
        data = raw.replace(b"&amp;", b"&")
        text = ""
        try:  # plain ASCII without other references, as most is: each look is a loop in C
            folded = min(name) > 31 and name[0] != 32 != name[-1] and b"  " not in name
            if folded and min(url) > 32 and len(raw) - len(data) == 4 * data.count(b"&"):
                text = str(data, "utf-8")
        except ValueError:  # one is empty, or no UTF-8
            pass
        if len(text) != len(data) or "\x7f" in text:
            if strays(raw)[0]:
                return False
            text = menu_item(clean(name, self._charset), clean(url, self._charset))
        self._item = None
        self._items.append(text)
        return True

    def start(self, name, tag):
        if self._root is None:
            self._root = name_of(tag)
            self._charset = self._charset or self._xml.encoding
            self._object = _OBJECTS.get(name, Unshown)
            if self._object is Error:
                self._fields[b"number"] = attribute(tag, b"number")
                self.taking = b"error"
        elif b" %s " % name in _FIELDS:
            if self.taking:  # its end tag was forgotten
                self.end(self.taking)
            self.taking = name
            self._value = bytearray()
            self._over = False
        elif name in _ITEMS:
            self._item = {}
            self.taking = b""

    def text(self, data, literal):
        if literal:
            data = data.replace(b"&", b"&amp;")
        if self.taking == b"text" and self._item is None:
            self._lines.add(data, False, self._charset)
        elif self.taking:
            self._over = self._over or len(self._value) + len(data) > _FIELD_MAX
            self._value.extend(data[: _FIELD_MAX - len(self._value)])

    def end(self, name):
        if name != self.taking:
            if name in _ITEMS and self._item is not None:
                if name == _ITEMS[0]:
                    self._keep("items", self._items, ITEMS_MAX, NAME_MAX)
                else:
                    self._keep("softkeys", self._softkeys, SOFTKEYS_MAX, _TITLE_MAX)
            return
        self.taking = b""
        if name == b"text" and self._item is None:
            return
        fields = self._fields if self._item is None else self._item
        if name == b"url" and self._xml.broken:  # it may go on: half a link is another command
            self._over = True
        value = bytes(self._value)
        if self._over and self._long(name):
            value = b""
        if name not in fields:  # the first counts; a second Title is a slip
            fields[name] = value

    def _keep(self, what, kept, most, name_most):
        """The item or softkey that is over, among what is `kept` of its kind."""
        item, self._item = self._item, None
        if len(kept) >= most:
            self._cut("%s after the first %d" % (what, most))
            return
        name = self._text_of(item, b"name", name_most)
        url = self._text_of(item, b"url", URL_MAX)
        if kept is self._items:
            kept.append(menu_item(name, url))
            return
        try:
            position = int(item.get(b"position", b"").strip())
        except ValueError:
            position = 0
        kept.append(SoftKey(name, position, url, ""))

    def _text_of(self, fields, name, most):
        text = clean(fields.get(name, b""), self._charset)
        if len(text) > most:
            text = "" if self._long(name) else text[:most]
        return text

    def _long(self, name):
        """Say that a field was cut. A link is not there at all then: True."""
        self._cut(_LONG_LINK if name == b"url" else "a long %s" % str(name, "ascii"))
        return name == b"url"

    def _cut(self, what):
        if what not in self._cuts:
            self._cuts.append(what)
