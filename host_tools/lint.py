"""What a commercial phone would refuse in a service page, and how it would fail: `everline lint`.

This phone shows nearly anything (wire/page.py); others have a strict parser, a schema, or limits of their
own. So a page is looked at twice: by the firmware (host_tools/render.py: is it shown at all), and here by a
strict parser against the published vocabulary. Each finding has a line and a column, says what is wrong, and
which phones do what about it. Sources: the vendor's application notes and XSDs (services-xml.md).
"""

import json
import re
from itertools import islice
from typing import NamedTuple
from xml.parsers import expat

from host_tools import vocabulary
from host_tools.render import ROOTS, SENTENCES_MAX, Renderer, printable, sentence
from host_tools.source import PAGE_MAX, Refused, fetch
from host_tools.vocabulary import Child, Part

_ANY = "every phone says XML Error[4]"
_NEWER = "phones with the newer parser (8.3(2) up) say XML Error[4]"
_SCHEMA = "6900 phones, which validate, say XML Error [4]: Parse Error"
_CUT = "others cut it"
_DEPTH_MAX = 64  # of a tree that is kept: no object is deeper than four


# What may hold an & as it is, and an & with the name behind it, "" where none is.
_QUOTED = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.S)
_AMPERSAND = re.compile(rb"&(?!#\d+;|#x[0-9A-Fa-f]+;)(?:([A-Za-z][\w.]*);)?")
_NAMED = ("amp", "lt", "gt", "quot", "apos")


class Finding(NamedTuple):
    """`what` is wrong at a line and a column, counted from 1; `how` a phone fails."""

    line: int
    column: int
    what: str
    how: str

    def __str__(self) -> str:
        return sentence("line %d, column %d: %s: %s" % (self.line, self.column, self.what, self.how))


class Element:
    """One element of a page: its place, and what stands in it."""

    def __init__(self, name, attributes, line, column):
        self.name, self.attributes = name, attributes
        self.line, self.column = line, column
        self.children, self.text = [], ""


class _Stop(Exception):
    pass


