"""Pictures of a page, as a person sees them come: beside, one after the other, never in the way."""

import io

import pytest
from PIL import Image, ImageDraw

from tests.story.sites import MENU
from tests.story.world import World

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
PNG = {"Content-Type": "image/png"}


def page(name="ward.png", kind="ImageFile", more=""):
    body = "<Title>Ward</Title><LocationX>0</LocationX><LocationY>0</LocationY><URL>%s</URL>%s" % (name, more)
    return (HEAD + "<CiscoIPPhone%s>%s</CiscoIPPhone%s>" % (kind, body, kind)).encode()


def icons(*urls):
    items = ["<MenuItem><IconIndex>%d</IconIndex><Name>Item %d</Name><URL>x.xml</URL></MenuItem>" % (i, i)
             for i in range(len(urls))]
    icons = ["<IconItem><Index>%d</Index><URL>%s</URL></IconItem>" % pair for pair in enumerate(urls)]
    kind = "CiscoIPPhoneIconFileMenu"
    return (HEAD + "<%s><Title>Icons</Title>%s</%s>" % (kind, "".join(items + icons), kind)).encode()


def png(width=298, height=168, mode="RGB", draw=None, **options):
    picture = Image.new(mode, (width, height), "white")
    (draw or (lambda it: it.rectangle((10, 10, 20, 20), fill="black")))(ImageDraw.Draw(picture))
    out = io.BytesIO()
    picture.save(out, "PNG", **options)
    return out.getvalue()


def two(world, **options):
    """A and B, whose services are one page with one picture; and the phone."""
    a, b = world.site("A"), world.site("B")
    for site in (a, b):
        site.pages[MENU] = page()
        site.pages["/ward.png"] = png()
    return a, b, world.phone(a, b, **options)


def shown(phone):
    """The records.Picture on the screen, or None."""
    top = phone.agent._desk.stack.top
    return getattr(top, "_picture", None)


def asked(site):
    return [request.path for request in site.requests if request.fields.get("connection") != "close"]


def wait_for(world, phone, words, within=5000):
    """Words that may stand in several lines."""
    return world.run_until(lambda: words in " ".join(phone.text().split()), within, words)


def wait_for_picture(world, phone, within=3000):
    return world.run_until(lambda: shown(phone), within, "the picture")


def test_a_picture_comes_beside_its_page():
    world = World()
    a, _, phone = two(world)
    phone.press("services")
    phone.wait_for("Loading the picture")
    assert phone.screen.title == "Ward" and phone.screen.softkeys[0] == "Exit", phone.picture()
    assert wait_for_picture(world, phone) < 1000
    assert (shown(phone).width, shown(phone).height) == (298, 168)
    assert asked(a) == [MENU, "/ward.png"] and phone.screen.kind == "picture"
    assert a.requests[1].fields["accept"].startswith("image/png"), "a picture is asked for as one"
    assert phone.went("picture") and not phone.screen.busy
    world.run(60000)
    assert asked(a) == [MENU, "/ward.png"], "and it is asked for once"


def test_a_picture_is_scaled_to_what_fits_and_dithered():
    world = World()
    a, _, phone = two(world, display=(128, 64, 2))
    a.pages["/ward.png"] = png(draw=lambda it: it.rectangle((0, 0, 298, 168), fill=(120, 120, 120)))
    phone.press("services")
    wait_for_picture(world, phone)
    found = shown(phone)
    assert found.width <= 128 and found.height <= 64
    levels = {byte >> shift & 3 for byte in b"".join(found.strips)[:-1] for shift in (0, 2, 4, 6)}
    assert levels == {0, 3}, "two levels"


def half(site, request):
    """A picture ends in the middle."""
    head, body = site.message(request)
    picture = request.path == "/ward.png"
    yield from site.deliver(head, body[:300] if picture else body)
    if picture:
        yield "end"


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"GIF89a" + bytes(100), "only PNG"), (b"<html>Lost</html>", "only PNG"), (png()[:3000], "broke off"),
     (png(1000, 700), "too large"), (b"\x89PNG\r\n\x1a\n" + bytes(60), "damaged")],
)  # fmt: skip
def test_what_is_no_picture_is_said_in_its_place(world, body, words):
    a, b, phone = two(world)
    a.pages["/ward.png"] = body
    if words == "broke off":
        for site in (a, b):
            site.script = half
    phone.press("services")
    wait_for(world, phone, words, within=30000)
    assert phone.screen.title == "Ward", phone.picture()


