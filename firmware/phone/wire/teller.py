"""The reader of pages for whoever makes them: every mend and every cut in a sentence, with its place."""

from phone.wire.page import PageReader
from phone.wire.text import strays
from phone.wire.xml import XmlReader


class TellingReader(PageReader):
    """As PageReader. told: a list of sentences, "line 5, column 16: & stands for itself", with "left out: "
    behind the place for what is not there."""

    def __init__(self, content_type=None):
        PageReader.__init__(self, content_type)
        self.told = []
        self.xml = _TellingXml(self)

    def cut(self, what):
        self.told.append(self.xml.here("left out: " + what))
        PageReader.cut(self, what)


class _TellingXml(XmlReader):
    def here(self, what):
        """A sentence about the place that is being read."""
        return self.said(what + "%s", b"", self._data, self._at)

    def _mend(self, what, name, data, at):
        XmlReader._mend(self, what, name, data, at)
        self._sink.told.append(self.said(what, name, data, at))

    def _tell(self, data, at, end):
        XmlReader._tell(self, data, at, end)
        if not self._open or not self._sink.taking:
            return
        count, first = strays(data[at:end])
        at += first + 1
        while count > 1:  # it told of the first
            count, first = strays(data[at:end])
            self._sink.told.append(self.said("& stands for itself%s", b"", data, at + first))
            at += first + 1
