"""Service pages as the phone would show them, without a phone: `everline render` and `everline lint`.

    with Renderer(display="320x240") as renderer:
        result, image = renderer.render("menu.xml")          # a file, or an http URL

The firmware's own reader, views and painter run in one process on the unix port (render_case.py), as they
ship. A page over which they hang or die costs that page only: the next one gets a new process.

A result is a dict, in this order:

    file        as it was named
    object      the root element, "CiscoIPPhoneMenu"; None where the page cannot be shown
    title       of the page, "" where it has none
    items       how many items, entries, fields or commands it has
    mended      what had to be mended, sentences with line and column
    truncated   what was left out or cut, sentences
    error       why it cannot be shown, a sentence; None where it can be
    ms          for reading, laying out and drawing, on this machine; None where it did not come to that
"""

import json
import os
import re
import selectors
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from host_tools import build, children, strict
from host_tools.phone import HEAP, interpreter
from host_tools.picture import Picture
from host_tools.problem import Problem
from host_tools.source import PAGE_MAX, Refused, fetch

CASE = Path(__file__).with_name("render_case.py")
MARK = "\x1e"
DISPLAYS = ("320x240", "128x64")
# The longest legal page takes a tenth of a second: what takes that long never ends.
PAGE_SECONDS = 10.0
START_SECONDS = 20.0  # on a machine with other work
# What the process may say of one page before it counts as broken: 2 MB are fifty of the largest.
SAID_MAX = 2 << 20
# Sentences of one page: more help nobody, and a page of 192 KB may hold 50,000 mistakes.
SENTENCES_MAX = 100
ENDS = ": the page ends before "  # as wire/xml.py
LEFT_OUT = ": left out: "  # as wire/page.py says it, behind the place
# Root names as the vocabulary writes them, by their small letters.
ROOTS = {("ciscoipphone" + name).lower(): "CiscoIPPhone" + name for name in (
    "Menu", "Text", "Input", "Directory", "Image", "ImageFile", "GraphicMenu", "GraphicFileMenu", "IconMenu",
    "IconFileMenu", "Status", "StatusFile", "Execute", "Response", "Error")}  # fmt: skip


class Gone(Exception):
    """The process said nothing in time, or is no more; the sentence says which."""


class Renderer:
    """The firmware at a display. `board` is one of boards/; Problem where there is no such thing."""

    def __init__(self, board: str = "unix", display: str = DISPLAYS[0]):
        if display not in DISPLAYS:
            raise Problem("There is no display %r. There are: %s." % (display, ", ".join(DISPLAYS)), 2)
        self._folder = build.build(board)
        self._guest = build.guest(CASE, board)
        self.width, self.height = [int(size) for size in display.split("x")]
        self._display = display
        self._child = self._selector = None
        self._rest = b""
        self._scratch = tempfile.TemporaryDirectory(prefix="everline-")

    def __enter__(self) -> "Renderer":
        return self

    def __exit__(self, *_) -> None:
        self._end()
        self._scratch.cleanup()

    def render(self, name: str, draw: bool = True, label: str = "A", keys: str = ""):
        """(result, PIL image or None) of a file or URL. `keys` are pressed before it is drawn."""
        try:
            source = fetch(name)
        except Refused as refusal:
            return _result(name, error=str(refusal)), None
        path = Path(self._scratch.name) / "page"
        path.write_bytes(source.body[:PAGE_MAX])
        job = {"path": str(path), "kind": source.kind, "whole": len(source.body) <= PAGE_MAX, "label": label,
               "draw": draw, "keys": keys}
        picture = Picture(self.width, self.height) if draw else None
        try:
            said = self._ask(job, source, picture)
            if "lacks" in said:  # other pages were here before; a phone that has just started has more room
                self._end()
                said = self._ask(job, source, picture)
        except Gone as gone:
            self._end()
            return _result(name, error=str(gone)), None
        if "lacks" in said:
            return _result(name, error="The page needs more memory than the phone has."), None
        if "broken" in said:
            return _result(name, error="The phone makes a mistake on this page: %s." % said["broken"]), None
        result = _told(name, said)
        if result["object"] and not result["mended"] and said["root"].lower() not in ("", "text", "html"):
            result["mended"] = [sentence(text) for text in [strict.stop(source.body, source.charset)] if text]
        return result, picture.image() if draw else None

    def _ask(self, job, source, picture) -> dict:
        """What the process says at last of a page; bands go into the picture on the way."""
        self._start()
        self._write(job)
        late = time.monotonic() + PAGE_SECONDS
        while True:
            said = self._line(late, "The phone does not come to an end with this page.")
            if "band" in said:
                if picture:
                    picture.put(said["band"])
            elif "want" in said:
                begun = time.monotonic()
                self._write({"path": self._beside(source, said["want"])})
                late += time.monotonic() - begun
            else:
                return said

    def _beside(self, source, url):
        """The path of a picture that a page names, None where it cannot be had."""
        try:
            body = fetch(source.beside(url), picture=True).body
        except Refused:
            return None
        path = Path(self._scratch.name) / "picture"
        path.write_bytes(body[:PAGE_MAX])
        return str(path)

    def _start(self) -> None:
        if self._child and self._child.poll() is None:
            return
        self._end()
        command = [interpreter(), "-X", "heapsize=" + HEAP, str(self._guest), str(self._folder)]
        command.append(self._display)
        self._errors = open(Path(self._scratch.name) / "errors", "w+b")
        self._child = children.spawn(command, stdin=-1, stdout=-1, stderr=self._errors,
                                     env=dict(os.environ, MICROPYPATH="%s:.frozen" % self._folder))
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._child.stdout, selectors.EVENT_READ)
        self._rest = b""
        self._line(time.monotonic() + START_SECONDS, "The phone does not start.")

    def _end(self) -> None:
        if self._child:
            self._child.kill()
            self._child.wait()
            self._selector.close()
            for file in (self._child.stdin, self._child.stdout, self._errors):
                try:
                    file.close()
                except OSError:  # what was not written yet has no reader any more
                    pass
        self._child = None

    def _write(self, value) -> None:
        try:
            self._child.stdin.write(json.dumps(value).encode() + b"\n")
            self._child.stdin.flush()
        except OSError:
            raise Gone(self._last_words()) from None

    def _line(self, late, sentence) -> dict:
        """The next line that is meant for us; Gone with the sentence where none comes in time."""
        took = 0
        while True:
            line, mark, rest = self._rest.partition(b"\n")
            if mark:
                self._rest = rest
                if line.startswith(MARK.encode()):
                    try:
                        return json.loads(line[1:])
                    except ValueError:
                        raise Gone("The phone says what nobody understands.") from None
                continue
            if took > SAID_MAX or not self._selector.select(max(0, late - time.monotonic())):
                raise Gone(sentence)
            piece = os.read(self._child.stdout.fileno(), 65536)
            if not piece:
                raise Gone(self._last_words())
            took += len(piece)
            self._rest += piece

    def _last_words(self) -> str:
        """How the process ended."""
        code = self._child.wait()
        self._errors.seek(0)
        lines = self._errors.read().decode(errors="replace").strip().splitlines()
        words = "signal %d" % -code if code < 0 else "exit code %d" % code
        return "The phone dies of this page (%s%s)." % (words, ": " + lines[-1] if lines else "")


