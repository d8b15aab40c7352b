"""From the bytes of a service page to a record of records.py, as they arrive.

    reader = PageReader(content_type); reader.feed(view) until reader.done or the body ends
    record = reader.finish()           any record of a page, or Unshown with a sentence

Children may come in any order, in any letters and at any depth. What is above a limit is left out and
said in `mends.cut`: a page is never refused for its size. Only a link is never shortened, because
a shortened link would be another command: its item stays and does nothing. Menus and texts are read here;
what other pages have beside them is read by wire/objects.py, which comes with the first such page.
"""

from micropython import const

from phone.records import Mends, Menu, Text, Unshown, menu_item
from phone.wire.lines import Lines
from phone.wire.tag import name_of
from phone.wire.text import clean, strays
from phone.wire.xml import XmlReader

# Limits of the vocabulary (services-xml.md section 2), in characters and pieces.
TITLE_MAX = 32
NAME_MAX = const(64)
ITEMS_MAX = const(100)
URL_MAX = const(1024)  # the vocabulary has 256; this is what a request line of ours may hold
# Bytes of one field kept until its end: a URL, white space around it included.
_FIELD_MAX = const(1536)
_KEYS_MAX = const(49)  # 16 softkeys, 32 keys, and one that is too many: wire/softkeys.py counts them

_LONG_LINK = "a link of more than %d characters" % URL_MAX
# Elements whose text matters, by their plain names, and those that hold such ones again and again.
_FIELDS = b" title prompt name url position text key urldown "
_ITEMS = b" menuitem softkeyitem softkey keyitem "
_OBJECTS = {b"ciscoipphonemenu": Menu, b"ciscoipphonetext": Text}


