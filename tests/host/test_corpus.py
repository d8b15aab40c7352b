"""Every document of the open corpus is shown or refused in words, by the unix port, on the small heap.

The corpus lies beside the repository and is not part of it; without it these tests are skipped.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[1]
CORPUS = ROOT.parent / "shared" / "corpus" / "open"
# What a stock ESP32 without PSRAM leaves to Python; the suffix scales it by the size of a word.
HEAP = "112wK"
TIMEOUT_S = 60
# What follows IPPhone in the name of a root -> the record.
SHOWN = {
    "Menu": "Menu", "TextMenu": "Menu", "Batch": "Menu", "Text": "Text", "Error": "Error", "Input": "Input",
    "Directory": "Directory", "Image": "Image", "ImageFile": "Image", "GraphicMenu": "Image",
    "GraphicFileMenu": "Image", "IconMenu": "IconMenu", "IconFileMenu": "IconMenu", "Status": "Status",
    "Execute": "Execute", "Response": "Response",
}  # fmt: skip
OTHERWISE = {"fonb_number_lookup": "Menu"}  # a form without a field, and with items of a menu


@pytest.fixture(scope="module")
def pages():
    """What became of each file, by name without ending."""
    if not CORPUS.is_dir():
        pytest.skip("There is no corpus of service documents at ../shared/corpus/open.")
    beside = pathlib.Path(sys.executable).with_name("micropython")
    program = os.environ.get("MICROPYTHON") or (
        str(beside) if beside.exists() else shutil.which("micropython")
    )
    if program is None:
        pytest.fail("There is no MicroPython here: run `make setup`, or set MICROPYTHON to a unix port.")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    env["MICROPYPATH"] = "%s:.frozen" % (ROOT / "firmware")
    command = [program, "-X", "heapsize=" + HEAP, str(HERE / "corpus_reader.py"), str(CORPUS)]
    done = subprocess.run(command, env=env, capture_output=True, timeout=TIMEOUT_S)
    errors = done.stderr.decode(errors="replace") + done.stdout.decode(errors="replace")[-2000:]
    assert done.returncode == 0 and b"Traceback" not in done.stdout + done.stderr, errors
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    return {line["file"][: -len(".xml")]: line for line in lines}


def test_every_file_is_read(pages):
    assert sorted(pages) == sorted(path.stem for path in CORPUS.glob("*.xml"))
    for name, page in pages.items():
        assert page["same"], "%s: pieces of 7 bytes give another record" % name
        if page["kind"] == "Unshown":
            assert page["record"][1].endswith(".") and len(page["record"][1]) > 20, name


def test_kinds_agree_with_the_index(pages):
    for line in (CORPUS / "index.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        file, _, root = line.split("\t")[:3]
        name = file[: -len(".xml")]
        expected = SHOWN.get(root.partition("IPPhone")[2], "Unshown")
        assert pages[name]["kind"] == OTHERWISE.get(name, expected), file


def test_lower_case_title(pages):
    title, prompt, items, softkeys, mends = pages["franzen_menu"]["record"]
    assert (title, prompt, softkeys) == ("Franzen PBX Directory", "Selecteer een telefoonboek", [])
    assert items[0] == ["Telefoonboek", "http://localhost/cisco/directory?query=ALL&sidx=1"]
    assert mends[:3] == [0, "", ""]


def test_carriage_return_breaks_a_line(pages):
    title, prompt, paragraphs, softkeys, _ = pages["taps_text"]["record"]
    assert paragraphs == ["The phone will now reboot:\nSEP001122334455"]
    assert softkeys == [["Exit", 3, "Init:Services", ""], ["Support", 4, "Dial:4357", ""]]


@pytest.mark.parametrize("name", ["ru_order", "ru_order_cp1251"])
def test_cyrillic(pages, name):
    title, _, paragraphs, _, mends = pages[name]["record"]
    assert (title, paragraphs, mends[:3]) == ("Заказ", ["Заказ подтвержден"], [0, "", ""])


def test_raw_ampersands(pages):
    _, _, items, _, mends = pages["fonb_filtercallhistory"]["record"]
    assert items[0][0] == "All"
    assert items[0][1].endswith(
        "pagenumber=1&ShowByDirection=&ShowByUser=null&ShowByDate=&any=&hasattachment=off&calldate=&morethan=0"
        "&submit=search1"
    )
    assert mends[0] > 8 and mends[1] == "line 5, column 69: & stands for itself"


def test_softkeys_out_of_order(pages):
    title, prompt, items, softkeys, _ = pages["ucm_services_79xx"]["record"]
    assert (title, prompt) == ("Services", "Your current options")
    assert softkeys == [["Select", 1, "SoftKey:Select", ""], ["Exit", 3, "Init:Services", ""]]


def test_start_tag_as_end_tag(pages):
    assert pages["pypi_error_text"]["record"][:2] == ["4", "Authentication failed"]


def test_refused_in_words(pages):
    assert pages["csvdir_error"]["record"][1] == "The server sent no page: there is not one element in it."
    for name in ("remotepi_ringlist", "perl_messages", "polycom_push_curly", "cisco_devicecaps_request"):
        assert "no page for this phone" in pages[name]["record"][1], name
