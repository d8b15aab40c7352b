"""The home and the pointers that call managers told outlive a loss of power."""

from tests.story.wards import MINUTE, SPREAD_MS, TURN_MS, WORST_MS, Ward


def at_the_backup(names="AB"):
    """A phone whose home is B, and whom B has told of a backup on X."""
    ward = Ward(names)
    x = ward.world.site("X")
    ward["B"].pointers = ["<%s>;purpose=backup-service;service=services;q=0.9" % x.url()]
    ward.settle()
    ward["A"].freeze()
    ward.leaves_for("B", WORST_MS + TURN_MS)
    ward.world.run(2 * MINUTE)  # until it is on the flash
    return ward, x


def test_the_home_and_learned_pointers_come_back():
    ward, x = at_the_backup()
    ward["B"].pointers = []  # it has nothing to say any more, so only the flash can know
    ward.phone.restart("power")
    ward.world.run(1000)
    ward.page_of("B")
    for site in ward.sites.values():
        site.refuse()
    ward.page_of("X")
    assert "Services of X" in ward.phone.text()


def test_another_configuration_begins_with_its_first_home():
    """What was kept is of a list of homes; in another list its number says nothing."""
    ward, _ = at_the_backup("ABC")
    a, b, c = ward.phone.config.homes
    ward.phone.config = ward.phone.config._replace(homes=type(ward.phone.config.homes)((c, a, b)))
    since = ward.world.now
    ward.phone.restart("power")
    ward.world.run_until(lambda: ward.taken(since), SPREAD_MS + TURN_MS + 1000, "a registration")
    assert ward.taken(since)[0][1] == "C"
    ward.page_of("C")


def test_a_configuration_in_which_the_home_is_missing_begins_with_its_first():
    ward, x = at_the_backup()
    ward["A"].thaw()
    ward.phone.config = ward.phone.config._replace(homes=ward.phone.config.homes[:1])
    since = ward.world.now
    ward.phone.restart("power")
    ward.world.run_until(lambda: ward.taken(since), SPREAD_MS + TURN_MS + 1000, "a registration")
    assert ward.taken(since)[0][1] == "A"
    ward.page_of("A")
