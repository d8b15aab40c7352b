"""What a site shows of HTTP under /phone/: what a phone sends, a cookie, passwords, a form that is posted.

| page | what |
|---|---|
| `menu.xml` | all of these |
| `request.xml` | the request as it came |
| `cookie.xml` | how often this phone was here, by a cookie |
| `basic/page.xml`, `digest/page.xml` | a page for the user `ward` with the password `1234` |
| `form.xml`, `posted.xml` | a form, and what came of it by POST |
| `device.xml?...` | a link with blanks that the phone fills in |
| `moved.xml` | a redirect to `request.xml` |
"""

import base64
import hashlib
import re
import secrets
from xml.sax.saxutils import escape

from aiohttp import web

FOLDER = "/phone/"
USER, PASSWORD = "ward", "1234"
REALM, DIGEST = "The ward", "The ward, by digest"  # two, so that each is asked for
# A service page has 4,000 characters; a header that is longer is shown cut.
_SHOWN_MAX = 3500
_MENU = (
    ("What the phone sends", "request.xml"), ("A redirect", "moved.xml"), ("A cookie", "cookie.xml"),
    ("Password (Basic)", "basic/page.xml"), ("Password (Digest)", "digest/page.xml"), ("A form", "form.xml"),
    ("Who am I?", "device.xml?name=#DEVICENAME#&mac=#MAC#&model=#MODEL#&ip=#IP#&language=#LANGUAGE#"),
)
_FORM = ("<CiscoIPPhoneInput><Title>Order</Title><Prompt>It is sent by POST</Prompt>"
         "<URL method=\"post\">posted.xml</URL>%s</CiscoIPPhoneInput>")
_FIELD = ("<InputItem><DisplayName>%s</DisplayName><QueryStringParam>%s</QueryStringParam>"
          "<InputFlags>%s</InputFlags></InputItem>")


class Manners:
    """Answers what is asked for below FOLDER. Each site has a nonce of its own."""

    def __init__(self):
        self._nonce = secrets.token_hex(8)

    def answer(self, request, body: bytes) -> web.Response | None:
        """The answer, or None for a page that is not there."""
        name = request.path.removeprefix(FOLDER)
        if name == "menu.xml":
            rows = "".join("<MenuItem><Name>%s</Name><URL>%s</URL></MenuItem>" % (row[0], escape(row[1]))
                           for row in _MENU)
            return _page("<CiscoIPPhoneMenu><Title>HTTP</Title>%s</CiscoIPPhoneMenu>" % rows)
        if name == "form.xml":
            fields = (("Dish", "dish", "A"), ("Table", "table", "N"), ("PIN", "pin", "NP"))
            return _page(_FORM % "".join(_FIELD % field for field in fields))
        if name == "moved.xml":
            return web.Response(status=302, headers={"Location": FOLDER + "request.xml"})
        if name in ("request.xml", "device.xml"):
            return _text("Request", _seen(request))
        if name == "posted.xml":
            return _text("Posted", "%s %s\n%s" % (request.method, request.raw_path, body.decode("latin-1")))
        if name == "cookie.xml":
            count = request.cookies.get("visits", "")
            count = int(count) + 1 if count.isdigit() and len(count) < 6 else 1
            answer = _text("Cookie", "Visit %d of this session." % count)
            answer.headers["Set-Cookie"] = "visits=%d; Path=%s" % (count, FOLDER)
            return answer
        return self._guarded(request, *name.split("/")) if name.count("/") == 1 else None

    def _guarded(self, request, kind, name):
        if kind not in ("basic", "digest") or name != "page.xml":
            return None
        given = request.headers.get("Authorization", "")
        if given == "Basic " + base64.b64encode(("%s:%s" % (USER, PASSWORD)).encode()).decode():
            if kind == "basic":
                return _text("Basic", "The password was right.")
        elif kind == "digest" and self._proves(given, request):
            return _text("Digest", "The password was right.")
        challenge = 'Basic realm="%s"' % REALM
        if kind == "digest":
            challenge = 'Digest realm="%s", nonce="%s", qop="auth", algorithm=SHA-256' % (DIGEST, self._nonce)
        return web.Response(status=401, text="Who are you?", headers={"WWW-Authenticate": challenge})

    def _proves(self, given, request) -> bool:
        """RFC 7616 3.4.1."""
        said = dict(re.findall(r'(\w+)="?([^",]*)"?', given))
        if said.get("nonce") != self._nonce or said.get("uri") != request.raw_path:
            return False
        secret = _hash("%s:%s:%s" % (USER, DIGEST, PASSWORD))
        middle = ":".join((self._nonce, said.get("nc", ""), said.get("cnonce", ""), "auth"))
        asked = _hash("%s:%s" % (request.method, request.raw_path))
        return said.get("response") == _hash(":".join((secret, middle, asked)))


def _hash(text) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _seen(request) -> str:
    """The request as a phone wrote it; of a password only that there was one."""
    lines = ["%s %s" % (request.method, request.raw_path)]
    for name, value in request.headers.items():
        value = value.partition(" ")[0] + " ..." if name.lower() == "authorization" else value
        lines.append("%s: %s" % (name, value))
    return "\n".join(lines)[:_SHOWN_MAX]


def _text(title, text) -> web.Response:
    return _page("<CiscoIPPhoneText><Title>%s</Title><Text>%s</Text></CiscoIPPhoneText>"
                 % (title, escape(text)))


def _page(text) -> web.Response:
    return web.Response(text='<?xml version="1.0" encoding="utf-8"?>\n' + text, content_type="text/xml",
                        charset="utf-8")
