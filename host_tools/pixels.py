"""A picture as the Data of a service page: `python -m host_tools.pixels FILE [--width 133] [--height 65]`.

Two bits a pixel, the leftmost in the lowest bits, row after row without padding, 3 is black (services-xml.md,
section 6). What is larger than the picture of a commercial phone is scaled down; what it prints goes into an
Image, a GraphicMenu or an IconItem as it is.
"""

import argparse
import sys
from pathlib import Path

from PIL import Image

from host_tools.problem import Problem

# An Image or a GraphicMenu; an icon has 16x10, a Status 106x21.
WIDTH, HEIGHT = 133, 65
_LEVELS = 4
_WHITE = 255


def grey(image: Image.Image) -> Image.Image:
    """The picture in grey, on white where one could look through it."""
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    return paper.convert("L")


def levels(image: Image.Image) -> list:
    """Each pixel as 0 (white) to 3 (black), row after row; what lies between is dithered."""
    palette = Image.new("P", (1, 1))
    greys = [_WHITE * (_LEVELS - 1 - level) // (_LEVELS - 1) for level in range(_LEVELS)]
    palette.putpalette([part for value in greys for part in (value, value, value)])
    return list(grey(image).convert("RGB").quantize(_LEVELS, palette=palette).tobytes())


def packed(pixels) -> bytes:
    """Two-bit pixels as bytes, the first in the lowest bits; the last byte is filled up with white."""
    filled = list(pixels) + [0] * (-len(pixels) % 4)
    return bytes(filled[at] | filled[at + 1] << 2 | filled[at + 2] << 4 | filled[at + 3] << 6
                 for at in range(0, len(filled), 4))


def elements(image: Image.Image) -> str:
    """Width, Height, Depth and Data of a page, for this picture."""
    data = packed(levels(image)).hex().upper()
    return "<Width>%d</Width>\n<Height>%d</Height>\n<Depth>2</Depth>\n<Data>%s</Data>" % (*image.size, data)


def main(arguments) -> int:
    parser = argparse.ArgumentParser(description="A picture as the Data of a service page.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--width", type=int, default=WIDTH)
    parser.add_argument("--height", type=int, default=HEIGHT)
    given = parser.parse_args(arguments)
    try:
        image = Image.open(given.file)
        image.load()
    except OSError as problem:
        raise Problem("%s is no picture: %s." % (given.file, problem)) from None
    image = grey(image)
    image.thumbnail((given.width, given.height))
    print(elements(image))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Problem as problem:
        print(problem, file=sys.stderr)
        sys.exit(problem.code)
