"""What servers see of a phone, and what they have it remember: header, cookies, passwords, forms by POST.

What a person types as "a" and "d" stands on the keys 2 and 3.
"""

import hashlib
import re
from base64 import b64encode

import pytest

from tests.story.sites import MENU, TEXT, is_probe, menu, text
from tests.story.test_walk import BACKUP, FAULTS, NEAR, PROMISE, scene
from tests.story.world import World, homes

FORM, SENT, DEEP = "/form.xml", "/sent.xml", "/in/deep.xml"
INPUT = (b"<CiscoIPPhoneInput><Title>Order</Title><URL method=\"post\">%s</URL><InputItem><DisplayName>Table"
         b"</DisplayName><QueryStringParam>table</QueryStringParam><InputFlags>N</InputFlags></InputItem>"
         b"</CiscoIPPhoneInput>")
TOLD = "?name=SEP001122334455&locale=English_United_States"
BASIC = "Basic " + b64encode(b"a:d").decode()


def asked(site):
    """What was asked, as it came."""
    return [request.target for request in site.requests]


# --- header, name and language ------------------------------------------------------------------------


def test_a_service_hears_who_opens_it_and_a_link_does_not():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.press("1")
    phone.wait_for("The canteen at A", within=2000)
    phone.press("directory")
    phone.wait_for("People of A", within=2000)
    assert asked(a) == [MENU + TOLD, TEXT, "/people.xml" + TOLD]
    assert {request.fields["x-ciscoipphonedisplay"] for request in a.requests} == {"320, 138, 2, G"}
    assert {request.fields["x-ciscoipphonemodelname"] for request in a.requests} == {"Everline"}


def test_each_server_of_a_walk_hears_it_and_a_look_in_idle_time_does_not():
    world, a, b, phone = scene()
    a.silent()
    phone.press("services")
    phone.wait_for("Services of B", within=2000)
    assert asked(a) == [MENU + TOLD] and asked(b) == [MENU + TOLD]
    world.run(120000)
    looks = a.requests[1:] + b.requests[1:]
    assert looks and {request.target for request in looks} == {MENU}
    assert not any("cookie" in request.fields or "authorization" in request.fields for request in looks)


def test_a_redirect_is_followed_as_it_is_written():
    world, a, b, phone = scene()
    a.script = lambda site, request: (site.answer(request) if request.path != MENU else
                                      site.answer(request, 302, b"", {"Location": "/other.xml"}))
    a.pages["/other.xml"] = menu("Other")
    phone.press("services")
    phone.wait_for("Other", within=NEAR)
    assert asked(a) == [MENU + TOLD, "/other.xml"]


def test_the_language_of_the_phone_is_told_from_the_next_request_on():
    world, a, b, phone = scene()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.agent._taste.choose_language("de", world.now)
    phone.press("services")
    phone.wait_for(lambda: len(a.requests) == 2, within=2000)
    assert a.requests[1].fields["accept-language"] == "de"
    assert asked(a)[1].endswith("&locale=German_Germany")


def test_blanks_in_the_configuration_are_filled_in():
    world = World()
    a = world.site("A")
    raw = homes(a)
    raw["homes"][0]["pointers"]["services"] = a.url(MENU + "?device=#DEVICENAME#&at=#IP#")
    phone = world.phone(config=raw)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    assert asked(a) == [MENU + "?device=SEP001122334455&at=10.0.0.100&" + TOLD[1:]]


# --- cookies ------------------------------------------------------------------------------------------


def baking(site):
    """It gives a cookie to who has none."""
    def script(site, request):
        given = {} if "cookie" in request.fields else {"Set-Cookie": "site=%s; Path=/" % site.name}
        return site.answer(request, headers=given)

    site.script = script


def cookies(site):
    return [request.fields.get("cookie") for request in site.requests if not is_probe(request)]


def test_a_cookie_goes_back_to_its_site_and_ends_with_the_session():
    world, a, b, phone = scene()
    baking(a)
    baking(b)
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.press("1")
    phone.wait_for("The canteen at A", within=2000)
    a.refuse()
    phone.press("services")
    phone.wait_for("Services of B", within=2000)
    world.run(1000)  # it took the place of an older one: nobody chooses at once
    phone.press("1")
    phone.wait_for("The canteen at B", within=2000)
    assert cookies(a) == [None, "site=A"] and cookies(b) == [None, "site=B"]
    phone.press("services")
    phone.wait_for("Services of B", within=2000)
    phone.softkey("Exit")
    world.run(1000)
    phone.press("services")
    phone.wait_for("Services of B", within=2000)
    assert cookies(b) == [None, "site=B", "site=B", None]


# --- passwords ----------------------------------------------------------------------------------------


