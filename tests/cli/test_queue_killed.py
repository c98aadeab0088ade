"""An item of the queue becomes one case, whatever was killed while it was opened and however many opened it at once."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from unittest import mock

import pytest

from border_kit.casework.case import Casebook
from border_kit.casework.triage import Triage
from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from tests.casework.killing import Steps, Unsupported, count_system_calls
from tests.cli.test_queue import manifest
from tests.command import call


@pytest.fixture
def base(shipped: Path, tmp_path: Path) -> Settings:
    """A queue of one shipment, assessed; no casebook yet."""
    settings = Settings(catalog=shipped, casebook=tmp_path / "base" / "casebook.sqlite")
    call(
        "check",
        manifest(tmp_path / "m.csv", 1),
        "--queue",
        "--catalog",
        shipped,
        "--casebook",
        settings.casebook_path(),
    )
    return settings


def opened(settings: Settings) -> list[str]:
    """The cases that are there once the item was opened, which is done with then and is the first of them."""
    desk = Desk(settings)
    case = desk.bulk.case_of(1).row.case_id
    item = desk.bulk.queue.item(1)
    desk.close()
    assert (item.state, item.case_id) == ("done", case)
    book = Casebook.at(settings.casebook_path())
    assert book.verify().intact
    found = [event.case_id for event in book.events(None) if event.kind == "opened"]
    book.close()
    assert found[0] == case
    return found


def life(settings: Settings, at: int | None) -> tuple[int, int]:
    """Open the item in a process that dies at step `at`: how it ended, and how many steps there were if it did not."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            steps = Steps(str(settings.casebook_path().parent), at)
            count_system_calls(steps)
            Desk(settings).bulk.case_of(1)
            os.write(writing, str(steps.count).encode())
            code = 0
        except Unsupported:
            code = 3
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading) as stream:
        told = stream.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), int(told or 0)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is POSIX")
def test_a_kill_at_a_step_of_opening_an_item_never_leaves_it_two_cases(base: Settings, tmp_path: Path) -> None:
    def world(name: str) -> Settings:
        shutil.copytree(base.casebook_path().parent, tmp_path / name)
        return Settings(catalog=base.catalog, casebook=tmp_path / name / "casebook.sqlite")

    ended, steps = life(world("whole"), None)
    if ended == 3:
        pytest.skip("SQLite's system calls cannot be counted here")
    assert (ended, steps > 50) == (0, True)
    for at in range(steps % 7 + 1, steps + 1, 7):
        settings = world(str(at))
        assert life(settings, at) == (-signal.SIGKILL, 0)
        assert len(opened(settings)) == 1, f"killed at step {at} of {steps}"


def test_a_terminal_that_comes_second_while_the_first_is_opening_is_given_the_same_case(base: Settings) -> None:
    elsewhere: list[str] = []
    noted = Triage.opened

    def late(queue: Triage, number: int, case_id: str, *, at: str, by: str | None) -> object:
        if not elsewhere:
            elsewhere.append(case_id)
            elsewhere.extend(opened(base))
        return noted(queue, number, case_id, at=at, by=by)

    with mock.patch.object(Triage, "opened", late):
        desk = Desk(base)
        case = desk.bulk.case_of(1).row.case_id
        desk.close()
    assert elsewhere == [case, case]


def test_a_queue_that_was_made_anew_numbers_its_items_anew_and_opens_cases_of_its_own(
    base: Settings, tmp_path: Path
) -> None:
    (first,) = opened(base)
    for file in base.triage_path().parent.glob("triage.sqlite*"):
        file.unlink()
    later = mock.patch.object(Desk, "moment", mock.PropertyMock(return_value="2031-01-02T03:04:05Z"))
    with later:
        call(
            "check", tmp_path / "m.csv", "--queue", "--catalog", base.catalog or "", "--casebook", base.casebook_path()
        )
    desk = Desk(base)
    assert desk.bulk.case_of(1).row.case_id != first
    desk.close()
