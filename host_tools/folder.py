"""A folder of service pages: which file answers a path, and with what bytes and type.

Nothing outside the folder is ever given, by whatever spelling of the path or link on the disk.
"""

import mimetypes
import os
import re
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes
from xml.sax.saxutils import escape

# What a folder answers with, in this order; the listing stands in where none is there.
INDEXES = ("menu.xml", "index.xml")
# A menu of service pages has at most a hundred items.
ITEMS_MAX = 100
# No service page comes near this; a larger file is not read into memory.
FILE_MAX = 8 << 20
_DECLARED = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Folder:
    """A folder served under a name. `values` replaces {site} and {base} in XML files."""

    def __init__(self, root, values=None):
        self.root = Path(root).resolve()
        self.values = values or {}

    def answer(self, raw_path: str):
        """(body, content type) for the path of a URL as it was sent (percent-encoded), or None."""
        names = [part for part in os.fsdecode(unquote_to_bytes(raw_path)).split("/") if part not in ("", ".")]
        if any(name.startswith(".") or "\0" in name for name in names):  # "..", and what is hidden
            return None
        try:
            path = self.root.joinpath(*names).resolve()
            if path != self.root and self.root not in path.parents:
                return None
            if path.is_dir():
                path = next((path / index for index in INDEXES if (path / index).is_file()), path)
            if path.is_dir() or (path.name in INDEXES and path.parent.is_dir() and not path.exists()):
                return self._listing(path if path.is_dir() else path.parent), "text/xml; charset=utf-8"
            if not path.is_file() or path.stat().st_size > FILE_MAX:
                return None
            return self._file(path)
        except (OSError, RuntimeError):  # no permission, a name that is too long, a loop of links
            return None

    def _file(self, path):
        body = path.read_bytes()
        if path.suffix.lower() != ".xml":
            return body, mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        for name, value in self.values.items():
            body = body.replace(b"{%s}" % name.encode(), escape(value).encode())
        return body, "text/xml" + _charset(body)

    def _listing(self, folder) -> bytes:
        """A menu of the XML files and the folders here, in the order of their names."""
        items = []
        for entry in sorted(folder.iterdir(), key=lambda path: path.name.lower()):
            tail = "/" if entry.is_dir() else ""
            if entry.name.startswith(".") or not (tail or entry.suffix.lower() == ".xml"):
                continue
            name = os.fsencode(entry.name)
            items.append("  <MenuItem>\n    <Name>%s</Name>\n    <URL>%s%s</URL>\n  </MenuItem>\n" % (
                _text(name.decode("utf-8", "replace") + tail), quote(name), tail))
        title = "/".join(folder.relative_to(self.root).parts) or self.root.name or "Files"
        prompt = "%d files here" % len(items) if items else "No XML files here"
        return ("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<CiscoIPPhoneMenu>\n  <Title>%s</Title>\n"
                "  <Prompt>%s</Prompt>\n%s</CiscoIPPhoneMenu>\n"
                % (_text(title), prompt, "".join(items[:ITEMS_MAX]))).encode()


def _text(text: str) -> str:
    return escape(_UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text))


def _charset(body: bytes) -> str:
    """The charset that the document itself declares, else utf-8 where the bytes are, else none."""
    declared = _DECLARED.match(body[:200])
    if declared:
        return "; charset=" + declared.group(1).decode("ascii").lower()
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "; charset=utf-16"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    return "; charset=utf-8"
