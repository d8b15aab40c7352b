"""A phone registers, keeps alive, leaves a dead manager at once, returns to it late (core/managers.py)."""

from tests.story.managers import Manager, configuration
from tests.story.world import World, theme

MINUTE = 60000


def test_a_phone_registers_keeps_alive_leaves_a_dead_manager_and_returns():
    world = World()
    a, b = Manager(world, "A"), Manager(world, "B")
    phone = world.phone(config=configuration(a, b))
    phone.wait_for(lambda: a.bindings, within=31000)
    world.run(100)
    assert not b.bindings and phone.said("Registered at A.")
    world.run(10 * MINUTE)
    assert phone.agent._managers.registered and not b.bindings
    a.freeze()
    phone.wait_for(lambda: b.bindings, within=46000)
    world.run(100)
    assert phone.said("Registered at B, since A does not answer.")
    world.run(5 * MINUTE)
    a.thaw()
    phone.wait_for(lambda: phone.said("Back at A"), within=6 * MINUTE)
    phone.wait_for(lambda: not b.bindings, within=1000)
    assert a.bindings


def test_a_board_without_room_for_them_says_so_and_serves_its_pages():
    from phone.agent import Agent

    def tight(phone, cause):
        random = phone.world.random
        return Agent(phone.config, theme(*phone.display), random.randbytes, phone.mistakes, cause,
                     heap=lambda: (44000, 100000), scratch=phone.scratch)  # fmt: skip

    world = World()
    a, site = Manager(world, "A"), world.site("A")
    phone = world.phone(config=configuration(a, sites=[site]), agent=tight)
    world.run(2 * MINUTE)
    assert not a.requests and phone.said("this board has no room for call managers")
    phone.press("back", "services")
    phone.wait_for("Services of A", within=5000)
