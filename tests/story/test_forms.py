"""Forms: typed on the keypad, sent once, and never lost by what happens to servers, network and memory."""

from urllib.parse import parse_qsl

import pytest

from phone import events
from tests.story.sites import menu, text
from tests.story.test_execute import ALARM, OK, phone_of, push
from tests.story.test_walk import FIRST_BYTE, NEAR, PROMISE
from tests.story.world import World, homes

LETTERS = (" 0", "1", "abc2", "def3", "ghi4", "jkl5", "mno6", "pqrs7", "tuv8", "wxyz9")
FORM = """<CiscoIPPhoneInput><Title>Find</Title><Prompt>Who?</Prompt><URL%s>%s</URL>
<InputItem><DisplayName>Name</DisplayName><QueryStringParam>n</QueryStringParam>
<InputFlags>A</InputFlags><DefaultValue/></InputItem>
<InputItem><DisplayName>PIN</DisplayName><QueryStringParam>pin</QueryStringParam>
<InputFlags>NP</InputFlags></InputItem>%s</CiscoIPPhoneInput>"""
POST = ' method="post"'
UPDATE = "<SoftKeyItem><Name>%s</Name><Position>%d</Position><URL>SoftKey:%s</URL></SoftKeyItem>"


def form(method="", url="found.xml?page=1", more=""):
    return (FORM % (method, url, more)).encode()


def scene(page=None, **options):
    """A phone with the form of its first server on the screen."""
    world = World()
    a, b = world.site("A"), world.site("B")
    for site in (a, b):
        site.pages["/menu.xml"] = menu("Services of " + site.name, ("Find", "find.xml"))
        site.pages["/find.xml"] = page or form()
        site.pages["/found.xml"] = text("Found", "Found by %s." % site.name)
    phone = phone_of(world, a, b, **options)
    phone.press("services")
    phone.wait_for("Services of A")
    phone.press("1")
    phone.wait_for("PIN")
    return world, a, b, phone


def types(phone, words):
    """Type it, in small letters, each on its key."""
    for letter in words:
        key = [key for key, letters in enumerate(LETTERS) if letter in letters][0]
        phone.press(*[str(key)] * (LETTERS[key].index(letter) + 1))
        phone.press("right")


def filled(phone):
    """As a nurse would have it: her name, and a secret."""
    phone.press("5", "3", "3", "right", "3", "right", "7")  # jed, p
    phone.press("select", "4", "7", "1", "1")
    return phone


def standing(phone):
    """What stands in the fields of the form on the screen."""
    assert phone.screen.kind == "form", phone.picture()
    return [row.aside for row in phone.screen.rows]


def pairs(request):
    return parse_qsl(request.query, keep_blank_values=True)


def test_a_form_is_filled_in_and_sent_with_the_address():
    world, a, b, phone = scene()
    types(phone, "jo be")
    assert standing(phone) == ["jo be", ""]
    phone.press("down", "4", "7", "1", "1")
    assert standing(phone) == ["jo be", "***1"], "the last digit can be read"
    world.run(1500)
    assert standing(phone) == ["jo be", "****"], "for a moment"
    phone.softkey("Submit")
    phone.wait_for("Found by A.")
    assert pairs(a.requests[-1]) == [("page", "1"), ("n", "jo be"), ("pin", "4711")]
    phone.press("back")
    assert standing(phone) == ["jo be", "****"]


def test_letters_of_other_languages_arrive():
    world, a, b, phone = scene()
    phone.press("6", "right", "8", "8", "8", "8", "8", "right", *"555", "right", *"555", "right", "3", "3")
    phone.softkey("Submit")
    phone.wait_for("Found by A.")
    assert pairs(a.requests[-1])[1] == ("n", "mülle")


def test_a_secret_is_in_no_account():
    world, a, b, phone = scene()
    filled(phone)
    a.silent()
    phone.softkey("Submit")
    world.run(PROMISE)
    a.well()
    phone.softkey("Again")
    phone.wait_for("Found by A.")
    told = [note for _, note in phone.notes] + [repr(line) for line in phone.asked]
    assert not [line for line in told if "4711" in line], "the account is read by whoever mends the phone"


