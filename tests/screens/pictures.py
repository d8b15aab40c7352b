"""Screens with pictures, for samples.py: drawn here by rule, since nobody can read a page of pixels."""

from phone.phrases import phrase
from phone.rare import Icon, IconMenu, Image, Picture, Status as Window
from phone.records import WHOLE, Menu, menu_item
from phone.ui.screen import PRIMARY, Status
from phone.ui.stack import Stack
from phone.ui.views import page_view
from tests.screens.canvas import Canvas

HERE = Status(PRIMARY, "A", "09:41", "Sunday 22 November", "Ward 3", "Served by A", 0)
NOT_A_PICTURE = phrase("%s cannot be shown on this phone.", "text/html")
ROOMS = (
    menu_item("Ward 3", "ward3.xml", "4,4,123,73"),
    menu_item("Theatre", "theatre.xml", "128,4,293,73"),
    menu_item("X-ray", "xray.xml", "4,98,93,163"),
    menu_item("Lift", "lift.xml", "98,98,173,163"),
    menu_item("Ward 4", "ward4.xml", "178,98,293,163"),
)
PLAYER = tuple([menu_item(name, name) for name in ("Back", "Louder", "Softer", "Play", "Next")])
PHONES = tuple([menu_item(name, "Dial:%d" % i, str(i % 4)) for i, name in enumerate(
    ("Adler, Konrad", "Bauer, Jürgen", "Çelik, Ayşe", "Dvořák, Tomáš", "Eriksson, Åsa", "Fischer, Anna"))])


