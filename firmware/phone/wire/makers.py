"""What the pages of wire/objects.py come to: a record of records.py of each, and of the items in it."""

from phone import rare, records
from phone.wire.page import URL_MAX
from phone.wire.text import clean

# Limits of the vocabulary (services-xml.md section 2), in characters and pieces.
_SHORT = 32
_VALUE_MAX = 255  # of a parameter and its value: a shortened one would say another thing, so no 32 here
_SAID_MAX = 256  # of what an answer or an error says, which is in no schema
_PLACE_MAX = 4095  # pixels: beyond any display
_TIMER_MAX = 359999  # seconds: 99:59:59
_TYPES = {"STRING": "A", "NUMBER": "N", "IP": "A", "TEL": "T", "PHONE": "T"}  # of other families


def number(page, fields, name, default, low, high):
    """A field as int within these bounds; `default` where it is empty or none."""
    text = page.text_of(fields, name, _SHORT)
    try:
        return max(low, min(int(text), high)) if text else default
    except ValueError:
        page.xml.mend("<%s> is no number" % str(name, "ascii"))
        return default


def _picture(page, fields):
    """The Picture of inline pixels, or None."""
    pixels = fields.get(b"pixels")
    if not pixels:
        return None
    width = number(page, fields, b"width", 0, 0, _PLACE_MAX)
    height = number(page, fields, b"height", 0, 0, _PLACE_MAX)
    picture, fits = pixels.picture(width, height, number(page, fields, b"depth", 2, 1, 2))
    if not fits:
        page.xml.mend("the length of Data does not fit Width and Height")
    return picture


# --- items -----------------------------------------------------------------------------------------


def _field(page, item):
    said = page.text_of(item, b"inputflags", _SAID_MAX).upper()
    letters = "".join([letter for letter in said if letter.isalpha()])
    letters = _TYPES.get(letters, letters)
    if len(letters) > 3 or letters.strip("ATNEULP"):
        page.xml.mend("InputFlags that are none")
        letters = ""
    kind = letters.replace("P", "")[:1] or "A"
    masked = "P" in letters or item.get(b"password", b"").lower() == b"yes"
    name = page.text_of(item, b"displayname", _SHORT)
    param = page.text_of(item, b"querystringparam", _VALUE_MAX)
    value = page.text_of(item, b"defaultvalue", _VALUE_MAX)
    flags = kind + "P" if masked else kind
    if item.get(b"required", b"").lower() in (b"yes", b"true", b"1"):
        flags += "R"
    return rare.Field(name, param, flags, value)


def _icon(page, item):
    return rare.Icon(number(page, item, b"index", 0, 0, 99), page.text_of(item, b"url", URL_MAX),
                        _picture(page, item))


def _command(page, item):
    priority = number(page, item, b"priority", 0, -1, 3)
    if not 0 <= priority <= 2:
        page.xml.mend("a priority that is none")
        priority = 0
    return rare.Command(priority, page.text_of(item, b"url", URL_MAX))


def _reply(page, item):
    return rare.Reply(page.text_of(item, b"status", _SHORT), page.text_of(item, b"data", _SAID_MAX),
                         page.text_of(item, b"url", URL_MAX))


# --- pages -----------------------------------------------------------------------------------------


def _input(more, page, title, prompt, text, softkeys):
    if not more.cells and page.items:  # a menu under a wrong name
        page.xml.mend("a form without fields, shown as a menu")
        return records.Menu(title, prompt, tuple(page.items), softkeys, page.mends())
    if not more.cells and b"querystringparam" in page.fields:  # a form of one field, of another family
        page.fields[b"displayname"] = page.fields.get(b"prompt", b"")
        more.cells.append(_field(page, page.fields))
        prompt = ""
    url = page.text_of(page.fields, b"url", URL_MAX)
    return rare.Input(title, prompt, url, more.post, tuple(more.cells), softkeys, page.mends())


def _directory(more, page, title, prompt, text, softkeys):
    return rare.Directory(title, prompt, tuple(page.items), softkeys, page.mends())


def _icons(more, page, title, prompt, text, softkeys):
    return rare.IconMenu(title, prompt, tuple(page.items), tuple(more.cells), softkeys, page.mends())


def _image(more, page, title, prompt, text, softkeys):
    fields = page.fields
    x, y = [number(page, fields, name, 0, -1, _PLACE_MAX) for name in (b"locationx", b"locationy")]
    picture, url = _picture(page, fields), page.text_of(fields, b"url", URL_MAX)
    return rare.Image(title, prompt, x, y, picture, url, tuple(page.items), softkeys, page.mends())


def _status(more, page, title, prompt, text, softkeys):
    fields = page.fields
    said = " ".join(" ".join(text).split())
    if len(said) > _SHORT:
        page.cut("a long text")
    x, y = [number(page, fields, name, 0, -1, _PLACE_MAX) for name in (b"locationx", b"locationy")]
    timer = number(page, fields, b"timer", 0, 0, _TIMER_MAX) or -1  # what equals the default counts as absent
    picture, url = _picture(page, fields), page.text_of(fields, b"url", URL_MAX)
    return rare.Status(said[:_SHORT], timer, x, y, picture, url, page.mends())


def _items(more, page, title, prompt, text, softkeys):
    record = rare.Execute if more.kind == b"execute" else rare.Response
    return record(tuple(more.cells), page.mends())


def _error(more, page, title, prompt, text, softkeys):
    said = clean(page.fields.get(b"error") or bytes(page.value), page.charset)[:_SAID_MAX]
    return records.Error(page.text_of(page.fields, b"number", _SHORT), said, page.mends())


# root -> the record, what makes it, how many lines of a menu it may have, and the characters of their names.
RECORDS = {
    b"menu": (records.Menu, None, 100, 64), b"text": (records.Text, None, 100, 64),
    b"input": (rare.Input, _input, 100, 64), b"directory": (rare.Directory, _directory, 32, 32),
    b"image": (rare.Image, _image, 0, 32), b"imagefile": (rare.Image, _image, 0, 32),
    b"graphicmenu": (rare.Image, _image, 12, 64), b"graphicfilemenu": (rare.Image, _image, 32, 32),
    b"iconmenu": (rare.IconMenu, _icons, 32, 64), b"iconfilemenu": (rare.IconMenu, _icons, 32, 64),
    b"status": (rare.Status, _status, 0, 32), b"statusfile": (rare.Status, _status, 0, 32),
    b"execute": (rare.Execute, _items, 0, 32), b"response": (rare.Response, _items, 0, 32),
    b"error": (records.Error, _error, 0, 32),
}  # fmt: skip
# Where a page has items that are no lines of a menu: their element, what makes a record of one, how many
# there may be, and what they are called.
CELLS = {
    rare.Input: (b"inputitem", _field, 5, "fields"), rare.IconMenu: (b"iconitem", _icon, 10, "icons"),
    rare.Execute: (b"executeitem", _command, 3, "commands"),
    rare.Response: (b"responseitem", _reply, 3, "answers"),
}  # fmt: skip
