"""What few pages are: as records.py, loaded with the first of them, because each kind takes 300 bytes."""

from collections import namedtuple

# CiscoIPPhoneDirectory. items: as of Menu, with a telephone number in the place of the URL.
Directory = namedtuple("Directory", ("title", "prompt", "items", "softkeys", "mends"))
# CiscoIPPhoneIconMenu and IconFileMenu. items: as of Menu, `more` is an IconIndex; icons: tuple of Icon.
IconMenu = namedtuple("IconMenu", ("title", "prompt", "items", "icons", "softkeys", "mends"))
# CiscoIPPhoneImage, ImageFile, GraphicMenu, GraphicFileMenu. x, y: pixels, -1 centres. picture: a Picture,
# None where `url` says whence it comes. items: as of Menu, `more` is a touch area "x1,y1,x2,y2" or "".
Image = namedtuple("Image", ("title", "prompt", "x", "y", "picture", "url", "items", "softkeys", "mends"))
# CiscoIPPhoneStatus and StatusFile: a window over the page. timer: seconds to count up from, -1 for none.
Status = namedtuple("Status", ("text", "timer", "x", "y", "picture", "url", "mends"))
# CiscoIPPhoneInput. post: it is submitted by POST; fields: tuple of Field.
Input = namedtuple("Input", ("title", "prompt", "url", "post", "fields", "softkeys", "mends"))
# CiscoIPPhoneExecute and Response. items: tuple of Command, or of Reply.
Execute = namedtuple("Execute", ("items", "mends"))
Response = namedtuple("Response", ("items", "mends"))
# One field of an Input. flags: a letter of "ATNEUL", a P behind it where nobody may read along, an R where it
# must be filled in.
Field = namedtuple("Field", ("name", "param", "flags", "value"))
# index: an int. url: "Resource:Icon.Connected" or an address, "" where `picture` is there.
Icon = namedtuple("Icon", ("index", "url", "picture"))
# Two bits a pixel, 3 is ink. strips: tuple of bytes, at most 1 KB each, together one stream of pixels by rows
# that are not padded, the first in the lowest bits (services-xml.md section 6). What is missing is 0.
Picture = namedtuple("Picture", ("width", "height", "strips"))
# One item of an Execute: priority 0, 1, 2. One of a Response: all str.
Command = namedtuple("Command", ("priority", "url"))
Reply = namedtuple("Reply", ("status", "data", "url"))