def test_a_form_is_posted():
    world, a, b, phone = scene(form(POST))
    filled(phone)
    phone.softkey("Submit")
    phone.wait_for("Found by A.")
    request = a.requests[-1]
    assert (request.method, request.path, request.query) == ("POST", "/found.xml", "page=1")
    assert request.fields["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qsl(bytes(request.body).decode()) == [("n", "jedp"), ("pin", "4711")]


@pytest.mark.parametrize("method", ["", POST])
@pytest.mark.parametrize("fault", ["silent", "cut", "freeze"])
def test_what_was_sent_is_never_sent_elsewhere_unasked(method, fault):
    world, a, b, phone = scene(form(method))
    filled(phone)
    a.cut(after=-1) if fault == "cut" else getattr(a, fault)()
    before = len(a.sent), len(b.sent)
    phone.softkey("Submit")
    world.run(PROMISE)
    assert len(b.sent) == before[1] and len(a.sent) <= before[0] + 1
    assert "Again" in phone.screen.softkeys and "Try B" in phone.screen.softkeys
    phone.press("back")
    assert standing(phone) == ["jedp", "****"], "nothing was lost"
    phone.softkey("Submit")
    world.run(PROMISE)
    assert len(b.sent) == before[1]
    phone.softkey("Try B")
    phone.wait_for("Found by B.")
    assert len(b.sent) == before[1] + 1, "once, because the person said so"


@pytest.mark.parametrize("method", ["", POST])
def test_what_was_not_sent_goes_to_the_next_server(method):
    world, a, b, phone = scene(form(method))
    filled(phone)
    a.refuse()
    phone.softkey("Submit")
    phone.wait_for("Found by B.", within=FIRST_BYTE)
    sent = b.requests[-1]
    assert sent.query + bytes(sent.body).decode() == (
        "page=1" + ("" if method else "&") + "n=jedp&pin=4711")
    phone.press("back")
    assert standing(phone) == ["jedp", "****"]


def test_all_servers_are_gone_and_the_form_is_still_there():
    world, a, b, phone = scene()
    filled(phone)
    a.refuse(), b.refuse()
    phone.softkey("Submit")
    world.run(PROMISE)
    assert phone.screen.kind == "text"
    for event in (events.Low(),):
        phone.feed(event)
    phone.agent.relieve(phone.now)
    phone.press("back")
    assert standing(phone) == ["jedp", "****"]
    a.well()
    world.run(60000)
    phone.softkey("Submit")
    phone.wait_for("Found by A.")


def test_the_network_goes_and_comes_while_somebody_types():
    world, a, b, phone = scene()
    phone.press("5", "3")
    phone.network(False)
    world.run(2000)
    phone.press("3")
    assert standing(phone) == ["jdd", ""]
    phone.softkey("Submit")
    phone.wait_for("The phone has no network.")
    phone.network(True)
    phone.press("back")
    assert standing(phone) == ["jdd", ""]
    phone.softkey("Submit")
    phone.wait_for("Found by A.")


def test_a_pushed_page_waits_for_what_is_half_typed():
    world, a, b, phone = scene()
    filled(phone)
    url = a.url(ALARM)
    assert push(phone, url) == [("0", OK, url)]
    phone.wait_for("A page was pushed. It comes when nothing is typed any more.", within=NEAR)
    world.run(20000)
    assert standing(phone) == ["jedp", "****"]
    phone.softkey("Submit")
    phone.wait_for("Everybody out")
    phone.press("back", "back")
    assert standing(phone) == ["jedp", "****"]


def test_a_pushed_page_waits_for_a_form_that_could_not_be_sent():
    world, a, b, phone = scene()
    filled(phone)
    a.silent()
    phone.softkey("Submit")
    world.run(PROMISE)
    push(phone, b.url(ALARM))
    world.run(5000)
    assert "Again" in phone.screen.softkeys
    a.well()
    phone.press("back")
    assert standing(phone) == ["jedp", "****"]
    phone.softkey("Submit")
    phone.wait_for("Everybody out")


def test_a_pushed_page_lies_over_a_form_that_nobody_has_touched():
    world, a, b, phone = scene()
    push(phone, a.url(ALARM))
    phone.wait_for("Everybody out", within=FIRST_BYTE)
    phone.press("back")
    assert standing(phone) == ["", ""]


def test_the_page_again_keeps_what_was_typed():
    keys = UPDATE % ("Anew", 1, "Update") + UPDATE % ("Send", 2, "Submit") + UPDATE % ("Less", 3, "&lt;&lt;")
    world, a, b, phone = scene(form(more=keys))
    filled(phone)
    a.pages["/find.xml"] = form(more=keys).replace(b"Who?", b"Who is it?")
    phone.softkey("Anew")
    phone.wait_for("Who is it?")
    assert standing(phone) == ["jedp", "****"]
    phone.softkey("Less")
    phone.softkey("Send")
    phone.wait_for("Found by A.")
    assert pairs(a.requests[-1])[1:] == [("n", "jedp"), ("pin", "471")]


def test_a_full_heap_takes_the_page_on_top_and_not_the_form_below():
    world, a, b, phone = scene()
    filled(phone)
    phone.softkey("Submit")
    phone.wait_for("Found by A.")
    phone.agent.relieve(phone.now, True)
    phone.feed(events.Tick())
    assert "Found by A." not in phone.text()
    phone.press("back")
    assert standing(phone) == ["jedp", "****"]


def test_forms_of_a_small_phone():
    world, a, b, phone = scene(display=(128, 64, 2))
    filled(phone)
    phone.press("select")
    phone.wait_for("Found by A.")


def test_homes_have_no_form_by_themselves(world):
    """Nothing of a form is fetched from a copy: it may be another person's."""
    a = world.site("A")
    a.pages["/menu.xml"] = form()
    phone = world.phone(config=homes(a))
    phone.press("services")
    phone.wait_for("Who?")
    types(phone, "me")
    phone.press("back", "back", "back")
    a.refuse()
    phone.press("services")
    world.run(PROMISE)
    assert phone.screen.kind != "form"
