"""The gallery has a picture of each reviewed screen and each kind of page, of both displays, and no other."""

from PIL import Image

from tests.screens.drawing import SIZES, load
from tests.screens.gallery import FOLDER, SCALES, files, index

BYTES_MAX = 12000  # of one picture: the gallery is read over a network


def samples():
    return load(*SIZES[0])[1]


def test_it_is_as_make_gallery_leaves_it():
    known = set(files(samples()))
    there = {path.name for path in FOLDER.glob("*.png")}
    assert there == known, "run `make gallery`: %s" % ", ".join(sorted(there ^ known))
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == index(samples()), "run `make gallery`"


def test_the_pictures_are_small_and_whole():
    for path in FOLDER.glob("*.png"):
        width, height = (int(part) for part in path.name.split("_")[0].split("x"))
        with Image.open(path) as image:
            assert image.size == (width * SCALES[width], height * SCALES[width]), path.name
            assert image.getextrema() != (0, 0), path.name
        assert path.stat().st_size <= BYTES_MAX, path.name
