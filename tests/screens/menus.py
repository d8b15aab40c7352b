"""Directories, names of several lines, half a number, and what becomes of a number that was dialled."""

from phone.able import Able
from phone.core.result import Context
from phone.rare import Directory
from phone.records import WHOLE, Menu, menu_item
from phone.ui.directory import DirectoryView
from phone.ui.screen import PRIMARY, Status
from phone.ui.stack import Stack
from phone.ui.views import page_view

_HERE = Status(PRIMARY, "A", "09:41", "Sunday 22 November", "Ward 3", "Served by A", 0)
_NUMBERS = (("Adler, Konrad", "4101"), ("Almássy, Éva", "4102"), ("Emergency, all wards and the porter", "0"),
            ("", "+49 30 1234567"), ("Ward 7 (closed)", ""), ("Иванов, Пётр", "4109"))  # fmt: skip
_DUTIES = ("Night shift\nKlein, from 21:00\nphone 4711", "Day shift\nSørensen", "Porter",
           "Canteen\nuntil two")  # fmt: skip


class _Desk:
    """The desk as far as Able wants it."""

    def __init__(self, stack):
        self.stack = stack

    def stale(self):
        pass

    def cancel(self, now):
        return []


def _pressed(stack, keys):
    for key in keys.split():
        stack.key(key, True, 0)
        stack.key(key, False, 0)
    return stack


def menus(theme):
    """{name: Screen}"""
    out = {}

    def opened(view, keys=""):
        stack = Stack(theme)
        stack.push(view)
        return _pressed(stack, keys)

    def directory(service):
        items = tuple([menu_item(name, number) for name, number in _NUMBERS])
        context = Context(service, None, None, False, True, False, None)
        return DirectoryView(Directory("Telephones", "", items, (), WHOLE), theme, "", context)

    duties = Menu("On duty", "", tuple([menu_item(name, "x") for name in _DUTIES]), (), WHOLE)
    rooms = tuple([menu_item("Room %d" % (101 + room), "x") for room in range(14)])
    many = Menu("Rooms", "", rooms, (), WHOLE)
    out["directory"] = opened(directory("services")).screen(_HERE)
    out["directory_search"] = opened(directory("directory"), "down down").screen(_HERE)
    out["menu_lines"] = opened(page_view(duties, theme, "", None)).screen(_HERE)
    out["menu_lines_down"] = opened(page_view(duties, theme, "", None), "down down down").screen(_HERE)
    out["menu_number"] = opened(page_view(many, theme, "", None), "1").screen(_HERE)
    stack = opened(directory("services"))
    desk = _Desk(stack)
    Able(desk, desk, theme, None).dial("4101", 0)
    out["call"] = stack.screen(_HERE)
    return out
