"""Directories: names and numbers, Dial, EditDial, and names that are looked for."""

from ui_fakes import large

from phone.core.cache import PLAIN, Copy
from phone.core.result import Context
from phone.rare import Directory
from phone.records import WHOLE, Menu, SoftKey, menu_item
from phone.ui.defaults import follow
from phone.ui.directory import DirectoryView
from phone.ui.screen import Intent, Row
from phone.ui.search import search_view
from phone.ui.stack import Stack

ITEMS = (menu_item("Ada", "4711"), menu_item("", "+49 30 123"), menu_item("Nobody", ""))


def view(softkeys=(), service="services", items=ITEMS):
    context = Context(service, None, None, False, True, False, None)
    return DirectoryView(Directory("People", "", items, softkeys, WHOLE), large(), "", context)


def test_names_and_their_numbers():
    shown = view().show(5, None)
    assert shown[0] == "menu" and shown[2] == (
        Row(1, "Ada", "4711", None), Row(2, "+49 30 123", "", None), Row(0, "Nobody", "", None))  # fmt: skip


def test_who_is_selected_is_dialled_or_edited():
    people = view()
    for key in ("select", "dial", "1"):
        assert people.key(key, 0) == Intent("open", "Dial:4711")
    assert people.chosen == "Ada" and people.link == "Dial:4711"
    assert people.key("editdial", 0) == Intent("open", "EditDial:4711")
    people.key("down", 0)
    assert people.key("editdial", 0) == Intent("open", "EditDial:+49 30 123")
    people.key("down", 0)
    for key in ("select", "dial", "editdial"):
        assert people.key(key, 0) is None
    nobody = view(items=())
    assert nobody.key("editdial", 0) is None and nobody.key("dial", 0) is None and nobody.link == ""


def test_softkeys():
    assert view().bar.labels() == ("Dial", "EditDial", "Cancel", "Back")
    people = view(service="directory")
    assert people.bar.labels() == ("Dial", "EditDial", "Search", "More")
    assert people.bar.press(3) is None and people.bar.labels() == ("Cancel", "Back", "", "More")
    following = view()
    follow(following.bar)
    assert following.bar.labels() == ("Dial", "EditDial", "Next", "Back")
    own = (SoftKey("Call", 1, "SoftKey:Dial", ""), SoftKey("Edit", 2, "SoftKey: EditDial", ""))
    people = view(own, "directory")
    assert people.bar.labels() == ("Call", "Edit", "", "")
    stack = Stack(large())
    stack.push(people)
    assert stack.key("soft1", True, 0) == Intent("open", "Dial:4711")
    assert stack.key("soft2", True, 0) == Intent("open", "EditDial:4711")


def test_names_are_looked_for_here_and_in_copies():
    class Cache:
        def of(self, service):
            return copies

    context = Context("services", None, None, False, True, False, None)
    more = Menu("", "", (menu_item("Adam", "adam.xml"),), (), WHOLE)
    others = Directory("", "", (menu_item("Adele", "12"),), (), WHOLE)
    copies = [Copy(None, context, record, 0, *PLAIN) for record in (more, others)]
    found = search_view(view(), Cache(), large())
    for digit in "23":
        found.key(digit, 0)
    assert [row.text for row in found.show(9, None)[2]] == ["Ada", "Adam", "Adele"]
    assert found.key("select", 0) == Intent("open", "Dial:4711")
    found.key("down", 0)
    assert found.key("select", 0) == Intent("open", "adam.xml")
    found.key("down", 0)
    assert found.key("select", 0) == Intent("open", "Dial:12")


def test_a_page_that_has_just_changed_dials_nobody():
    people = view()
    people.blind = 300
    for key in ("select", "dial", "1"):
        assert people.key(key, 299) is None
    assert people.key("dial", 300) == Intent("open", "Dial:4711")
