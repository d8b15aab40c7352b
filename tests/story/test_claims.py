"""The claims, one by one, each as a story named after it; docs/claims.md has the table.

Claims 12 to 22 say the same of a system, and 23 to 33 of a program in a medium: the stories hold for these
too; tests/interop has processes on a network, and tests/system/test_what_ships.py the program as it ships.
"""

from tests.story.sites import menu
from tests.story.wards import GIVE_UP_MS, OPTIONS_MS, TURN_MS, WORST_MS, Ward, gaps
from tests.story.world import World

POINTER = "<%s>;purpose=backup-service;service=services;q=%s"


# --- 1: a first pointer, a backup pointer, the first is accessed, the backup upon failure -------------------


def test_claim_01_a_first_pointer_then_the_backup_upon_failure():
    """The phone is homed to a call manager; its menu links to another machine, the backup's menu does too."""
    ward = Ward("A", backups={"services": ["http://10.0.0.2/menu.xml"]})
    backup, content = ward.world.site("X"), ward.world.site("C")
    for site in (ward.sites["A"], backup):
        site.pages["/menu.xml"] = menu("Services of " + site.name, ("News", content.url("/news.xml")))
    ward.settle()
    ward.page_of("A")
    ward.phone.press("1")
    ward.phone.wait_for("News of C")
    assert not backup.sent
    ward.sites["A"].refuse()
    ward.page_of("X")
    ward.phone.press("1")
    ward.phone.wait_for("News of C")
    assert content.sent == ["GET /news.xml"] * 2


def test_claim_01_no_key_is_needed_to_reach_the_backup():
    ward = Ward("AB")
    ward.settle()
    ward.page_of("A")
    ward.sites["A"].silent()
    ward.page_of("B", within=2000)  # one press, one page; nobody chose B


# --- 2: the pointers are URLs -------------------------------------------------------------------------------


def test_claim_02_pointers_are_urls():
    """Port, path and query go out as they were given, of the first pointer and of the backup."""
    world = World()
    first = world.site("A", "10.0.0.1", 8080)
    backup = world.site("X", "10.0.0.2", 8099)
    ward = Ward("A", world=world, sites=False)
    raw = {"services": first.url("/apps/menu.php?ward=3&lang=en")}
    phone = another(ward, raw, {"services": [backup.url("/deep/er/menu.xml?b=1")]})
    for site, path in ((first, "/apps/menu.php"), (backup, "/deep/er/menu.xml")):
        site.pages[path] = menu("Services of " + site.name, ("News", "news.xml"))
    phone.press("services")
    phone.wait_for("Services of A")
    assert first.sent == ["GET /apps/menu.php?ward=3&lang=en"]
    first.refuse()
    phone.press("services")
    phone.wait_for("Services of X")
    assert backup.sent == ["GET /deep/er/menu.xml?b=1"]


def another(ward, pointers, backups):
    """A second phone of the same manager, with these pointers."""
    from tests.story.managers import configuration

    raw = configuration(*ward.managers.values(), backups=backups)
    raw["homes"][0]["pointers"] = pointers
    phone = ward.world.phone(config=raw)
    assert not phone.mistakes, phone.mistakes
    return phone


# --- 3: the failure is a time-out of the first server -------------------------------------------------------


def test_claim_03_a_time_out_of_the_server_is_a_failure():
    ward = Ward("AB")
    ward.settle()
    ward.sites["A"].silent()
    ward.page_of("B")
    assert ward.sites["A"].sent, "A was asked first"
    assert ward.phone.screen.mark == "▲"
    assert ward.home == "A", "a page that walks moves no manager"


# --- 4: a call manager operates the server, and its failure counts ------------------------------------------


def test_claim_04_the_failure_of_the_call_manager_is_a_failure_of_its_services():
    """The site of A answers on; its manager does not, so B's page is shown."""
    ward = Ward("AB")
    ward.settle()
    ward.page_of("A")
    ward.phone.press("back")
    ward["A"].kill()
    ward.registered_at("B", WORST_MS + TURN_MS)
    ward.page_of("B")
    assert ward.sites["A"].reach == "open"


# --- 5: the backup pointer is pushed upon the failure -------------------------------------------------------


def test_claim_05_a_stand_in_pushes_the_backup_pointer_when_the_manager_dies():
    """B watches A by itself; when A dies it pushes, long before the phone's own keep-alive finds out."""
    ward = Ward("AB")
    backup = ward.world.site("X")
    ward.settle()
    ward.page_of("A")
    pushes = []

    def push():
        body = "Call-Info: %s\r\n" % (POINTER % (backup.url(), "1.0"))
        pushes.append(ward["B"].notify(ward.phone, "backup-pointers", body.encode()))

    ward["B"].watch(ward["A"], push, every=1000, misses=2)
    ward.world.run(5000)
    assert not pushes
    ward.phone.press("back")
    before = len(ward["B"].asked("REGISTER"))
    ward["A"].freeze()
    ward.sites["A"].freeze()
    ward.phone.wait_for("Services of X", within=8000)  # by itself: nobody presses a key
    assert len(pushes) == 1 and pushes[0].final == 200
    assert [one.status for one in pushes[0].responses] == [401, 200], "B proved that it knows the password"
    assert len(ward["B"].asked("REGISTER")) == before, "a pushed pointer changes no manager"
    ward.page_of("X")  # and it is asked first
    ward.bound_once()


