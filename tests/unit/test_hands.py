"""runtime/tasks.py: tasks that must not die."""

import asyncio

from phone.runtime.tasks import STUCK_MS, Tasks


def run_tasks(work):
    clock = [0]
    tasks = Tasks(lambda: clock[0])

    async def main():
        tasks.start("work", work(tasks))
        for _ in range(3):
            await asyncio.sleep(0)

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
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    tasks, clock = run_tasks(works)
    assert tasks.healthy()
    clock[0] = STUCK_MS
    assert not tasks.healthy()
    tasks.done("work")
    assert tasks.healthy()
