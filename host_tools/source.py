"""A page or a picture from a file or an http URL, read as a phone would: so much, and no longer than this."""

import http.client
import re
import ssl
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

# As in the firmware (core/fetch.py): the largest page that commercial phones take.
PAGE_MAX = 196608
SECONDS = 10.0  # of one answer in all; the phone's own limit is of that size (request_ms)
PIECE = 65536
_SCHEMES = ("http", "https")
# What decides a file's kind is its bytes: a suffix only tells a page from a text and a picture.
_KINDS = {".html": "text/html", ".htm": "text/html", ".txt": "text/plain"}


class Refused(Exception):
    """It cannot be had; the sentence says why."""


class Source(NamedTuple):
    """`kind`: the Content-Type, or None. `body`: at most one byte more than PAGE_MAX."""

    name: str
    kind: str | None
    body: bytes

    @property
    def charset(self) -> str:
        """As the Content-Type names it, "" where it does not."""
        named = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", self.kind or "", re.I)
        return named[1] if named else ""

    def beside(self, url: str) -> str:
        """What a page here names by `url`. Refused: a file's page names something in the network."""
        if is_url(self.name):
            return urljoin(self.name, url)
        if urlsplit(url).scheme:
            raise Refused("It is in the network.")
        path = urlsplit(url).path
        return str(Path(self.name).parent / path.lstrip("/"))


def is_url(name: str) -> bool:
    return name.partition("://")[0].lower() in _SCHEMES


def fetch(name: str, picture: bool = False) -> Source:
    """The Source. Refused: there is none."""
    try:
        return _from_url(name, picture) if is_url(name) else _from_file(name)
    except Refused:
        raise
    except (OSError, ValueError, http.client.HTTPException) as problem:  # ValueError: a NUL in a name, no URL
        words = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
        raise Refused("It cannot be read: %s." % words.rstrip(".")) from None


def _from_file(name: str) -> Source:
    path = Path(name)
    if path.is_dir():
        raise Refused("This is a folder: name the files in it.")
    if not path.exists():
        raise Refused("There is no such file.")
    if not path.is_file():  # a pipe or a device may give nothing, or never end
        raise Refused("This is no file with a page in it.")
    with open(path, "rb") as file:
        return Source(name, _KINDS.get(path.suffix.lower()), file.read(PAGE_MAX + 1))


def _from_url(name: str, picture: bool) -> Source:
    """One GET with the headers of a phone."""
    accept = "image/png, */*;q=0.1" if picture else "x-CiscoIPPhone/*, text/*, image/png, */*"
    headers = {"User-Agent": "Everline/0.1", "Accept": accept, "Connection": "close",
               "Accept-Charset": "utf-8, iso-8859-1;q=0.8"}
    late = time.monotonic() + SECONDS
    body = b""
    try:
        with urllib.request.urlopen(urllib.request.Request(name, headers=headers), timeout=SECONDS) as answer:
            while len(body) <= PAGE_MAX:
                piece = answer.read1(PIECE)
                if not piece:
                    break
                if time.monotonic() > late:
                    raise Refused("The server is too slow: not done after %d s." % SECONDS)
                body += piece
            return Source(answer.url, answer.headers.get("Content-Type"), body[: PAGE_MAX + 1])
    except urllib.error.HTTPError as error:
        with error:
            raise Refused("The server answers with status %d." % error.code) from None
    except urllib.error.URLError as error:
        reason = error.reason
        if isinstance(reason, ssl.SSLError):
            raise Refused("The server cannot be trusted: %s." % (reason.reason or reason)) from None
        words = getattr(reason, "strerror", None) or str(reason)
        raise Refused("The server does not answer: %s." % words) from None
    except TimeoutError:
        raise Refused("The server does not answer within %d s." % SECONDS) from None
