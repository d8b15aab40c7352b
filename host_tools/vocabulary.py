"""The published vocabulary of service pages as a strict phone has it: elements, counts, lengths, order.

Facts from the vendor's application notes and its two XSDs (services-xml.md, sections 2 to 8). What this phone
takes is far more: firmware/phone/wire/.
"""

from typing import NamedTuple

URL_MAX = 256
URL_PATH_MAX = 127  # 6900 series
TITLE, NAME, TEXT = 32, 64, 4000
# One letter of the six, P before or after it or not at all.
FLAGS = r"P?[ATNEUL]|[ATNEUL]P"
# Schemes of internal URIs, as they are written.
INTERNAL = {name.lower(): name for name in (
    "SoftKey", "Key", "Dial", "EditDial", "SendDigits", "Play", "RTPRx", "RTPTx", "RTPMRx", "RTPMTx",
    "Display", "Vibrate", "Init", "Notify", "QueryStringParam", "App", "Device", "UserData",
    "UserDataSoftKey", "UserCallData", "UserCallDataSoftKey", "Application")}  # fmt: skip
# Built-in softkeys, and the objects that alone have them (empty: all).
_DIRECTORY, _INPUT = ("CiscoIPPhoneDirectory",), ("CiscoIPPhoneInput",)
SOFTKEYS = {"Select": (), "Exit": (), "Back": (), "Update": (), "Next": (), "Cancel": (), "Submit": _INPUT,
            "Search": (), "<<": _INPUT, "Dial": _DIRECTORY, "EditDial": _DIRECTORY}  # fmt: skip

_NO_ITEM_NAME = "older phones show no further item, newer ones an empty line"
_NO_URL = "phones with the newer parser say XML Error[4], older ones Host not found"
_NEWER = "phones with the newer parser (8.3(2) up) say XML Error[4]"
_GARBAGE = "the picture is garbage, or XML Error[4]"
_NOTHING = "every phone says XML Error[4]"


class Child(NamedTuple):
    """An element within another: at most `most` of it, `long` characters; a number from `low` to `high`.
    `how` a phone fails where it is missing, "" where it may be. `part`: what it holds in turn, by name."""

    name: str
    most: int = 1
    long: int = 0
    how: str = ""
    low: int | None = None
    high: int = 0
    part: str = ""


class Part(NamedTuple):
    """What an element holds. `attributes`: {name: how a phone fails without it}."""

    children: tuple = ()
    ordered: bool = False
    attributes: dict = {}


_HEAD = (Child("Title", long=TITLE), Child("Prompt", long=TITLE))
_KEYS = (Child("SoftKeyItem", 16, part="softkey"), Child("KeyItem", 32, part="key"))
_URL = Child("URL", long=URL_MAX)
_PLACE = (Child("LocationX", low=-1, high=132), Child("LocationY", low=-1, high=64))
_FILE_PLACE = (Child("LocationX", low=-1, high=297), Child("LocationY", low=-1, high=167))


def _pixels(width, height, data):
    sizes = [Child(name, how=_GARBAGE, low=1, high=high)
             for name, high in (("Width", width), ("Height", height), ("Depth", 2))]
    return (*sizes, Child("Data", long=2 * data, how=_GARBAGE))


def _page(*children, attributes=None):
    return Part((*_HEAD, *children), True, attributes or {})


_NEEDED_URL = Child("URL", long=URL_MAX, how=_NO_URL)
_ICON_ITEMS = Child("MenuItem", 32, part="icon menu item")
PARTS = {
    "softkey": Part((Child("Name", long=TITLE), Child("Position", how=_NEWER, low=-1, high=16), _URL,
                     Child("URLDown", long=URL_MAX))),
    "key": Part((Child("Key", how=_NEWER), _URL, Child("URLDown", long=URL_MAX))),
    "menu item": Part((Child("Name", long=NAME, how=_NO_ITEM_NAME), _URL), True),
    "icon menu item": Part((Child("IconIndex", low=0, high=9), Child("Name", long=NAME, how=_NO_ITEM_NAME),
                            _URL)),
    "touch item": Part((Child("Name", long=TITLE), _URL, Child("TouchArea", part="area"))),
    "area": Part(attributes=dict.fromkeys(("X1", "Y1", "X2", "Y2"), _NEWER)),
    "entry": Part((Child("Name", long=TITLE, how="older phones hide the entry, newer show an empty line"),
                   Child("Telephone", long=TITLE, how=_NEWER)), True),
    "field": Part((Child("DisplayName", long=TITLE), Child("QueryStringParam", long=TITLE, how=_NEWER),
                   Child("InputFlags"), Child("DefaultValue", long=TITLE))),
    "icon": Part((Child("Index", how=_NEWER, low=0, high=9), *_pixels(16, 10, 40))),
    "icon file": Part((Child("Index", how=_NEWER, low=0, high=9), _NEEDED_URL)),
    "command": Part(attributes={"URL": _NOTHING}),
    "reply": Part(),
}  # fmt: skip
OBJECTS = {"CiscoIPPhone" + name: part for name, part in {
    "Menu": _page(Child("MenuItem", 100, part="menu item"), *_KEYS),
    "Text": _page(Child("Text", long=TEXT, how=_NOTHING), *_KEYS),
    "Input": _page(_NEEDED_URL, Child("InputItem", 5, part="field"), *_KEYS),
    "Directory": _page(Child("DirectoryEntry", 32, part="entry"), *_KEYS),
    "Image": _page(*_PLACE, *_pixels(133, 65, 2162), *_KEYS),
    "ImageFile": _page(*_FILE_PLACE, _NEEDED_URL, *_KEYS),
    "GraphicMenu": _page(*_PLACE, *_pixels(133, 65, 2162), Child("MenuItem", 12, part="menu item"), *_KEYS),
    "GraphicFileMenu": _page(*_FILE_PLACE, _NEEDED_URL, Child("MenuItem", 32, part="touch item"), *_KEYS),
    "IconMenu": _page(_ICON_ITEMS, *_KEYS, Child("IconItem", 10, part="icon")),
    "IconFileMenu": _page(_ICON_ITEMS, *_KEYS, Child("IconItem", 10, part="icon file")),
    "Status": Part((Child("Text", long=TITLE), Child("Timer", low=0, high=5939),
                    Child("LocationX", low=-1, high=105), Child("LocationY", low=-1, high=20),
                    *_pixels(106, 21, 557)), True),
    "StatusFile": Part((Child("Text", long=TITLE), Child("Timer", low=0, high=5939),
                        Child("LocationX", low=-1, high=261), Child("LocationY", low=-1, high=49),
                        _NEEDED_URL), True),
    "Execute": Part((Child("ExecuteItem", 3, how=_NOTHING, part="command"),), True),
    "Response": Part((Child("ResponseItem", 3, part="reply"),), True),
    "Error": Part(),
}.items()}  # fmt: skip
