"""runtime/files.py and tasks.py: records in files, tasks that must not die."""

import asyncio
import os

from phone.runtime.files import Files
from phone.runtime.tasks import STUCK_MS, Tasks


def test_a_record_is_stored_and_found_again():
    folder = "/tmp/everline-test-%d" % id(object())
    os.mkdir(folder)
    files = Files(folder)
    assert files.load("home") is None
    assert files.save("home", b"one") and files.save("home", b"two") and files.load("home") == b"two"
    assert os.listdir(folder) == ["home"], "no stray file"
    os.remove(folder + "/home")
    os.rmdir(folder)
    assert not files.save("home", b"three"), "the folder has gone: said, not raised"


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
