"""Links and softkeys that are no pages, keys that a page traps, and directories: what the person gets."""

import pytest

from tests.story.sites import menu, text

QUICK = 300
PAGE = "/page.xml"


def softkeys(*keys):
    row = "<SoftKeyItem><Name>%s</Name><Position>%d</Position><URL>%s</URL>%s</SoftKeyItem>"
    return "".join(row % (name, place + 1, url, "<URLDown>%s</URLDown>" % down if down else "")
                   for place, (name, url, *more) in enumerate(keys) for down in [more[0] if more else ""])


def keys(*pairs):
    return "".join("<KeyItem><Key>%s</Key><URL>%s</URL></KeyItem>" % pair for pair in pairs)


def page(items=(), inner=""):
    whole = menu("Page", *items).decode()
    return whole.replace("</CiscoIPPhoneMenu>", inner + "</CiscoIPPhoneMenu>").encode()


@pytest.fixture
def ward(world):
    """A phone that shows what is at PAGE: show(ward, bytes) puts it there."""
    world.a = world.site("A")
    phone = world.phone(world.a)
    phone.site = world.a
    return phone


def show(ward, body):
    ward.site.pages["/menu.xml"] = body
    before = len(ward.site.sent)
    ward.press("services")
    ward.wait_for(lambda: len(ward.site.sent) > before and not ward.screen.busy, within=2000)
    ward.world.run(400)  # a page that has just changed takes no choice
    assert ward.screen.title == "Page"


def typed(ward):
    """What is in the first field of the form on screen."""
    assert ward.screen.kind == "form"
    return ward.screen.rows[0].aside


def chosen(ward, uri):
    """Choose a link with this URI on a page of its own; what the screen says then."""
    show(ward, page([("Do it", uri), ("Else", "news.xml")]))
    ward.press("select")
    return ward.text() + " " + ward.screen.prompt


def test_a_number_is_shown_until_there_are_calls(ward):
    assert "4711" in chosen(ward, "Dial:4711:0:appId") and ward.screen.title.startswith("Call ")
    ward.press("back")
    assert ward.screen.title == "Page"
    assert "+4930123" in chosen(ward, "tel:+49 (30) 12-3")
    assert "nobody is no number" in chosen(ward, "Dial:nobody") and ward.screen.title == "Page"


def test_a_number_is_changed_before_it_is_dialled(world, ward):
    chosen(ward, "EditDial:4711")
    assert typed(ward) == "4711"
    ward.press("0")
    world.run(2000)
    ward.softkey("Dial")
    assert "04711" in ward.text() and ward.screen.title.startswith("Call ")


def test_keys_and_softkeys_as_links(ward):
    chosen(ward, "Key:Directories")
    ward.wait_for("People of A", within=QUICK)
    assert ward.screen.kind == "menu"
    chosen(ward, "Softkey: Exit")
    assert ward.screen.kind == "idle"
    chosen(ward, "Init:Services")
    ward.wait_for("Page", within=QUICK)
    assert "Network" in chosen(ward, "Key:Settings")
    chosen(ward, "Key:NavDwn")
    assert ward.screen.selected == 1
    chosen(ward, "SoftKey:Update")
    assert ward.screen.title == "Page"


def test_what_this_phone_lacks_is_said(ward):
    for uri in ("RTPRx:10.0.0.9:20480", "Vibrate:1:2:3", "UserData:1:0:0:9:x", "Key:Line1", "Device:Unlock"):
        assert "This phone has no such thing." in chosen(ward, uri), uri
        assert ward.screen.title == "Page"
    assert "There is no call." in chosen(ward, "SendDigits:1")
    assert "It belongs to a softkey." in chosen(ward, "QueryStringParam:a=1")
    assert "It is no URI that a phone knows." in chosen(ward, "Bogus:1")


def test_a_key_that_presses_itself_ends(ward):
    round_and_round = softkeys(("Round", "Key:Soft1")) + keys(("KeyPad1", "Key:KeyPad1"))
    show(ward, page([("x", "Key:NavSelect")], round_and_round))
    for key in ("soft1", "select", "1"):
        ward.press(key)
        assert ward.screen.title == "Page"


