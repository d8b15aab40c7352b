"""A Status that a server pushes stands over whatever the phone shows, until another one comes or it is
cleared."""

import pytest

from tests.story.sites import text
from tests.story.test_execute import OK, phone_of, push
from tests.story.test_pictures import png

QUEUE = "/queue.xml"
HEAD = '<?xml version="1.0"?>\n'
DOTS = "<Width>4</Width><Height>1</Height><Depth>2</Depth><Data>2D</Data>"


def status(said, timer="", more=DOTS, kind="Status"):
    body = "<Text>%s</Text><Timer>%s</Timer>%s" % (said, timer, more)
    return (HEAD + "<CiscoIPPhone%s>%s</CiscoIPPhone%s>" % (kind, body, kind)).encode()


@pytest.fixture
def ward(world):
    world.a = world.site("A")
    phone = phone_of(world, world.a)
    world.a.pages[QUEUE] = status("4 callers wait", 65)
    return phone


def window(phone):
    return phone.screen.window and phone.screen.window[0]


def pushed(world, phone, path=QUEUE):
    url = world.a.url(path)
    assert push(phone, url) == [("0", OK, url)]
    world.run(500)


def test_it_stands_over_the_idle_screen_and_over_pages_and_counts(world, ward):
    pushed(world, ward)
    assert window(ward)["text"] == "4 callers wait" and window(ward)["timer"] == "1:05"
    assert ward.screen.kind == "idle"
    ward.press("services")
    ward.wait_for("Services of A")
    world.run(60000)
    assert window(ward)["timer"][:2] == "2:" and ward.screen.kind == "menu"
    ward.press("back")
    assert ward.screen.kind == "idle" and window(ward), "no key closes it"


def test_a_new_one_takes_its_place_and_a_uri_clears_it(world, ward):
    pushed(world, ward)
    world.a.pages[QUEUE] = status("Nobody waits")
    pushed(world, ward)
    assert window(ward) == {"text": "Nobody waits", "timer": ""}
    assert push(ward, "Init:AppStatus") == [("0", OK, "Init:AppStatus")]
    assert not ward.screen.window


def test_it_leaves_what_is_being_read_and_its_history_alone(world, ward):
    world.a.pages["/news.xml"] = text("News", "Lentil soup.")
    ward.press("services")
    ward.wait_for("Services of A")
    ward.press("1")
    ward.wait_for("News")
    depth = ward.agent._desk.stack.depth
    pushed(world, ward)
    assert ward.agent._desk.stack.depth == depth and ward.screen.title == "News" and window(ward)


def test_its_picture_comes_after_that_of_the_page(world, ward):
    world.a.pages[QUEUE] = status("Queue", "", "<URL>queue.png</URL>", "StatusFile")
    world.a.pages["/queue.png"] = png(262, 50)
    pushed(world, ward)
    world.run_until(lambda: ward.screen.window[1], 3000, "the picture of the window")
    picture = ward.screen.window[1][0]
    assert (picture.width, picture.height) == (262, 50)
