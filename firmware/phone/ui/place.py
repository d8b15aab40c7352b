"""Where a picture stands on the display, and how large.

A page gives places in the pane of the phones it was written for: 133x65 for pixels within a page, 298x168 for
pictures of files. Here that pane stands in the middle of what lies between title and prompt. It is shown
twice (three times, ...) as large where that fits, as it is where it fits without the title, and else scaled
down until all of it is seen: picture, places and touch areas alike. Pixels within a page were drawn one by
one and cannot be read scaled down, so where they are too high only, up and down move them.
"""

from collections import namedtuple

INLINE, FILE = (133, 65), (298, 168)  # services-xml.md sections 2 and 4
# A picture of a whole pane may lose so small a part of it: that looks better than one scaled by it.
_SPARE = 24

# x, y, width, height: of the picture, in pixels of the display from the left top of its area; `factor`: each
# pixel of it is so many wide and high. titled: whether a title stands above. below: pixels that are out of
# sight below. pane: (x, y, (numerator, denominator)) of the page's own coordinates.
Place = namedtuple("Place", ("x", "y", "width", "height", "factor", "titled", "below", "pane"))


def room(theme, prompt, titled):
    """(width, height) of the area of a picture: between the title, or what stands in its place, and the
    prompt."""
    height = theme.height - theme.status_height - theme.softkey_height
    if prompt:
        height -= theme.prompt_height
    return theme.width, height - theme.title_height if titled else height


def place(theme, prompt, pane, x, y, size, far):
    """The Place of a picture of `size` (width, height). x, y: as the page says, -1: in the middle. far: how
    far touch areas reach in the pane, (x, y)."""
    width, height = size
    whole = [max(x, 0) + width, max(y, 0) + height]
    if pane is INLINE:  # no phone has another one for these: what lies beyond it is not seen
        whole = [min(whole[i], max(pane[i], size[i])) for i in (0, 1)]
        x, y = min(x, pane[0]), min(y, pane[1])
    clip = max(pane[0], whole[0]), max(pane[1], whole[1])
    whole = [max(whole[i], min(far[i], clip[i])) for i in (0, 1)]
    area = room(theme, prompt, True)
    titled = whole[1] * min(area[0], whole[0]) <= area[1] * whole[0]  # scaled to the width if need be
    if not titled:
        area = room(theme, prompt, False)
    if not _holds(area, whole) and (pane is FILE or not _holds((area[0], whole[1]), whole)):
        wide, high = area
        scale = (wide, whole[0]) if wide * whole[1] <= high * whole[0] else (high, whole[1])
        return put(whole, area, scale, x, y, size, 1, titled)
    clip = [max(min(pane[i], area[i]), whole[i]) for i in (0, 1)]
    factor = max(1, min(area[0] // clip[0], area[1] // clip[1]))
    return put(clip, area, (factor, 1), x, y, size, factor, titled)


def _holds(area, reach):
    return reach[0] <= area[0] + reach[0] // _SPARE and reach[1] <= area[1] + reach[1] // _SPARE


def put(pane, area, scale, x, y, size, factor, titled):
    """A Place in the middle of the area, in whole pixels."""
    over, under = scale
    across, down = [(area[i] - pane[i] * over // under) // 2 for i in (0, 1)]
    width, height = [max(1, side * over // under) for side in size]
    below = -2 * down if -down > pane[1] // _SPARE else 0
    top = max(0, down)
    x = across + x * over // under if x >= 0 else (area[0] - width) // 2
    y = top + y * over // under if y >= 0 else max(0, (area[1] - height) // 2)
    return Place(x, y, width, height, factor, titled, below, (across, top, scale))


def area_on(place, area):
    """A touch area (x1, y1, x2, y2) in pixels of the display, from the left top of the picture's area."""
    left, top, scale = place.pane
    over, under = scale
    x1, y1, x2, y2 = area
    x1, y1 = left + x1 * over // under, top + y1 * over // under
    return x1, y1, max(x1, left + (x2 + 1) * over // under - 1), max(y1, top + (y2 + 1) * over // under - 1)


def area_of(more):
    """(x1, y1, x2, y2) of a menu item's "x1,y1,x2,y2", or None where it has no touch area."""
    parts = more.split(",")
    if len(parts) != 4 or not all([part.strip().isdigit() for part in parts]):
        return None
    x1, y1, x2, y2 = [min(int(part), _FAR) for part in parts]
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def reach(areas):
    """How far touch areas reach, (x, y); None among them is passed over."""
    areas = [area for area in areas if area]
    return [max([area[i] + 1 for area in areas]) if areas else 0 for i in (2, 3)]


def nearest(areas, here, across, down):
    """The number of the area that is nearest to area `here` in that direction, the left upper corner where it
    is None; None where there is none. What is aside counts twice."""
    best, here = None, here or (0, 0, 0, 0)
    for index, area in enumerate(areas):
        if area and area is not here:
            # twice the distance of the middles
            x, y = area[0] + area[2] - here[0] - here[2], area[1] + area[3] - here[1] - here[3]
            ahead = x * across + y * down
            far = ahead + 2 * abs(x * down + y * across)
            if ahead > 0 and (best is None or far < best[0]):
                best = far, index
    return best and best[1]


_FAR = 4095  # no pane reaches so far