class Tree:
    """A page by a strict parser: `root`, None where none began, and `findings` of what is no XML."""

    def __init__(self, body: bytes, charset: str):
        self.root, self.findings = None, []
        self._open = []
        self._parser = parser = expat.ParserCreate(charset or None)
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity  # never expanded: one page could become gigabytes
        try:
            parser.Parse(body, True)
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            self.findings.append(Finding(error.lineno, error.offset + 1, "this is no XML: " + what, _ANY))
        except (_Stop, ValueError, LookupError) as problem:  # an encoding that Python lacks, or refuses
            self._find("this cannot be read: %s" % problem, _ANY)
        self.open = len(self._open)  # how many elements were open where it broke off

    def _find(self, what, how) -> None:
        parser = self._parser
        self.findings.append(Finding(parser.CurrentLineNumber, parser.CurrentColumnNumber + 1, what, how))

    def _start(self, name, attributes):
        if len(self._open) > _DEPTH_MAX:
            raise _Stop("it is nested deeper than any page")
        parser = self._parser
        found = Element(name, attributes, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        if self._open:
            self._open[-1].children.append(found)
        self.root = self.root or found
        self._open.append(found)

    def _end(self, _name):
        self._open.pop()

    def _text(self, data):
        if self._open:
            self._open[-1].text += data

    def _entity(self, *_):
        raise _Stop("no phone knows entities of a page's own")


class Check:
    """The findings of one page."""

    def __init__(self, body: bytes, kind=None):
        self.findings = []
        charset = self._charset(body, kind)
        if len(body) > PAGE_MAX:
            self._at(None, "the page has more than %d bytes" % PAGE_MAX, "6900 phones say Data too large!")
        tree = Tree(self._references(body), charset)
        self.findings += tree.findings
        if tree.root is None:
            return
        self._whole = not tree.findings
        self._object = ROOTS.get(tree.root.name.lower())
        self._root(tree.root)

    def _at(self, element, what, how) -> None:
        line, column = (element.line, element.column) if element else (1, 1)
        self.findings.append(Finding(line, column, what, how))

    def _charset(self, body, kind) -> str:
        """The encoding to parse it in, "" for what the page says; says what is wrong with it."""
        named = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", kind or "", re.I)
        declared = re.match(rb"\s*(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)", body)
        name = named[1] if named else declared[1].decode() if declared else ""
        if name and name.lower() not in ("utf-8", "iso-8859-1", "us-ascii"):
            self._at(None, "the encoding is %s" % name, "phones know UTF-8 and ISO-8859-1 only")
        try:
            body.decode()
        except UnicodeDecodeError as error:
            if not name or name.lower() == "utf-8":
                line = body.count(b"\n", 0, error.start) + 1
                column = error.start - body.rfind(b"\n", 0, error.start)
                what = "this byte is no UTF-8, and nothing says what else it is"
                self.findings.append(Finding(line, column, what, _ANY))
                return "iso-8859-1"
        return named[1] if named else ""

    def _references(self, body) -> bytes:
        """The page with a + for each & that begins no reference: a strict parser goes on behind it, and
        places stay what they are."""
        whole = bytearray(body)
        for found in _QUOTED.finditer(body):
            whole[found.start() : found.end()] = found[0].replace(b"&", b"+")
        for found in islice(_AMPERSAND.finditer(bytes(whole)), SENTENCES_MAX):
            name = (found[1] or b"").decode(errors="replace")
            if name in _NAMED:
                continue
            what = "&%s; is no name of XML's" % name if name else "& stands for itself: it is written &amp;"
            line = body.count(b"\n", 0, found.start()) + 1
            column = found.start() - body.rfind(b"\n", 0, found.start())
            self.findings.append(Finding(line, column, what, _ANY))
            whole[found.start()] = ord("+")
        return bytes(whole)

    def _root(self, root) -> None:
        if self._object is None:
            self._at(root, "<%s> is none of the objects" % root.name[:40], _ANY)
            return
        if root.name != self._object:
            what = "<%s> is written <%s>" % (root.name[:40], self._object)
            self._at(root, what, "names are case-sensitive: " + _ANY)
        self._part(root, vocabulary.OBJECTS[self._object])
        for name, value in root.attributes.items():
            if name.startswith("on"):
                self._handlers(root, name, value)
        if self._object == "CiscoIPPhoneExecute":
            urls = [item.attributes.get("URL", "") for item in root.children]
            if sum(url.lower().startswith(("http:", "https:")) for url in urls) > 1:
                self._at(root, "more than one http URL in an Execute", "phones refuse the others")
        self._softkeys([child for child in root.children if child.name == "SoftKeyItem"])
        if "Width" in {child.name for child in root.children}:
            self._pixels(root)
        for item in root.children:
            if item.name == "IconItem" and any(child.name == "Data" for child in item.children):
                self._pixels(item)

    def _part(self, element, part: Part) -> None:
        """The children of an element against those that it may have: which, how many, in which order."""
        if part.children and element.text.strip():
            self._at(element, "text stands in <%s> by itself" % element.name, _SCHEMA)
        seen, last = {}, 0
        for child in element.children:
            found = self._child(element, child, part)
            if found is None:
                continue
            at, allowed = found
            seen[allowed.name] = seen.get(allowed.name, 0) + 1
            if seen[allowed.name] == allowed.most + 1:
                what = "<%s> number %d, %d allowed" % (allowed.name, allowed.most + 1, allowed.most)
                self._at(child, what, _SCHEMA + "; others leave out the rest")
            if part.ordered and at < last:
                what = "<%s> stands after <%s>" % (allowed.name, part.children[last].name)
                self._at(child, what, "the order is wrong: " + _SCHEMA)
            last = max(last, at)
            self._value(element, child, allowed)
            if allowed.part:
                self._part(child, vocabulary.PARTS[allowed.part])
        if self._whole:
            self._missing(element, part, seen)

    def _child(self, element, child, part):
        """(place, Child) of what is allowed under this name, None where nothing is."""
        for at, allowed in enumerate(part.children):
            if allowed.name == child.name:
                return at, allowed
        for at, allowed in enumerate(part.children):
            if allowed.name.lower() == child.name.lower():
                self._at(child, "<%s> is written <%s>" % (child.name[:40], allowed.name),
                         "names are case-sensitive: older phones pass it over, " + _NEWER)
                return at, allowed
        self._at(child, "<%s> is unknown in <%s>" % (child.name[:40], element.name), _NEWER)
        return None

    def _missing(self, element, part, seen) -> None:
        for allowed in part.children:
            if allowed.how and not seen.get(allowed.name):
                self._at(element, "<%s> has no <%s>" % (element.name, allowed.name), allowed.how)
        for name, how in part.attributes.items():
            if how and name not in element.attributes:
                self._at(element, "<%s> has no %s" % (element.name, name), how)
        for name, value in element.attributes.items():
            if name == "URL":
                self._url(element, value, False)
            elif name in ("X1", "Y1", "X2", "Y2") and not re.fullmatch(r"\d{1,4}", value):
                self._at(element, '%s="%s" is no number' % (name, value[:20]), _NEWER)
            elif name == "Priority" and value not in ("", "0", "1", "2"):
                self._at(element, 'Priority="%s" is none of 0, 1, 2' % value[:20], _ANY)

    def _value(self, element, child, allowed: Child) -> None:
        """The text of a leaf: its length, its number, its URL, its letters."""
        text = child.text.strip() if allowed.low is not None else child.text
        if allowed.long and len(text) > allowed.long:
            what = "<%s> has %d characters, %d are allowed" % (allowed.name, len(text), allowed.long)
            self._at(child, what, "%s; %s" % (_SCHEMA, _CUT))
        if allowed.low is not None and text:
            number = int(text) if re.fullmatch(r"-?\d{1,6}", text) else None
            fits = number is not None and allowed.low <= number <= allowed.high
            if not fits or allowed.name == "Position" and not number:
                wanted = "it is %d to %d" % (allowed.low, allowed.high)
                self._at(child, "<%s>%s</%s>: %s" % (child.name, text[:20], child.name, wanted), _NEWER)
        if allowed.name in ("URL", "URLDown"):
            self._url(child, child.text.strip(), allowed.name == "URLDown")
        if allowed.name == "InputFlags" and not re.fullmatch(vocabulary.FLAGS, child.text.strip()):
            what = 'InputFlags "%s" is none of A T N E U L, with or without P' % child.text.strip()[:20]
            self._at(child, what, "%s; older phones take any letter" % _NEWER)

    def _url(self, element, url, internal) -> None:
        if len(url) > vocabulary.URL_MAX:
            what = "a URL of %d characters, %d are allowed" % (len(url), vocabulary.URL_MAX)
            self._at(element, what, "%s; %s" % (_SCHEMA, _CUT))
        scheme, colon, rest = url.partition(":")
        plain = scheme.lower()
        if plain in ("http", "https"):
            if internal:
                self._at(element, "URLDown names a page", "it may hold internal URIs only: " + _NEWER)
            path = re.sub(r"^//[^/?]*", "", rest).partition("?")[0]
            if len(path) > vocabulary.URL_PATH_MAX:
                what = "a path of %d characters, %d are allowed" % (len(path), vocabulary.URL_PATH_MAX)
                self._at(element, what, "6900 phones say Filename too long!")
            if " " in url:
                self._at(element, "a blank in a URL", "phones ask for half of it, or for nothing")
        elif colon and re.fullmatch(r"[A-Za-z]\w*", scheme):
            known = vocabulary.INTERNAL.get(plain)
            if known and known != scheme:
                self._at(element, "%s: is written %s:" % (scheme, known), "phones do nothing")
            if plain == "softkey":
                self._softkey(element, rest)

    def _softkey(self, element, name) -> None:
        words = {word.lower(): (word, where) for word, where in vocabulary.SOFTKEYS.items()}
        word, where = words.get(name.strip().lower(), ("", ()))
        if not word:
            self._at(element, '"SoftKey:%s" is no built-in softkey' % name[:20], "the key does nothing")
        elif word != name:
            what = '"SoftKey:%s" is written SoftKey:%s' % (name[:20], word)
            self._at(element, what, "the key does nothing")
        elif where and self._object not in where:
            self._at(element, "SoftKey:%s is not for %s" % (word, self._object), "the key does nothing")

    def _handlers(self, root, name, value) -> None:
        if name == "onAppClosed" and "http" in value.lower():
            self._at(root, "onAppClosed names a page", "it may hold internal URIs only: " + _NEWER)
        for url in value.split(";"):
            self._url(root, url.strip(), False)

    def _softkeys(self, keys) -> None:
        taken = set()
        for child in [child for key in keys for child in key.children if child.name == "Position"]:
            place = child.text.strip()
            if place in taken:
                self._at(child, "a second softkey at position %s" % place[:8], "one of them is not shown")
            taken.add(place)

    def _pixels(self, element) -> None:
        """Whether Data is as long as Width, Height and Depth want it."""
        values = {child.name: child for child in element.children}
        if not {"Width", "Height", "Depth", "Data"} <= set(values):
            return
        sizes = [values[name].text.strip() for name in ("Width", "Height", "Depth")]
        if not all(re.fullmatch(r"\d{1,4}", size) for size in sizes):
            return
        width, height, depth = map(int, sizes)
        data = values["Data"]
        digits = data.text.strip()
        if not re.fullmatch(r"[0-9A-Fa-f]*", digits):
            self._at(data, "Data is not of hexadecimal digits alone", "the picture is garbage")
            return
        wanted = (width * height * depth + 7) // 8 * 2
        if len(digits) != wanted:
            sizes = (len(digits), width, height, depth, wanted)
            what = "Data has %d digits, %dx%d at %d bits want %d" % sizes
            self._at(data, what, "the picture is garbage")


def check(body: bytes, kind=None) -> list:
    """The Findings of a page, by place."""
    return sorted(Check(body, kind).findings)


def everything(names, board, as_json, say) -> int:
    """Look at the files and URLs and say what was found; the exit code: 1 where a phone would refuse one."""
    code = 0
    with Renderer(board) as renderer:
        for name in names:
            result, _ = renderer.render(name, draw=False)
            try:
                source = fetch(name)
                findings = check(source.body, source.kind)
            except Refused:
                findings = []
            code = code or bool(findings or result["error"])
            found = [str(finding) for finding in findings]
            if as_json:
                places = [finding._asdict() for finding in findings]
                say(json.dumps({"file": name, "object": result["object"], "error": result["error"],
                                "findings": places}))
                continue
            if result["error"]:
                say("%s: %s" % (printable(name), result["error"]))
            for text in found:
                say("%s: %s" % (printable(name), text))
            if not found and not result["error"]:
                say("%s: %s, as every phone wants it." % (printable(name), result["object"]))
    return int(code)