def guarded(site, good, challenge='Basic realm="The ward"', below="/in/"):
    """Below a folder it wants a password; good(request) says whether it is right."""
    def script(site, request):
        if not request.path.startswith(below) or good(request):
            return site.answer(request)
        return site.answer(request, 401, b"no", {"WWW-Authenticate": challenge})

    site.script = script


def basic(request):
    return request.fields.get("authorization") == BASIC


def digest(request):
    """RFC 7616 with qop=auth, worked out by other means than the phone's."""
    said = dict(re.findall(r'(\w+)="?([^",]+)"?', request.fields.get("authorization", "")))
    if said.get("nonce") != "n0nce" or said["uri"] != request.target:
        return False

    def hashed(*parts):
        return hashlib.md5(":".join(parts).encode()).hexdigest()

    first, second = hashed("a", "The ward", "d"), hashed(request.method, request.target)
    return said["response"] == hashed(first, "n0nce", said["nc"], said["cnonce"], "auth", second)


KINDS = {"basic": (basic, 'Basic realm="The ward"'),
         "digest": (digest, 'Digest realm="The ward", nonce="n0nce", qop="auth"')}


def inside(kind="basic", **options):
    world, a, b, phone = scene(**options)
    a.pages[MENU] = menu("Services of A", ("Deep", DEEP))
    a.pages[DEEP] = menu("Deep at A", ("More", "more.xml"), ("News", TEXT), ("Far", b.url(TEXT)))
    a.pages["/in/more.xml"] = text("More", "There is more at A.")
    guarded(a, *KINDS[kind])
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.press("1")
    phone.wait_for("The ward", within=2000)
    return world, a, b, phone


def type_in(phone, *keys):
    """The user name, and the password."""
    for key in keys:
        phone.press(key)
        phone.world.run(2500)
        phone.press("select")


def proofs(site):
    return [request.fields.get("authorization", "")[:6].strip() for request in site.requests]


@pytest.mark.parametrize("kind", KINDS)
def test_a_person_is_asked_for_a_password_once(kind):
    world, a, b, phone = inside(kind)
    assert "Password" in phone.text() and not b.requests
    type_in(phone, "2", "3")
    phone.wait_for("Deep at A", within=2000)
    phone.press("1")
    phone.wait_for("There is more at A", within=2000)
    name = kind.capitalize()
    assert proofs(a) == ["", "", "", name, name], "a link, once more, with the password; then at once"
    phone.press("back", "back")
    world.run(100)
    assert "Services of A" in phone.text(), "the page took the place of the question"
    assert not any("d" == word for word in " ".join(said for _, said in phone.notes).split())


def test_a_password_goes_to_no_other_site_and_to_no_page_that_did_not_ask():
    world, a, b, phone = inside()
    type_in(phone, "2", "3")
    phone.wait_for("Deep at A", within=2000)
    phone.press("2")
    phone.wait_for("The canteen at A", within=2000)
    phone.press("back")
    guarded(b, lambda request: False, below="/")
    phone.press("3")
    phone.wait_for("B asks for a password", within=2000)
    assert proofs(a)[-1] == "" and set(proofs(b)) == {""}


def test_a_redirect_takes_no_password_to_another_site():
    world, a, b, phone = inside()
    type_in(phone, "2", "3")
    phone.wait_for("Deep at A", within=2000)
    b.pages["/in/more.xml"] = text("More", "There is more at B.")
    a.redirect(b.url("/in/more.xml"))
    phone.press("1")
    phone.wait_for("There is more at B", within=2000)
    assert proofs(a)[-1] == "Basic" and proofs(b) == [""]


def test_a_wrong_password_is_asked_for_again():
    world, a, b, phone = inside()
    type_in(phone, "2", "2")
    phone.wait_for("does not know this user", within=2000)
    sent = len(a.requests)
    world.run(60000)
    assert len([r for r in a.requests if not is_probe(r)]) == sent, "nobody tries for him"
    phone.press("3")
    world.run(2500)
    phone.press("select")
    phone.wait_for("Deep at A", within=2000)


def test_no_copy_is_kept_of_a_page_behind_a_password():
    world, a, b, phone = inside()
    type_in(phone, "2", "3")
    phone.wait_for("Deep at A", within=2000)
    phone.softkey("Exit")
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    a.refuse()
    b.refuse()
    phone.press("1")
    phone.wait_for("A refused the connection", within=2000)
    assert "More" not in phone.text()


def test_who_does_not_want_to_type_it_goes_back():
    world, a, b, phone = inside()
    phone.press("back")
    world.run(100)
    assert "Services of A" in phone.text()


def test_a_password_ends_with_the_session():
    world, a, b, phone = inside()
    type_in(phone, "2", "3")
    phone.wait_for("Deep at A", within=2000)
    phone.softkey("Exit")
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.press("1")
    phone.wait_for("The ward", within=2000)