def _result(name, **more) -> dict:
    made = {"file": str(name), "object": None, "title": "", "items": 0, "mended": [], "truncated": [],
            "error": None, "ms": None}
    return {**made, **more}


def _told(name, said) -> dict:
    """The result from what the process said."""
    cuts = {}  # each with its first place
    for text in said["told"]:
        if LEFT_OUT in text:
            cuts.setdefault(text.partition(LEFT_OUT)[2], sentence(text))
    truncated = list(cuts.values())[:SENTENCES_MAX]
    mended = [text for text in said["told"] if LEFT_OUT not in text][:SENTENCES_MAX]
    if not said["shown"]:  # its reader did not wait for the end
        mended = [text for text in mended if ENDS not in text]
    mended = [sentence(text) for text in mended]
    if said["shown"] and said["mends"] > len(mended):
        mended.append("And %d more of that." % (said["mends"] - len(mended)))
    more = {"object": root(said["root"])} if said["shown"] else {"error": said["why"]}
    return _result(name, title=said["title"], items=said["items"], mended=mended, truncated=truncated,
                   ms=round(said["us"] / 1000, 2), **more)


def root(name: str) -> str:
    """The name of a root element as its vocabulary writes it."""
    plain = name.rpartition(":")[2]
    begins = [known for known in ROOTS if plain.lower().startswith(known)]  # an attribute may stick to it
    if plain in ("", "text"):  # bare text
        return ROOTS["ciscoipphonetext"]
    return ROOTS[max(begins, key=len)] if begins else plain


def sentence(text: str) -> str:
    """With a capital letter, where it does not begin with a name, and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def line(result: dict, picture=None) -> str:
    """A result as one line for a person."""
    if result["error"]:
        return "%s: %s" % (printable(result["file"]), result["error"])
    parts = [result["object"] or "text"]
    if result["title"]:
        parts.append('"%s"' % result["title"])
    if result["items"]:
        parts.append("%d item%s" % (result["items"], "s" * (result["items"] != 1)))
    parts.append("%.1f ms" % result["ms"])
    words = "%s: %s." % (printable(result["file"]), ", ".join(parts))
    if result["mended"]:
        words += " Mended: " + " ".join(result["mended"])
    words = " ".join([words, *result["truncated"]])
    return words + (" -> %s" % picture if picture else "")


def printable(name) -> str:
    """A file's name for a terminal: what would move the cursor, or is no text, is a question mark."""
    return "".join(letter if letter.isprintable() else "?" for letter in str(name))


def picture_name(name: str, taken) -> str:
    """A free name for the picture of a file or URL; `taken`: those that are in use."""
    parts = urlsplit(name) if "://" in name else None
    stem = (parts.netloc + parts.path).strip("/") if parts else Path(name).stem
    stem = re.sub(r"[^\w.-]+", "-", stem, flags=re.ASCII).strip("-.")[:80] or "page"
    free, number = stem, 1
    while free in taken:
        number += 1
        free = "%s-%d" % (stem, number)
    taken.add(free)
    return free + ".png"


def _folder(out):
    """The folder of the pictures, made; None where nobody named one and there can be none."""
    folder = out or Path("build/render")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        if out:
            raise Problem("%s cannot be made: %s." % (out, problem.strerror), 2) from None
        return None
    return folder if out or os.access(folder, os.W_OK) else None


def everything(names, board, display, out, as_json, say) -> int:
    """Render the files and URLs one after the other, and say a line of each. out: a folder for the pictures,
    None for build/render. The exit code: 1 where one of them could not even be read."""
    out = _folder(out)
    taken, code = set(), 0
    with Renderer(board, display) as renderer:
        for name in names:
            result, image = renderer.render(name, draw=out is not None)
            path = None
            if image:
                path = out / picture_name(name, taken)
                try:
                    image.save(path, "PNG", optimize=True)
                except OSError as problem:
                    raise Problem("%s cannot be written: %s." % (path, problem.strerror or problem)) from None
            say(json.dumps(result) if as_json else line(result, path))
            code = code or (result["error"] is not None and result["ms"] is None)
    return int(code)
