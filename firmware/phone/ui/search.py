"""Names found by their letters on the digit keys, as on a telephone: 2 is a, b or c, and 53 begins "Keller".

A digit more is a letter more of a word, whichever word of the name; 0 parts the beginnings of several words:
53 0 26 finds "Keller, Anna", not "Keller, Jo". Back takes the last digit off, and then the page. Looking is
work in steps: whoever has time calls work(); show() and key() finish it first.
"""

from micropython import const

from phone.phrases import phrase
from phone.records import WHOLE, Menu, Text, name_and_url
from phone.ui.bar import BACK, EXIT, SELECT, Bar
from phone.ui.menu import MenuView
from phone.ui.screen import Intent, Row

DIGITS_MAX = const(16)  # no name needs more
_STEP = const(8)  # names looked at in one step of work: some 0.1 ms
# By digit, the letters of ETSI ES 202 130 for Latin, Greek and Cyrillic; both cases, since MicroPython folds
# ASCII only.
_KEYS = (
    "0", "1",
    "2abcàáâãäåæāăąçćčΑΒΓαβγΆάАБВГабвгҐґÀÁÂÃÄÅÆĀĂĄÇĆČ",
    "3defďđðèéêëēėęěΔΕΖδεζΈέДЕЁЖЗдеёжзЄєĎĐÐÈÉÊËĒĖĘĚ",
    "4ghiğģìíîïīįıΗΘΙηθιΉήΊίΪϊΐИЙКЛийклІіЇїĞĢÌÍÎÏĪĮİ",
    "5jklķĺļľłΚΛΜκλμМНОПмнопĶĹĻĽŁ",
    "6mnoñńņňòóôõöøőōœΝΞΟνξοΌόРСТУрстуЎўÑŃŅŇÒÓÔÕÖØŐŌŒ",
    "7pqrsŕřßśşšșΠΡΣπρσςФХЦЧфхцчŔŘŚŞŠȘẞ",
    "8tuvţťțùúûüūůűųþΤΥΦτυφΎύΫϋΰШЩЪЫшщъыŢŤȚÙÚÛÜŪŮŰŲÞ",
    "9wxyzýÿźżžΧΨΩχψωΏώЬЭЮЯьэюяÝŸŹŻŽ",
)  # fmt: skip


def begins(word, digits):
    """Whether the first letters of a word are on these keys."""
    if len(word) < len(digits):
        return False
    for at in range(len(digits)):  # slices: MicroPython keeps each str of one character that an index makes
        if word[at : at + 1] not in _KEYS[int(digits[at : at + 1])]:
            return False
    return True


def matches(name, beginnings):
    """Whether each of the beginnings (str of digits) is that of a word of the name."""
    words = [word.lstrip("(\"'") for word in name.lower().replace("-", " ").split()]
    for digits in beginnings:
        if not any([begins(word, digits) for word in words]):
            return False
    return True


def search_view(view, cache, theme):
    """A SearchView over the menu on screen and copies of others of its service (core/cache.py), if any."""
    pages = [(view.items, view.context, view.before)]
    for copy in cache.of(view.context.service) if cache else ():
        kind, before = type(copy.record), ""
        if kind not in (Menu, Text):
            from phone.rare import Directory  # it is there: one of the others is

            kind, before = Menu if kind is Directory else None, "Dial:"
        if kind is Menu and copy.record.items is not view.items:
            pages.append((copy.record.items, copy.context, before))
    return SearchView(pages, theme)


class SearchView(MenuView):
    """`pages`: list of (items, context, what comes before their URLs), the items as those of records.Menu;
    the first page first."""

    form = True

    def __init__(self, pages, theme):
        MenuView.__init__(self, Menu("", "", (), (), WHOLE), theme, "", None)
        self.bar = Bar((SELECT, EXIT, BACK))
        self._say = theme.say
        self._pages = pages
        self._from = []  # the page of each item that was found
        self._digits = ""
        self._begin()

    def _begin(self):
        """Look once more, from the first name on."""
        self.items, self._from = [], []
        self._total = self._first = 0
        self.selected = -1
        self._looking = self._look([part for part in self._digits.split("0") if part])
        title = self._say(phrase("Search"))
        self.title = "%s: %s" % (title, self._digits) if self._digits else title
        self.prompt = ""
        self.remark = "" if self._digits else self._say(phrase("Type a name on the digits."))

    def _look(self, beginnings):
        """A generator that gives way now and then."""
        count = 0
        for page in self._pages if beginnings else ():
            for item in page[0]:
                name, url = name_and_url(item)
                if url and matches(name, beginnings) and item not in self.items:
                    self.items.append(item)
                    self._from.append(page)
                count += 1
                if count % _STEP == 0:
                    yield

    def work(self):
        if self._looking is None:
            return False
        try:
            next(self._looking)
            return True
        except StopIteration:
            self._looking = None
        self._total = len(self.items)
        self.selected = 0 if self.items else -1
        if self._digits:
            self.prompt = self._say(phrase("Names found: %d", self._total))
        return False

    def _finish(self):
        while self.work():
            pass

    def show(self, count, status):
        self._finish()
        return MenuView.show(self, count, status)

    def key(self, key, now):
        self._finish()
        return MenuView.key(self, key, now)

    def back(self):
        if not self._digits:
            return False
        self._digits = self._digits[:-1]
        self._begin()
        return True

    def _digit(self, digit, now):
        if len(self._digits) < DIGITS_MAX and digit != 1:  # no letter is on it
            self._digits += str(digit)
            self._begin()
        return None

    def _row(self, index):
        return Row(0, name_and_url(self.items[index])[0].replace("\n", " "), "", None)

    def _choose(self):
        _, self.context, before = self._from[self.selected]  # what its link stands on
        self.chosen, url = name_and_url(self.items[self.selected])
        return Intent("open", before + url)