def test_a_service_that_wants_a_password_is_no_reason_to_leave_its_server():
    world, a, b, phone = scene()
    guarded(a, basic, below="/")
    phone.press("services")
    phone.wait_for("The ward", within=2000)
    type_in(phone, "2", "3")
    phone.wait_for("Services of A", within=2000)
    assert not b.sent
    phone.press("back")
    world.run(100)
    assert not phone.agent._desk.stack.depth


# --- forms by POST ------------------------------------------------------------------------------------


def typed(seed=1, address=SENT):
    """A form of A with a 4 in it."""
    world, a, b, phone = scene(seed)
    a.pages[MENU] = menu("Services of A", ("Order", FORM))
    for site in (a, b):
        site.pages[SENT] = text("Thanks", "Ordered at %s." % site.name)
    a.pages[FORM] = INPUT % address.encode()
    phone.press("services")
    phone.wait_for("Services of A", within=NEAR)
    phone.press("1")
    phone.wait_for("Order", within=2000)
    phone.press("4")
    return world, a, b, phone


def posts(site):
    return [(r.target, r.body, r.fields["content-type"]) for r in site.requests if r.method == "POST"]


ONE = [(SENT, b"table=4", "application/x-www-form-urlencoded")]


@pytest.mark.parametrize("seed", range(5))
def test_a_form_is_posted(seed):
    world, a, b, phone = typed(seed)
    phone.softkey("Submit")
    phone.wait_for("Ordered at A", within=2000)
    assert posts(a) == ONE and not posts(b)


@pytest.mark.parametrize("fault", ["silent", "frozen", "500", "cut in the page", "closed without a word",
                                   "reset without a word", "slow from the first byte", "garbage"])
def test_a_form_that_was_sent_is_never_sent_again_unasked(fault):
    world, a, b, phone = typed()
    FAULTS[fault][0](a)
    phone.softkey("Submit")
    phone.wait_for(lambda: "Again" in phone.screen.softkeys, within=PROMISE)
    world.run(60000)
    assert posts(a) in (ONE, []) and not posts(b)
    a.well()
    phone.softkey("Again")
    phone.wait_for("Ordered at A", within=2000)
    assert posts(a)[-1:] == ONE


def test_an_older_page_never_stands_for_the_answer_to_a_form():
    world, a, b, phone = typed()
    phone.softkey("Submit")
    phone.wait_for("Ordered at A", within=2000)
    phone.press("back")
    a.cut(-1)
    phone.softkey("Submit")
    phone.wait_for(lambda: "Again" in phone.screen.softkeys, within=PROMISE)
    assert "Ordered" not in phone.text()


def test_a_form_goes_to_the_next_server_where_no_byte_was_sent():
    world, a, b, phone = typed()
    a.refuse()
    phone.softkey("Submit")
    phone.wait_for("Ordered at B", within=2000)
    assert posts(b) == ONE and phone.screen.mark == BACKUP


def test_a_form_is_not_written_to_a_connection_that_may_be_closed_just_then():
    world, a, b, phone = typed()
    connects = len(a.connects)
    phone.softkey("Submit")
    phone.wait_for("Ordered at A", within=2000)
    assert len(a.connects) == connects + 1


@pytest.mark.parametrize("code", [301, 302, 303])
def test_the_answer_to_a_form_may_be_elsewhere(code):
    world, a, b, phone = typed(address="/post")
    answer = b.url(SENT)
    a.script = lambda site, request: (site.answer(request, code, b"", {"Location": answer})
                                      if request.method == "POST" else site.answer(request))
    phone.softkey("Submit")
    phone.wait_for("Ordered at B", within=2000)
    assert len(posts(a)) == 1 and asked(b) == [SENT] and not posts(b)


@pytest.mark.parametrize("code", [307, 308])
def test_a_form_is_sent_on_within_its_site_only(code):
    world, a, b, phone = typed(address="/post")
    where = [SENT]
    a.script = lambda site, request: (site.answer(request, code, b"", {"Location": where[0]})
                                      if request.target == "/post" else site.answer(request))
    phone.softkey("Submit")
    phone.wait_for("Ordered at A", within=2000)
    assert [body for _, body, _ in posts(a)] == [b"table=4"] * 2
    phone.press("back")
    where[0] = b.url(SENT)
    phone.softkey("Submit")
    phone.wait_for("to another server", within=2000)
    assert not b.requests


def test_a_form_that_needs_a_password_is_sent_when_it_has_one():
    world, a, b, phone = typed(address="/in/post")
    a.pages["/in/post"] = text("Thanks", "Ordered at A.")
    guarded(a, basic)
    phone.softkey("Submit")
    phone.wait_for("The ward", within=2000)
    type_in(phone, "2", "3")
    phone.wait_for("Ordered at A", within=2000)
    assert {body for _, body, _ in posts(a)} == {b"table=4"} and proofs(a)[-1] == "Basic"
