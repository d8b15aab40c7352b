"""runtime/tasks.py: tasks that must not die."""

import asyncio

from phone.runtime.tasks import STUCK_MS, Tasks


def made(work):
    """Tasks, their clock, and a coroutine in which `work` has begun."""
    clock = [0]
    tasks = Tasks(lambda: clock[0])

    async def main():
        tasks.start("work", work(tasks))
        for _ in range(3):
            await asyncio.sleep(0)

    return tasks, clock, main


def run_tasks(work):
    tasks, clock, main = made(work)
    asyncio.run(main())
    return tasks, clock


def test_a_task_that_dies_is_not_forgiven():
    async def dies(tasks):
        raise ValueError("on purpose")

    async def ends(tasks):
        pass

    assert not run_tasks(dies)[0].healthy()
    assert not run_tasks(ends)[0].healthy()


def test_a_task_that_is_stuck_in_its_work_is_seen():
    async def works(tasks):
        tasks.begin("work")
        await asyncio.sleep(1000)

    tasks, clock, main = made(works)

    async def looks():
        await main()
        assert tasks.healthy()
        clock[0] = STUCK_MS - 1
        tasks.begin("work")  # again, and not done with the first
        assert tasks.healthy()
        clock[0] = STUCK_MS
        assert not tasks.healthy()
        tasks.done("work")
        assert tasks.healthy()

    asyncio.run(looks())


def test_a_task_that_is_cancelled_is_dead():
    async def waits(tasks):
        await asyncio.sleep(1000)

    tasks, _, _ = made(waits)

    async def main():
        task = tasks.start("work", waits(tasks))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(main())
    assert not tasks.healthy()


def test_a_mistake_now_and_then_is_passed_over_but_not_three_in_a_minute():
    tasks, clock, _ = made(None)
    for at in (0, 30000, 61000, 92000):
        clock[0] = at
        tasks.broke(ValueError("on purpose"))
        assert tasks.healthy()
    tasks.broke(ValueError("on purpose"))
    tasks.broke(ValueError("on purpose"))
    clock[0] = 10**7
    assert not tasks.healthy(), "and it is not forgiven"
