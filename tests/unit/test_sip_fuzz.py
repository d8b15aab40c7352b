"""The reader of SIP never raises, whatever came: 400 changed messages here, 100,000 in tests/host."""

from sip_fuzz import REAL, check, mutations, steep


def test_real_messages_pass_every_check():
    assert all(map(check, REAL))


def test_steep_messages_end():
    """Each kind once; how long they take is looked at by tests/host."""
    for number, data in enumerate(steep()):
        if number % 16 == 0:
            assert len(data) == 1499
            check(data)


def test_changed_messages_cost_nothing_but_a_count():
    good = sum([check(data) for data in mutations(400, 1)])
    assert 40 < good < 360, good