def test_tones(ward):
    chosen(ward, "Play:Chime.raw")
    assert [name for _, name in ward.tones] == ["alert"]
    chosen(ward, "Play:Stop")
    assert [name for _, name in ward.tones] == ["alert", ""]


def test_the_screen_goes_dark_until_its_time_or_a_key(world, ward):
    chosen(ward, "Display:Off:1")
    assert ward.light == 0
    world.run(59000)
    assert ward.light == 0
    world.run(2000)
    assert ward.light == 100
    chosen(ward, "Display:Off")
    world.run(3600000)
    assert ward.light == 0
    ward.press("down")
    assert ward.light == 100
    chosen(ward, "Display:Off:0")
    chosen_light = ward.light
    chosen(ward, "Display:Default")
    assert (chosen_light, ward.light) == (0, 100)


def test_a_key_down_and_up(ward):
    show(ward, page([("x", "")], softkeys(("Hold", "Play:Stop", "Play:a.raw"))))
    ward.press("soft1")
    assert [name for _, name in ward.tones] == ["alert"]
    ward.world.run(200)
    assert [name for _, name in ward.tones] == ["alert", ""]


def test_keys_that_a_page_traps(ward):
    own = keys(("KeyPadStar", "Dial:7"), ("NavRight", "news.xml"), ("KeyPad1", ""))
    show(ward, page([("a", "news.xml")], own))
    ward.press("1")
    assert ward.screen.title == "Page"
    ward.press("*")
    assert ward.screen.title.startswith("Call ")
    ward.press("back", "right")
    ward.wait_for("canteen", within=QUICK)


def test_an_item_and_a_softkey_make_an_address(ward):
    ward.site.pages["/go.xml"] = lambda request: text("Gone", request.query)
    show(ward, page([("a", "QueryStringParam:id=1"), ("b", "QueryStringParam:id=2")],
                    softkeys(("Go", "go.xml?x=y"))))  # fmt: skip
    ward.press("down", "soft1")
    ward.wait_for("Gone", within=QUICK)
    assert ward.site.sent[-1] == "GET /go.xml?x=y&id=2"
    show(ward, page([("a", "go.xml")], softkeys(("More", "QueryStringParam:more=1"))))
    ward.press("soft1")
    ward.wait_for("Gone", within=QUICK)
    assert ward.site.sent[-1] == "GET /go.xml?more=1"


# --- Notify -----------------------------------------------------------------------------------------------


def posts(site):
    found = [request for request in site.requests if request.method == "POST"]
    return [(request.target, request.body.decode(), request.fields.get("authorization")) for request in found]


def test_a_server_is_notified(world, ward):
    other = world.site("Other", port=8080)
    other.pages["/seen"] = other.pages["/seen/it"] = b"thanks"
    other.headers["Set-Cookie"] = "a=b"
    chosen(ward, "Notify:http:%s:8080:seen/it:dXNlcjpwYXNz:who=7&what=a b" % other.host)
    world.run(500)
    assert posts(other) == [("/seen/it", "DATA=who%3D7%26what%3Da%20b", "Basic dXNlcjpwYXNz")]
    chosen(ward, "Notify:http:%s:8080:/seen" % other.host)
    world.run(500)
    assert posts(other)[1:] == [("/seen", "DATA=", None)]
    assert "cookie" not in other.requests[-1].fields and ward.said("%s was notified." % other.host)
    assert ward.screen.title == "Page"
    assert "What follows its colon" in chosen(ward, "Notify:ftp:a:1:b")


def test_it_is_tried_three_times(world, ward):
    other = world.site("Other")
    other.pages["/seen"] = b"thanks"
    other.status(500)
    chosen(ward, "Notify:http:%s:80:seen" % other.host)
    world.run(8000)
    assert len(posts(other)) == 3 and "Not notified" in ward.screen.prompt
    other.status(404)
    chosen(ward, "Notify:http:%s:80:seen" % other.host)
    world.run(20000)
    assert len(posts(other)) == 4, "it is alive, and will not have it"
    other.refuse()
    chosen(ward, "Notify:http:%s:80:seen" % other.host)
    world.run(4000)
    other.well()
    world.run(10000)
    assert len(posts(other)) == 5 and ward.said("%s was notified." % other.host)