class PageReader:
    """`content_type`: the header field as str, its charset included; None where there was none."""

    row = b"<MenuItem> <Name> </Name> <URL> </URL> </MenuItem>"  # as nearly every server writes an item
    most = ITEMS_MAX  # of items
    name_most = NAME_MAX  # characters; a name of so many may have up to three lines
    names = _FIELDS
    cells = _ITEMS

    def __init__(self, content_type=None):
        kind, _, rest = (content_type or "").lower().partition(";")
        self.charset = rest.partition("charset=")[2].partition(";")[0].strip(" \"'").encode()
        self.kind = kind.strip()
        self.done = False  # nothing that follows can matter
        self.xml = XmlReader(self)
        self._foreign = None  # what makes XML of the bytes that come; False where they are XML
        self.root = None  # its name as written, once it came
        self.object = None  # a class of records, Unshown where the root is another
        self.more = None  # what reads the rest of it, where it is none of _OBJECTS
        self.fields = {}  # of the page
        self.item = None  # fields of the item or softkey that is open, else None
        self.items = []
        self._softkeys = []
        self.taking = b""  # name of the field that is open: text matters
        self.value = bytearray()
        self._over = False  # the field was longer than _FIELD_MAX
        self.lines = Lines()
        self._cuts = []

    def feed(self, view):
        if self._foreign is None and len(view):
            self._foreign = False
            if view[0] not in b"< \r\n\t" or self.kind in ("text/plain", "text/html"):
                from phone.wire.foreign import Foreign

                self._foreign = Foreign(self)
        if self._foreign:
            view = self._foreign.feed(view)
        if not self.done:
            self.xml.feed(view)
            self.done = self.xml.done or self.object is Unshown

    def finish(self, whole=True):
        """The record. `whole`: nothing of the page was left out before it came here."""
        if self._foreign and not self.done:
            self.xml.feed(self._foreign.finish())
        self.xml.finish()
        if not whole:
            self.cut("the page is too long")
        title, prompt = [self.text_of(self.fields, name, TITLE_MAX) for name in (b"title", b"prompt")]
        text = self.lines.take(self.charset)
        if self.lines.full:
            self.cut("the end of a long text")
        softkeys = ()
        if self._softkeys:
            from phone.wire.softkeys import placed

            softkeys = placed(self._softkeys, self)
        if self.object in (Menu, Text):
            body = tuple(self.items) if self.object is Menu else text
            return self.object(title, prompt, body, softkeys, self.mends())
        if self.more:
            return self.more.record(title, prompt, text, softkeys)
        from phone.wire.unshown import unshown  # seldom wanted: it costs no memory until then

        return unshown(self.root, self.kind)

    def mends(self):
        """What there is to say of how it was read; the last thing that is asked."""
        xml, root = self.xml, clean(self.root or b"", b"")
        return Mends(xml.mends, xml.first, ", ".join(self._cuts), root[:NAME_MAX])

    # --- the sink of XmlReader -----------------------------------------------------------------

    def take(self, name, url):
        """A whole item of a menu, in one. False: it needs more care, and comes as tags and text."""
        fits = len(name) <= self.name_most and len(url) <= URL_MAX and len(self.items) < self.most
        if not fits or self.object is None:
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
            if strays(raw)[0] or _has_lines(name):
                return False
            text = menu_item(clean(name, self.charset), clean(url, self.charset))
        self.item = None
        self.items.append(text)
        return True

    def start(self, name, tag):
        if self.object is None:  # the root, or what is in a root that only holds it
            self.root = self.root or name_of(tag)
            self.charset = self.charset or self.xml.encoding
            if not self.xml.base:
                self.object = _OBJECTS.get(name)
            if self.object is None:
                from phone.wire.objects import begin

                begin(self, name, tag)
            return
        if self.more:
            name = self.more.start(name, tag)
        padded = b" %s " % name
        if padded in self.names:
            if self.taking:  # its end tag was forgotten
                self.end(self.taking)
            self.taking = name
            self.value = bytearray()
            self._over = False
        elif name == b"br":  # of a server that thinks of a web page
            self.text(b"\n", False)
        elif padded in self.cells:
            self.item = {}
            self.taking = b""
            if b"=" in tag:
                from phone.wire.objects import attributes

                attributes(tag, self)

    def text(self, data, literal):
        if literal:
            data = data.replace(b"&", b"&amp;")
        if self.more:
            data = self.more.text(data)
        if self.taking == b"text" and self.item is None:
            self.lines.add(data, False, self.charset)
        elif self.taking:
            self._over = self._over or len(self.value) + len(data) > _FIELD_MAX
            self.value.extend(data[: _FIELD_MAX - len(self.value)])

    def end(self, name):
        if self.more:
            name = self.more.end(name)
        if name != self.taking:
            if self.item is not None and b" %s " % name in self.cells:
                self._keep(name)
            return
        self.taking = b""
        if name == b"text" and self.item is None:
            return
        fields = self.fields if self.item is None else self.item
        if name == b"url" and self.xml.broken:  # it may go on: half a link is another command
            self._over = True
        if name not in fields:  # the first counts; a second Title is a slip
            fields[name] = b"" if self._over and self._long(name) else bytes(self.value)

    def _keep(self, name):
        """The item or softkey of that name is over."""
        item, self.item = self.item, None
        more = self.more.beside(item) if self.more else ""
        if name in (b"softkeyitem", b"softkey", b"keyitem"):
            if len(self._softkeys) < _KEYS_MAX:
                self._softkeys.append((name, item))
        elif name != b"menuitem":
            self.more.keep(name, item)
        elif len(self.items) >= self.most:
            self.cut("items after the first %d" % self.most)
        else:
            if b"name" not in item:  # the word of other families, and found in pages of this one
                item[b"name"] = item.get(b"prompt", b"")
            label = self.text_of(item, b"name", self.name_most)
            self.items.append(menu_item(label, self.text_of(item, b"url", URL_MAX), more))

    def text_of(self, fields, name, most):
        """A field as clean str of at most so many characters."""
        raw = fields.get(name, b"")
        text = clean(raw, self.charset)
        if most == NAME_MAX and _has_lines(raw):
            from phone.wire.name_lines import name_of_lines

            text = name_of_lines(raw, self.charset)
        if len(text) > most:
            text = "" if self._long(name) else text[:most].rstrip()
        return text

    def _long(self, name):
        """Say that a field was cut. A link is not there at all then: True."""
        self.cut(_LONG_LINK if name == b"url" else "a long %s" % str(name, "ascii"))
        return name == b"url"

    def cut(self, what):
        """Say that something was left out."""
        if what not in self._cuts:
            self._cuts.append(what)


def _has_lines(raw):
    """Whether a name is more than one line, written as such or by references."""
    return b"\n" in raw.strip() or b"\r" in raw.strip() or b"&#1" in raw
