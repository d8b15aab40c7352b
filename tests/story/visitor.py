"""Somebody who visits the phone's own pages in a story: a client of the port at which the phone listens.

    visitor = Visitor(phone)
    visitor.ask("/status.json")
    phone.wait_for(lambda: visitor.whole)
    visitor.status, visitor.body

    pushed = Visitor(phone).push("http://10.0.0.1/alarm.xml", priority=0)
    phone.wait_for(lambda: pushed.whole)
    pushed.results            [("0", "Success", "http://10.0.0.1/alarm.xml")]

He has an HTTP parser of his own. reads=False: he takes nothing of what the phone writes.
"""

import base64
import xml.etree.ElementTree as ElementTree
from urllib.parse import quote_plus
from xml.sax.saxutils import quoteattr

from phone import events

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
PIECE = 256  # the hands give the brain so much at once
TAKES_MS = 2  # for one piece


class Visitor:
    count = 1  # conns are never used twice

    def __init__(self, phone, reads=True):
        Visitor.count += 1
        self.phone, self.world, self.reads = phone, phone.world, reads
        self.conn = -Visitor.count
        self.told = b""
        self.gone = False  # the connection has ended
        self.left = False  # by the visitor
        self.continued = False  # he was asked for his body
        self._rest = []
        assert phone.port, "the phone does not listen"
        phone.visitors[self.conn] = self
        phone.feed(events.Accepted(self.conn, ("10.0.0.200", 40000)))

    # --- what he does ------------------------------------------------------------------------------

    def send(self, data):
        view = memoryview(bytes(data))
        for at in range(0, len(view), PIECE):
            if not self.gone:
                self.phone.feed(events.Received(self.conn, view[at : at + PIECE]))

    def ask(self, path, more="", version="1.1"):
        self.send(("GET %s HTTP/%s\r\nHost: phone\r\n%s\r\n" % (path, version, more)).encode())

    def post(self, body, more="", path="/CGI/Execute", user="eve", password="pass"):
        """A body of type form; more: fields of the head."""
        if user:
            both = base64.b64encode(("%s:%s" % (user, password)).encode()).decode()
            more += "Authorization: Basic %s\r\n" % both
        head = "POST %s HTTP/1.1\r\nHost: phone\r\nContent-Type: application/x-www-form-urlencoded\r\n" % path
        self.send(("%sContent-Length: %d\r\n%s\r\n" % (head, len(body), more)).encode() + body)
        return self

    def push(self, *urls, priority=None, more="", items="", user="eve", password="pass"):
        """An Execute of these URLs, as a program makes it; items: more text within each item."""
        if priority is not None:
            items += ' Priority="%d"' % priority
        page = "".join("<ExecuteItem URL=%s%s/>" % (quoteattr(url), items) for url in urls)
        page = "<CiscoIPPhoneExecute>%s</CiscoIPPhoneExecute>" % page
        return self.post(b"XML=" + quote_plus(page).encode(), more, user=user, password=password)

    def leave(self):
        if not self.gone:
            self.gone = self.left = True
            self.phone.visitors.pop(self.conn, None)
            self.phone.feed(events.Closed(self.conn, events.END))

    # --- what he gets ------------------------------------------------------------------------------

    @property
    def status(self):
        return int(self.told[9:12] or b"0")

    @property
    def fields(self):
        lines = self.told.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @property
    def body(self):
        """As far as it has come, without its chunks."""
        body = self.told.partition(b"\r\n\r\n")[2]
        if "transfer-encoding" not in self.fields:
            return body
        out = b""
        while body:
            size, _, body = body.partition(b"\r\n")
            out, body = out + body[: int(size, 16)], body[int(size, 16) + 2 :]
        return out

    @property
    def results(self):
        """(status, what was said, URL) of each item; or the number of the error and its words."""
        root = ElementTree.fromstring(self.body)
        if root.tag == "CiscoIPPhoneError":
            return root.get("Number"), root.text
        assert root.tag == "CiscoIPPhoneResponse", root.tag
        return [tuple(map(item.get, ("Status", "Data", "URL"))) for item in root.findall("ResponseItem")]

    @property
    def whole(self):
        """Whether the answer is all there; he leaves then, as clients do."""
        if b"\r\n\r\n" not in self.told:
            return False
        fields = self.fields
        if "content-length" in fields:
            done = len(self.body) >= int(fields["content-length"])
        elif "transfer-encoding" in fields:
            done = self.told.endswith(b"0\r\n\r\n")
        else:
            done = self.gone and not self.left
        if done:
            self.leave()
        return done

    # --- the hands ---------------------------------------------------------------------------------

    def write(self, data):
        self._rest.append(iter((data,)) if isinstance(data, (bytes, bytearray)) else iter(data))
        if len(self._rest) == 1 and self.reads:
            self.world.after(TAKES_MS, self._take)

    def closed(self):
        self.gone = True

    def _take(self):
        while self._rest and not self.gone:
            for piece in self._rest[0]:
                assert 0 < len(piece) <= 1024, "a piece of %d bytes" % len(piece)
                self.told += bytes(piece)
                if self.told.startswith(CONTINUE):
                    self.told, self.continued = self.told[len(CONTINUE) :], True
                self.world.after(TAKES_MS, self._take)
                return
            self._rest.pop(0)