def packed(canvas):
    """A Picture of what is on a canvas."""
    out = bytearray((canvas.width * canvas.height + 3) // 4)
    for y in range(canvas.height):
        for x in range(canvas.width):
            at = y * canvas.width + x
            out[at // 4] |= canvas.pixel(x, y) << at % 4 * 2
    strips = [bytes(out[i : i + 1000]) for i in range(0, len(out), 1000)]
    return Picture(canvas.width, canvas.height, tuple(strips))


def chart():
    """Beds in use over a day, 133x65."""
    canvas = Canvas(133, 65)
    for y in (12, 24, 36, 48):
        canvas.hline(6, y, 122, 1)
    old = 40
    for x in range(6, 128):
        y = 44 - (x * 37 % 11) // 4 - abs((x * 5) % 200 - 100) // 4
        canvas.fill_rect(x, y, 1, 58 - y, 1)
        canvas.vline(x, min(old, y), abs(old - y) + 2, 3)
        old = y
    canvas.vline(5, 4, 55, 3)
    canvas.hline(5, 58, 124, 3)
    for x in range(5, 130, 10):
        canvas.vline(x, 58, 4, 3)
    return packed(canvas)


def player():
    """Five buttons below a cover, 132x56."""
    canvas = Canvas(132, 56)
    canvas.fill_rect(0, 0, 38, 37, 3)
    canvas.fill_rect(2, 2, 34, 33, 1)
    for radius in (15, 11, 4):
        for y in range(-radius, radius + 1):
            for x in range(-radius, radius + 1):
                if x * x + y * y <= radius * radius:
                    canvas.pixel(18 + x, 18 + y, {15: 3, 11: 2, 4: 0}[radius])
    for line in range(4):
        canvas.fill_rect(44, 4 + 8 * line, 70 - 13 * line, 4, 3 if line < 2 else 2)
    for i in range(5):
        x = 1 + 26 * i
        canvas.fill_rect(x, 41, 24, 14, 3)
        canvas.fill_rect(x + 1, 42, 22, 12, 0)
        for step in range(5):
            canvas.vline(x + 9 + step, 43 + step, 10 - 2 * step, 3)
    return packed(canvas)


def floor(width, height):
    """Five rooms, of 298x168 or scaled down."""
    canvas = Canvas(width, height)
    for level, item in zip((1, 0, 0, 2, 1), ROOMS):
        x1, y1, x2, y2 = [int(part) for part in item.partition("\0")[2].partition("\0")[2].split(",")]
        x1, x2, y1, y2 = x1 * width // 298, x2 * width // 298, y1 * height // 168, y2 * height // 168
        canvas.fill_rect(x1, y1, x2 - x1 + 1, y2 - y1 + 1, 3)
        canvas.fill_rect(x1 + 1, y1 + 1, x2 - x1 - 1, y2 - y1 - 1, level)
    return packed(canvas)


def icon(number):
    """A telephone's state, 16x10: on hook, ringing, talking, away."""
    canvas = Canvas(16, 10)
    canvas.fill_rect(1, 2 - number % 2, 14, 4, 3)
    canvas.fill_rect(4, 4, 8, 5, 1 if number < 2 else 3)
    canvas.fill_rect(6, 5, 4, 3, 0 if number != 1 else 2)
    if number == 3:
        for y in range(10):
            canvas.pixel(3 + y, y, 2)
    return packed(canvas)


def opened(theme, record, keys="", title="", picture=None, said=None, window=None):
    """The Screen of a page, the idle one without a record, after these keys, its picture having come or been
    refused."""
    stack = Stack(theme)
    if window:
        stack.push(page_view(window, theme, "", None))
        stack.tick(5000)
        stack.tick(78000)
    if not record:
        return stack.screen(HERE)
    view = page_view(record, theme, title, None)
    stack.push(view)
    for index, _ in view.wants() if picture or said else ():
        view.picture(index, picture(*view.fit(index, 298, 168)) if picture else None, said)
    for key in keys.split():
        stack.key(key, True, 0)
        stack.key(key, False, 0)
    return stack.screen(HERE)


def bars():
    """How full a queue is, 106x21."""
    canvas = Canvas(106, 21)
    for i in range(18):
        canvas.fill_rect(6 * i, 20 - i, 4, i + 1, 3 if i < 11 else 1)
    return packed(canvas)


def pictures(theme):
    """{name: Screen}"""
    image = Image("Beds in use", "Today", 0, 0, chart(), "", (), (), WHOLE)
    menu = Image("Player", "Blue in Green", 0, 0, player(), "", PLAYER, (), WHOLE)
    file = Image("East wing, floor 2", "", 0, 0, None, "floor.png", ROOMS, (), WHOLE)
    still = Image("Camera", "", -1, -1, None, "camera.png", (), (), WHOLE)
    small = Image("Logo", "", -1, -1, icon(1), "", (), (), WHOLE)
    icons = tuple([Icon(i, "", icon(i)) for i in range(4)])
    phones = IconMenu("People", "", PHONES + (menu_item("Nobody", ""),), icons, (), WHOLE)
    queue = Window("Queue: 4 callers", 0, 0, 0, bars(), "", WHOLE)
    line = Window("On call", -1, 0, 0, None, "", WHOLE)
    menu_of_five = Menu("Services", "Pick one", PLAYER, (), WHOLE)
    return {
        "window_idle": opened(theme, None, window=queue),
        "window_line_idle": opened(theme, None, window=line),
        "window_menu": opened(theme, menu_of_five, window=queue),
        "window_line_menu": opened(theme, menu_of_five, window=line),
        "window_picture": opened(theme, image, window=line),
        "picture": opened(theme, image),
        "picture_down": opened(theme, image, "down"),
        "picture_small": opened(theme, small),
        "picture_menu": opened(theme, menu),
        "picture_menu_pointed": opened(theme, menu, "right right right right"),
        "picture_regions": opened(theme, file, "", "", floor),
        "picture_regions_pointed": opened(theme, file, "down right", "", floor),
        "picture_menu_loading": opened(theme, file),
        "picture_loading": opened(theme, still),
        "picture_refused": opened(theme, still, "", "", None, NOT_A_PICTURE),
        "icons": opened(theme, phones, "down"),
    }
