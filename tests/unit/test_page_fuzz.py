"""The reader of pages never raises, whatever came: 150 changed pages here, 100,000 in tests/host."""

from page_fuzz import KINDS, PAGES, WEB, check, document, mutations, read

from phone import rare, records

HEAP = "192wK"  # more is compiled than a phone ever loads


def test_each_page_is_read_without_a_mend():
    kinds = set()
    for root in PAGES:
        record = check(document(root), "text/xml")
        assert record.mends[:3] == (0, "", ""), (root, record.mends)
        kinds.add(type(record))
    assert len(kinds) == 10 and records.Unshown not in kinds and rare.Response in kinds
    record = check(WEB, "text/html")
    assert record.title == "T" and record.paragraphs == ("One\ntwo\nthree\n\u00a9 2026",)


def test_changed_pages_are_read_somehow():
    shown = 0
    for number, (data, kind) in enumerate(mutations(150, 3)):
        record = check(data, kind)
        shown += type(record) is not records.Unshown
        if number % 10 == 0:
            for size in (1, 7, 1024):
                assert read(data, kind, size)[:-1] == record[:-1], (size, kind, data)
    assert 60 < shown < 145, shown


def test_a_page_may_end_anywhere():
    for root in (b"CiscoIPPhoneIconMenu", b"AastraIPPhoneInputScreen type='number' password='yes'"):
        data = document(root)
        for end in range(0, len(data), 3):
            check(data[:end], KINDS[end % len(KINDS)])
