"""What a page that is neither Menu nor Text has beside what wire/page.py reads of all.

A new object is one record (records.py), one row in wire/makers.py, one view (ui/views.py).
"""

from phone import rare, records
from phone.wire.makers import CELLS, RECORDS, number
from phone.wire.tag import attribute, name_of
from phone.wire.text import strays

# What a root begins with; the second is a slip of the published schema.
_CISCO = b"ciscoipphone", b"ciscoiphone"
# An entry of a directory is an item of a menu with a number in the place of the link.
_ENTRIES = {b"directoryentry": b"menuitem", b"telephone": b"url"}
# What matters beside what wire/page.py has: elements whose text does, and those that hold such ones.
_FIELDS = (b"iconindex displayname querystringparam inputflags defaultvalue locationx locationy width height "
           b"depth data index timer telephone priority status ")  # fmt: skip
_OWN = (b"password", b"required")  # attributes only
_CELLS = b"inputitem iconitem executeitem responseitem "
_PLACE_MAX = 4095  # pixels: beyond any display
_STRANGE_MAX = 100  # elements before a page: three warnings of PHP's in tables
_ATTRIBUTES_MAX = 12  # of one tag


def kind_of(name, tag):
    """(object, names) of a root: of wire/makers.py, or b"" where the page is within it, or anything that is
    none; and what its elements are in our words, a dict.

    name: plain, in lower case; tag: the whole start tag. A root that runs into its first attribute
    (<CiscoIPPhoneImageFileWindowMode="Normal">) is the longest that fits.
    """
    if not name.startswith(_CISCO):
        from phone.wire.families import known

        return known(name)
    kind = name[len(_CISCO[0] if name.startswith(_CISCO[0]) else _CISCO[1]) :]
    if kind not in RECORDS and tag[len(name_of(tag)) :].startswith(b"="):
        fitting = [ours for ours in RECORDS if kind.startswith(ours)]
        kind = max(fitting, key=len) if fitting else None
    return kind, {}


def begin(page, name, tag):
    """Say in a PageReader what page begins with this element: its `object`, and what reads it, `more`."""
    kind, names = kind_of(name, tag)
    if kind == b"":  # the first page in it counts
        page.xml.base = -1
        return
    if kind not in RECORDS:
        _strange(page, name, tag)
        return
    if page.xml.base < 0:
        page.xml.found()
        if not page.root.lower().endswith(b"batch"):
            page.root = name_of(tag)
            page.xml.mend("other elements before the page")
    page.object, _, page.most, page.name_most = RECORDS[kind]
    if page.object is rare.Directory:
        names.update(_ENTRIES)
        page.row = b"<DirectoryEntry> <Name> </Name> <Telephone> </Telephone> </DirectoryEntry>"
    if names or page.object not in (records.Menu, records.Text):
        page.more = More(page, kind, names)
        page.names += _FIELDS
        page.cells += _CELLS
    if page.object is records.Error:
        page.fields[b"number"] = attribute(tag, b"number")
        page.taking = b"error"
    elif kind == b"input" and names:  # it may be of one field
        attributes(tag, page, page.fields)


def _strange(page, name, tag):
    """A root that is none of ours: a web page, or something before the page, such as a warning of PHP's."""
    if page.kind == "text/html":
        from phone.wire.foreign import Html

        page.xml.base = -1  # a page may come behind it
        page.object = records.Text
        page.more = Html(page)
        page.more.start(name, tag)
        return
    page.xml.base -= 1
    if name == b"html" or page.xml.base < -_STRANGE_MAX:
        page.object = records.Unshown


def attributes(tag, page, fields=None):
    """What a tag says in attributes that others say in elements, into these fields, or those of the item."""
    fields = page.item if fields is None else fields
    for part in tag.split(b"=", _ATTRIBUTES_MAX)[:-1]:
        at = len(part.rstrip())
        end = at
        while at and part[at - 1 : at].isalpha() or at and part[at - 1 : at].isdigit():
            at -= 1
        name = part[at:end].lower()
        value = attribute(tag, name) if name else b""
        if value:
            count, _ = strays(value)
            if count:
                page.xml.mend("& stands for itself in an attribute")
            if page.more:
                name = page.more.named(name)
            if name not in fields and (b" %s " % name in page.names or name in _OWN):
                fields[name] = value


class More:
    """Beside a PageReader, for one page. kind: of wire/makers.py; names: their elements -> our words."""

    def __init__(self, page, kind, names):
        self.page = page
        self.kind = kind
        self.names = names
        self.post = False
        self.cells = []  # items that are no lines of a menu, as records
        self._element = b""  # of the item that is open
        self._pixels = None

    def named(self, name):
        """The plain name of an element or attribute in our words."""
        if not self.names:
            return name
        inner = self._element if self.page.item is not None else b""
        return self.names.get(inner + b" " + name) or self.names.get(name, name)

    def start(self, name, tag):
        """An element begins; its name for the PageReader."""
        page = self.page
        name = self.named(name)
        if name.endswith(b"item") or name == b"softkey":
            self._element = name
        elif name == b"url" and page.item is None:
            self.post = attribute(tag, b"method").lower() == b"post"
        elif name == b"data" and page.object is not rare.Response:
            fields = page.fields if page.item is None else page.item
            from phone.wire.pixels import Pixels

            self._pixels = Pixels(number(page, fields, b"depth", 0, 0, 2))
        elif name == b"toucharea":
            self._touch(tag)
        return name

    def text(self, data):
        """A run of text; what is left of it for the PageReader."""
        if self.page.taking != b"data" or not self._pixels:
            return data
        self._pixels.add(data)
        return b""

    def end(self, name):
        name = self.named(name)
        if name == b"data" and self._pixels:
            fields = self.page.fields if self.page.item is None else self.page.item
            if b"pixels" not in fields:
                fields[b"pixels"] = self._pixels
            self._pixels = None
        elif name == b"text" and self.names:  # one of many lines
            self.page.lines.add(b"\n", True, self.page.charset)
        return name

    def beside(self, item):
        """An item is over: mend its fields; what it has beside name and link, "" where nothing."""
        if b"uri" in self.names:  # of another family
            from phone.wire.families import tidy

            tidy(item)
        if b"area" in item:
            return item[b"area"]
        index = item.get(b"iconindex", b"").strip()
        return str(int(index)) if index.isdigit() and len(index) < 3 else ""

    def keep(self, name, item):
        """An item that is no line of a menu is over."""
        element, make, most, what = CELLS.get(self.page.object, (b"", None, 0, ""))
        if name != element:  # of another object
            return
        if len(self.cells) >= most:
            self.page.cut("%s after the first %d" % (what, most))
        else:
            self.cells.append(make(self.page, item))

    def record(self, title, prompt, text, softkeys):
        return RECORDS[self.kind][1](self, self.page, title, prompt, text, softkeys)

    def _touch(self, tag):
        """A touch area, in its item or, a slip, behind it."""
        page = self.page
        places = []
        for name in (b"x1", b"x2", b"y1", b"y2"):
            value = attribute(tag, name).strip()
            if not value.isdigit() or len(value) > 5:
                page.xml.mend("a TouchArea without four numbers")
                return
            places.append(min(int(value), _PLACE_MAX))
        x1, x2, y1, y2 = places
        area = "%d,%d,%d,%d" % (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        if page.item is not None:
            page.item[b"area"] = area
        elif page.items and not records.more_of(page.items[-1]):
            page.items[-1] += "\0" + area
            page.xml.mend("a TouchArea outside of its MenuItem")