def test_no_picture_is_no_failure_of_the_page():
    world = World()
    a, b, phone = two(world)
    del a.pages["/ward.png"]
    phone.press("services")
    wait_for(world, phone, "did not come")
    assert phone.screen.title == "Ward" and not asked(b), "a live server said no: nobody else is asked"


def test_a_picture_fails_over_as_its_page_does():
    """The server dies between page and picture: the picture comes from the next one, from the same place."""
    world = World()
    a, b, phone = two(world)
    a.pages["/docs/menu.xml"] = b.pages["/docs/menu.xml"] = page("ward.png")
    page_of = a.pages[MENU]

    def menu(request):
        world.after(5, a.silent)
        return page_of

    a.pages[MENU] = menu
    a.keep_alive = False
    phone.press("services")
    wait_for_picture(world, phone, within=20000)
    assert asked(b) == ["/ward.png"] and phone.screen.title == "Ward"


def test_a_key_goes_before_a_picture():
    world = World()
    a, _, phone = two(world)
    script = a.script
    a.pages["/news.xml"] = page("ward.png").replace(b"Ward", b"News")

    def slow(site, request):
        if request.path == "/ward.png":
            yield 3000
        yield from script(site, request)

    a.script = slow
    phone.press("services")
    phone.wait_for("Loading the picture")
    world.run(200)
    phone.press("services")
    assert phone.wait_for("Ward", within=1000) < 500 and phone.went("picture")
    assert "given up" in [one[-1] for one in phone.asked if one[3] == "picture"]


def test_pictures_of_a_page_that_is_left_are_forgotten():
    world = World()
    a, _, phone = two(world)
    a.pages["/ward.png"] = lambda request: png()
    phone.press("services")
    phone.wait_for("Loading the picture")
    phone.press("back")
    world.run(5000)
    assert phone.screen.kind == "idle" and asked(a).count("/ward.png") <= 1
    assert phone.agent._pictures.deadline() is None and not phone.agent.idle()


def test_icons_come_one_after_the_other_over_one_connection():
    world = World()
    a, _, phone = two(world)
    names = ["/%d.png" % i for i in range(4)]
    a.pages[MENU] = icons(*names, "Resource:Icon.Messages", "Resource:Icon.Nonsense")
    for name in names:
        a.pages[name] = png(16, 16, "P")
    phone.press("services")
    world.run_until(lambda: len(drawn(phone)) == 5, 5000, "five icons")
    assert asked(a) == [MENU, *names] and len([line for line in world.log if "connection 2 to" in line]) == 0
    assert [row.text for row in phone.screen.rows][:2] == ["Item 0", "Item 1"]
    assert [found.width for found in drawn(phone).values()] == [16, 16, 16, 16, 12]


def drawn(phone):
    return getattr(phone.agent._desk.stack.top, "_icons", {})


def test_a_phone_without_an_inflater_says_so():
    world = World()
    a, _, phone = two(world)
    phone.agent._unpack = None
    phone.press("services")
    wait_for(world, phone, "cannot show such pictures")
    assert asked(a) == [MENU], "what cannot be shown is not fetched"


def test_a_picture_that_takes_too_much_room_is_given_up():
    """A third of what is free is for the packed picture, another one for unpacking it."""
    world = World()
    a, _, phone = two(world)
    phone.agent._heap = lambda: (60000, 200000)
    phone.press("services")
    wait_for(world, phone, "more memory than the phone has")
    world = World()
    a, _, phone = two(world)
    a.pages["/ward.png"] = png(compress_level=0)
    phone.agent._heap = lambda: (60000, 200000)
    phone.press("services")
    wait_for(world, phone, "too large")


def test_memory_that_runs_out_costs_the_picture_only():
    world = World()
    a, _, phone = two(world)
    phone.agent._unpack = lambda: NoRoom
    phone.press("services")
    wait_for(world, phone, "more memory than the phone has")
    assert phone.screen.title == "Ward"
    phone.press("services")
    wait_for(world, phone, "more memory than the phone has")


class NoRoom:
    def __init__(self, pieces, size):
        raise MemoryError


def test_a_network_that_went_brings_the_picture_when_it_is_back():
    world = World()
    a, _, phone = two(world)
    phone.press("services")
    phone.wait_for("Loading the picture")
    phone.network(False)
    world.run(5000)
    assert not shown(phone)
    phone.network(True)
    wait_for_picture(world, phone, within=10000)