# --- directories ------------------------------------------------------------------------------------------


def test_a_directory(ward):
    entry = "<DirectoryEntry><Name>%s</Name><Telephone>%s</Telephone></DirectoryEntry>"
    rows = "".join(entry % pair for pair in (("Ada", "101"), ("Grace", "102"), ("Nobody", "")))
    ward.site.pages["/people.xml"] = (
        "<CiscoIPPhoneDirectory><Title>Page</Title>%s</CiscoIPPhoneDirectory>" % rows).encode()
    ward.press("directory")
    ward.wait_for("Page", within=2000)
    assert [(row.text, row.aside) for row in ward.screen.rows][:2] == [("Ada", "101"), ("Grace", "102")]
    assert ward.screen.softkeys == ("Dial", "EditDial", "Search", "More")
    ward.press("2")
    assert "102" in ward.text() and ward.screen.title.startswith("Call ")
    ward.press("back")
    ward.softkey("EditDial")
    assert typed(ward) == "102"
    ward.press("back")
    ward.softkey("Search")
    ward.press("2", "select")
    assert "101" in ward.text() and ward.screen.title.startswith("Call ")


# --- keys that are held, numbers, and pages that another one follows --------------------------------------


def test_back_that_is_held_leads_home(world, ward):
    show(ward, page([("a", "news.xml")]))
    ward.press("select")
    ward.wait_for("canteen", within=QUICK)
    ward.press("back", held=900)
    world.run(900)
    assert ward.screen.kind == "idle"


def test_a_number_that_may_go_on_says_so(world, ward):
    show(ward, page([("Item %d" % (number + 1), "news.xml") for number in range(12)]))
    ward.press("1")
    assert ward.screen.title == "1_ Page" and ward.screen.selected == 0
    ward.press("2")
    ward.wait_for("canteen", within=QUICK)
    ward.press("back", "1")
    world.run(1200)
    assert "canteen" in ward.text()


def test_pages_of_a_directory_by_next(world, ward):
    entry = "<DirectoryEntry><Name>%s</Name><Telephone>1</Telephone></DirectoryEntry>"
    whole = "<CiscoIPPhoneDirectory><Title>Page</Title>%s</CiscoIPPhoneDirectory>"
    for place, name in (("/people.xml", "Ada"), ("/more.xml", "Bea"), ("/last.xml", "Cy")):
        ward.site.pages[place] = (whole % (entry % name)).encode()
    ward.site.fields["/people.xml"] = {"Refresh": "0; url=more.xml"}
    ward.site.fields["/more.xml"] = {"Refresh": "0; url=http://10.0.0.1/last.xml"}
    show(ward, page([("a", "people.xml")]))
    ward.press("select")
    ward.wait_for("Ada", within=QUICK)
    assert ward.screen.softkeys == ("Dial", "EditDial", "Next", "Back")
    ward.softkey("Next")
    ward.wait_for("Bea", within=QUICK)
    ward.softkey("Next")
    ward.wait_for("Cy", within=QUICK)
    assert ward.screen.softkeys == ("Dial", "EditDial", "Cancel", "Back")
    ward.press("back")
    assert "Bea" in ward.text()
    ward.softkey("Back")
    assert "Ada" in ward.text()


def test_update_stands_where_the_first_softkey_lacks(ward):
    own = softkeys(("Exit", "SoftKey:Exit")).replace("<Position>1<", "<Position>2<")
    show(ward, page([("a", "news.xml")], own))
    assert ward.screen.softkeys == ("Update", "Exit", "", "")
    before = len(ward.site.sent)
    ward.softkey("Update")
    ward.wait_for(lambda: len(ward.site.sent) > before, within=QUICK)
