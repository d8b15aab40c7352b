"""`make gallery`: every screen of both displays as a small PNG in docs/gallery, and the page that shows them.

The pages are those of the little intranet (host_tools/intranet/kinds), drawn by what ships
(host_tools/render.py); the other screens are the reviewed ones of samples.py, drawn by the same painter.
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

from host_tools.folder import Folder
from host_tools.problem import Problem
from host_tools.render import Renderer
from tests.screens.drawing import ROOT, SIZES, draw, load

FOLDER = ROOT / "docs" / "gallery"
PAGES = ROOT / "host_tools" / "intranet" / "kinds"
# Pages of a phone are few colours: a palette keeps a picture below 4 KB.
COLOURS = 64
SCALES = {320: 1, 128: 2}  # the small display twice as large, to be seen at all
DISPLAYS = ["%dx%d" % size[:2] for size in SIZES]
# What is shown first, and said of it; keys are pressed before the page is drawn.
KINDS = (
    ("menu", "", "CiscoIPPhoneMenu: a digit chooses, two digits where there are more than nine"),
    ("text", "", "CiscoIPPhoneText: four alphabets, tabs, and a box for what is missing"),
    ("input", "", "CiscoIPPhoneInput: a form"),
    ("input", "5 5", "the same, while a letter is chosen"),
    ("directory", "", "CiscoIPPhoneDirectory"),
    ("image", "", "CiscoIPPhoneImage: pixels in the page"),
    ("imagefile", "", "CiscoIPPhoneImageFile: a PNG"),
    ("graphicmenu", "", "CiscoIPPhoneGraphicMenu: the picture is the menu"),
    ("graphicfilemenu", "", "CiscoIPPhoneGraphicFileMenu: touch areas as numbered regions"),
    ("iconmenu", "", "CiscoIPPhoneIconMenu: icons in the page"),
    ("iconfilemenu", "", "CiscoIPPhoneIconFileMenu: built-in icons"),
    ("status", "", "CiscoIPPhoneStatus: a window over what is on the screen"),
    ("keys", "", "softkeys and keys of a page's own"),
    ("error", "", "CiscoIPPhoneError"),
    ("yealink", "", "a page made for a Yealink phone"),
)
_HEAD = """# Gallery

Every screen of both displays, as `make gallery` draws them. The first are pages of the little intranet
(`host_tools/intranet/kinds`), by `everline render`; the others are the reviewed screens of `tests/screens`,
where each also is text, so that a change of the display is a diff. What pages may hold:
[services.md](../services.md).

"""


def names_of(page, keys):
    return "page_%s%s" % (page, "_keys" if keys else "")


def files(samples) -> list:
    """The pictures that belong into the folder."""
    names = [names_of(*kind[:2]) for kind in KINDS] + list(samples)
    return ["%s_%s.png" % (display, name) for name in names for display in DISPLAYS]


def index(samples) -> str:
    """The page: a row a screen, a column a display."""
    out = [_HEAD, "## Pages of servers\n\n"]
    rows = [(names_of(page, keys), said) for page, keys, said in KINDS]
    screens = [(name, name.replace("_", " ")) for name in samples]
    for heading, found in (("", rows), ("\n## All reviewed screens\n\n", screens)):
        out.append("%s| | %s |\n|---|%s\n" % (heading, " | ".join(DISPLAYS), "---|" * len(DISPLAYS)))
        for name, said in found:
            cells = ["![%s, %s](%s_%s.png)" % (said, display, display, name) for display in DISPLAYS]
            out.append("| %s | %s |\n" % (said, " | ".join(cells)))
    return "".join(out)


def small(image, width) -> bytes:
    """The image as a PNG with a palette."""
    scale = SCALES[width]
    image = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    if scale > 1:
        image = image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def drawn(screen, theme) -> Image.Image:
    """A reviewed screen as an image."""
    canvas, palettes = draw(screen, theme)
    image = Image.new("RGB", (canvas.width, canvas.height))
    colours = [[colour.to_bytes(3, "big") for colour in palette] for palette in palettes]
    rows = [colours[y][canvas.pixel(x, y)] for y in range(canvas.height) for x in range(canvas.width)]
    image.frombytes(b"".join(rows))
    return image


def pages(display) -> dict:
    """{name: image} of the pages of servers, as server A would give them."""
    out = {}
    folder = Folder(PAGES, {"site": "A", "base": "http://a/"})
    with tempfile.TemporaryDirectory(prefix="everline-") as scratch, Renderer(display=display) as renderer:
        for file in PAGES.iterdir():
            (Path(scratch) / file.name).write_bytes(folder.answer("/" + file.name)[0])
        for page, keys, _ in KINDS:
            result, image = renderer.render("%s/%s.xml" % (scratch, page), keys=keys)
            if image is None or result["error"]:
                raise Problem("%s: %s" % (page, result["error"]))
            out[names_of(page, keys)] = image
    return out


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    made, kept = set(), {}
    for size in SIZES:
        display = "%dx%d" % size[:2]
        for name, image in pages(display).items():
            kept["%s_%s.png" % (display, name)] = small(image, size[0])
        theme, screens = load(*size)
        for name, screen in screens.items():
            kept["%s_%s.png" % (display, name)] = small(drawn(screen, theme), size[0])
    for name, data in kept.items():
        made.add(FOLDER / name)
        (FOLDER / name).write_bytes(data)
    for stale in set(FOLDER.glob("*.png")) - made:
        stale.unlink()
    (FOLDER / "README.md").write_text(index(screens), encoding="utf-8")
    print("%s: %d pictures, %d bytes" % (FOLDER.relative_to(ROOT), len(kept), sum(map(len, kept.values()))))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Problem as problem:
        print(problem, file=sys.stderr)
        sys.exit(problem.code)