def test_claim_05_a_push_from_a_stranger_shows_nothing():
    from tests.story.managers import Manager

    ward = Ward("AB")
    ward.settle()
    stranger = Manager(ward.world, "E", host="10.0.9.9")
    body = ("Call-Info: %s\r\n" % (POINTER % ("http://10.0.0.9/menu.xml", "1.0"))).encode()
    push = stranger.notify(ward.phone, "backup-pointers", body)
    ward.world.run(40000)
    assert push.final not in (200, 202)
    ward.page_of("A")


# --- 6: a backup manager operates a backup server; the phone re-homes to it by itself -----------------------


def test_claim_06_the_phone_rehomes_by_itself_and_takes_the_backup_managers_server():
    ward = Ward("AB")
    ward.settle()
    ward["A"].freeze()
    ward.sites["A"].freeze()
    ward.registered_at("B", WORST_MS + TURN_MS)
    assert ward.sites["B"].sent == [], "no key was pressed"
    ward.page_of("B", within=1500)  # at once: B's pointers came with the home
    assert not ward.sites["A"].sent, "B's own pointer is the first there"
    ward.bound_once()


# --- 7: many backup pointers, each to a server of its own ---------------------------------------------------


def test_claim_07_each_of_many_backup_pointers_leads_to_its_server():
    ward = Ward("AB", backups={"services": ["http://10.0.0.%d/menu.xml" % n for n in (3, 4)]})
    others = [ward.world.site(name) for name in "XYZ"]
    assert [site.host for site in others] == ["10.0.0.3", "10.0.0.4", "10.0.0.5"]
    ward["A"].pointers = [POINTER % (others[2].url(), "0.9")]
    ward.settle()
    ward.world.run(1000)
    ward.page_of("A")
    order = ["A", "Z", "B", "X", "Y"]  # home's own, told by its manager, other homes, further backups
    sites = dict(ward.sites, **{site.name: site for site in others})
    for dead, next_one in zip(order, order[1:]):
        sites[dead].refuse()
        ward.page_of(next_one)


# --- 8: a backup manager is reached by itself ---------------------------------------------------------------


def test_claim_08_the_next_manager_of_several_is_reached_by_itself():
    ward = Ward("ABC")
    ward.settle()
    ward["A"].freeze()
    ward["B"].kill()
    ward.registered_at("C", WORST_MS + 2 * GIVE_UP_MS + TURN_MS)  # B is tried, and confirmed dead
    ward.page_of("C")
    ward.bound_once()


def test_claim_08_a_learned_manager_is_reached_when_those_of_the_configuration_are_dead():
    from tests.story.managers import Manager

    ward = Ward("AB")
    told = {q: Manager(ward.world, "L" + q) for q in ("0.2", "0.8")}
    ward["A"].pointers = ["<%s>;purpose=backup-call-manager;q=%s" % (told[q].uri, q) for q in told]
    ward.settle()
    ward.managers.update({manager.name: manager for manager in told.values()})
    ward.world.run(60000)
    ward["A"].freeze()
    ward["B"].freeze()
    ward.registered_at("L0.8", WORST_MS + 2 * GIVE_UP_MS + TURN_MS)
    assert not ward["L0.2"].asked("REGISTER")


# --- 9: keep-alives, periodically ---------------------------------------------------------------------------


def test_claim_09_keep_alives_go_out_periodically():
    """OPTIONS after 80 to 100 % of 30 s, REGISTER after 90 to 100 % of half of what was granted."""
    ward = Ward("AB")
    ward.settle()
    ward.world.run(3600000)
    refreshes = gaps([at for at, _ in ward.taken()])
    assert 57 <= len(refreshes) <= 70 and min(refreshes) >= 53900 and max(refreshes) <= 60100
    heard = sorted(ward["A"].times("OPTIONS") + ward["A"].times("REGISTER"))
    assert max(gaps(heard)) <= OPTIONS_MS + TURN_MS
    assert len(set(gaps(ward["A"].times("OPTIONS")))) > 20, "they are drawn, not fixed"


# --- 10: the failure is a failure of the keep-alive ---------------------------------------------------------


def test_claim_10_the_failure_is_found_by_the_keep_alive():
    ward = Ward("AB")
    ward.settle()
    ward.world.run(100000)
    ward["A"].freeze()
    since = ward.world.now
    ward.registered_at("B", WORST_MS + TURN_MS)
    unanswered = [one.method for one in ward["A"].requests if one.at > since and not one.again]
    assert unanswered[-1] == "REGISTER" and len(unanswered) == 2, (
        "one miss, and one REGISTER that confirms it"
    )


# --- 11: keep-alives bring the backup pointer ---------------------------------------------------------------


def test_claim_11_the_answer_to_a_keep_alive_brings_the_backup_pointer():
    """By REGISTER and by OPTIONS; the later set replaces the one before."""
    for method in ("REGISTER", "OPTIONS"):
        ward = Ward("A")
        x, y = ward.world.site("X"), ward.world.site("Y")
        ward.settle()
        ward.page_of("A")
        ward["A"].pointers = [POINTER % (x.url(), "0.9")]
        asked = len(ward["A"].answered(200, method))
        ward.world.run_until(
            lambda w=ward, n=asked, m=method: len(w["A"].answered(200, m)) > n, 70000, method
        )
        ward.world.run(1000)
        ward.sites["A"].refuse()
        ward.page_of("X")
        ward["A"].pointers = [POINTER % (y.url(), "0.9")]
        ward.world.run(70000)
        ward.page_of("Y")
