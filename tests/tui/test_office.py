"""The office screen: backups, restoring, exports, retention and the log by keys, with the same outcome as the commands."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from border_kit.casework.case import Casebook
from border_kit.casework.decisions import decide
from border_kit.casework.operators import Enrolment
from border_kit.desk.settings import Settings
from border_kit.tui.screens.office import OfficeScreen
from border_kit.tui.screens.page import PageScreen
from tests.cli.test_policy_publish import casebook
from tests.command import call
from tests.tui.screens import opened, press, shown, type_text

OLD = datetime(2020, 3, 2, 10, 0, tzinfo=UTC)
SHIPMENT: dict[str, Any] = {"id": "EX-77", "parties": [], "lines": []}
ASSESSMENT: dict[str, Any] = {
    "id": "EX-77", "lane": "green", "advice": "release", "verdict": "nothing_found", "decided_by": "nothing_found",
    "findings": [], "lines": [], "parties": [], "licences": [],
}  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A casebook with one old case."""
    path = tmp_path / "own" / "casebook.sqlite"
    book = Casebook.at(path)
    number = book.open_case(SHIPMENT, ASSESSMENT, at=OLD).case_id
    decide(book, number, "release", "", at=OLD)
    book.close()
    return path


def _settings(shipped: Path, path: Path) -> Settings:
    return Settings(catalog=shipped, casebook=path, operator="B-01")


async def _to_office(pilot: Pilot[None]) -> None:
    await press(pilot, "down")
    while "office" not in (pilot.app.screen.focused.highlighted_option.id or ""):  # type: ignore[union-attr]  # the menu
        await press(pilot, "down")
    await press(pilot, "enter")
    assert isinstance(pilot.app.screen, OfficeScreen)


async def _fill(pilot: Pilot[None], *values: str) -> None:
    """Fill a form, field by field; what stands there already is replaced."""
    for value in values:
        await press(pilot, "end", "ctrl+u")
        await type_text(pilot, value)
        await press(pilot, "enter")


async def test_the_office_screen_backs_up_and_restores(shipped: Path, path: Path, tmp_path: Path) -> None:
    stick = tmp_path / "b"
    async with opened(_settings(shipped, path)) as pilot:
        await _to_office(pilot)
        assert "BACKUP   none was made" in shown(pilot)
        await press(pilot, "f2")
        await _fill(pilot, str(stick))
        assert "2 events, checked" in shown(pilot)
        await press(pilot, "f2")
        await _fill(pilot, str(stick))
        assert "is there already" in shown(pilot)
        await press(pilot, "escape", "f3")
        await _fill(pilot, str(stick), "")
        assert "Move it aside and restore?" in shown(pilot)
        await press(pilot, "down", "enter")
        assert "Restored: 2 events" in shown(pilot)
        await press(pilot, "f9")
        assert "The log is intact: 3 events" in shown(pilot).replace("\n", " ")
    kinds = [event.kind for event in Casebook.at(path).events("office")]
    assert kinds == ["restored"]
    assert len(list(path.parent.glob("replaced-*"))) == 1


async def test_contents_whose_retention_ended_are_deleted_after_a_question(shipped: Path, path: Path) -> None:
    async with opened(_settings(shipped, path)) as pilot:
        await _to_office(pilot)
        assert "OLD      1 cases" in shown(pilot)
        await press(pilot, "f6", "escape")
        assert Casebook.at(path).show("2020-0001").row.forgotten is None
        await press(pilot, "f6", "down", "enter")
        assert "Contents deleted: 1 cases" in shown(pilot)
        await press(pilot, "escape", "f4")
        assert "2020-0001" in shown(pilot)
        await press(pilot, "down", "enter")
        assert "contents of this case were deleted" in " ".join(shown(pilot).split())
    assert call("case", "verify-log", "--casebook", path, "--json").json["forgotten"] == 2


@pytest.mark.parametrize("kind", ["cases", "table", "pack"])
async def test_exports_by_keys_equal_those_by_command(shipped: Path, path: Path, tmp_path: Path, kind: str) -> None:
    keyed, typed = tmp_path / "keyed", tmp_path / "typed"
    forms = {
        "cases": (("2020-0001", str(keyed), "", "no"), ("export", "2020-0001")),
        "table": ((str(keyed),), ("export", "--csv")),
        "pack": (("court 7", "1", str(keyed), ""), ("audit-pack", "--seed", "court 7", "--sample", "1")),
    }
    form, words = forms[kind]
    async with opened(_settings(shipped, path)) as pilot:
        await _to_office(pilot)
        await press(pilot, "f4", *["down"] * list(forms).index(kind), "enter")
        await _fill(pilot, *form)
        assert "exported" in shown(pilot)
        if kind != "table":
            await press(pilot, "f5")
            await _fill(pilot, str(keyed), "")
            assert "NOTHING IS SIGNED" in shown(pilot)
    call("case", *words, "--out", typed, "--casebook", path, "--operator", "B-01")
    events = [event for event in Casebook.at(path).events("office") if event.kind == "exported"]
    differing = {
        "file",
        "sha256",
        "events_sha256",
    }  # the office's own events are in it: the first export is one of them
    one, other = ({key: value for key, value in event.data.items() if key not in differing} for event in events)
    assert one == other
    left, right = (_content(file) for file in (keyed, typed))
    assert left == right


def _content(file: Path) -> Any:
    """What an export shows; moments and the office's own events differ from one to the next."""
    content = file.read_bytes()
    return json.loads(content)["cases"] if content.startswith(b"{") else content


async def test_whoever_restores_an_office_with_operators_signs_in_as_its_supervisor(
    shipped: Path, path: Path, tmp_path: Path
) -> None:
    book = Casebook.at(path)
    book.enrol(Enrolment("B-01", "A. Ruhe", "supervisor", "428913"), office="XA-BOR-01", at=OLD)
    book.close()
    stick = tmp_path / "b"
    async with opened(_settings(shipped, path)) as pilot:
        await _to_office(pilot)
        await press(pilot, "f2")
        await _fill(pilot, str(stick))
    other = path.with_name("other.sqlite")
    async with opened(_settings(shipped, other)) as pilot:
        await _to_office(pilot)
        await press(pilot, "f3")
        await _fill(pilot, str(stick), "")
        assert "PIN" in shown(pilot)
        await type_text(pilot, "428913")
        await press(pilot, "enter")
        assert "Move it aside and restore?" in shown(pilot)
        await press(pilot, "down", "enter")
        assert "Restored: 4 events" in shown(pilot)
    assert Casebook.at(other).verify().signed == 3


async def test_hit_rates_and_reviews_are_shown(shipped: Path, path: Path) -> None:
    call("case", "outcome", "2020-0001", "--result", "confirmed", "--casebook", path)
    async with opened(_settings(shipped, path)) as pilot:
        await _to_office(pilot)
        await press(pilot, "f8")
        assert "0 of 1 cases have no outcome yet." in shown(pilot)
        assert "Nothing asks for a review." in shown(pilot)


async def test_statistics_are_looked_at_released_and_given_out_again_by_keys(shipped: Path, tmp_path: Path) -> None:
    path = tmp_path / "own" / "casebook.sqlite"
    casebook(path, 60)
    asked = ("2026-Q3", "lane,destination; decision", "")
    options = ("--casebook", path, "--catalog", shipped)
    words = ("policy", "publish", "--period", "2026-Q3", "--by", "lane,destination", "--by", "decision", *options)
    looked = call(*words).out
    async with opened(_settings(shipped, path)) as pilot:
        await _to_office(pilot)
        await press(pilot, "f4", "end", "up", "enter")
        await _fill(pilot, *asked, "", "no")
        page = pilot.app.screen
        assert isinstance(page, PageScreen)
        assert looked.startswith(page.page_text().split("\n\n", 1)[1])
        await press(pilot, "escape", "f4", "end", "up", "enter")
        await _fill(pilot, *asked, str(tmp_path / "q3"), "no")
        assert "STATISTICS 2026-Q3: 60 cases" in shown(pilot)
        assert "PREVIEW" not in shown(pilot)
        await press(pilot, "escape", "f4", "end", "enter")
        (row,) = call("policy", "releases", *options, "--json").json["releases"]
        await _fill(pilot, str(row["no"]), str(tmp_path / "again"))
        assert "by lane × destination; by decision" in " ".join(shown(pilot).split())
        await press(pilot, "escape", "f4", "end", "up", "enter")
        await _fill(pilot, "2026-08", "direction", "", str(tmp_path / "second"), "no")
        assert "counts some of the same cases" in " ".join(shown(pilot).split())
    files = {file.name: file.read_bytes() for file in (tmp_path / "q3").iterdir()}
    assert {file.name: file.read_bytes() for file in (tmp_path / "again").iterdir()} == files
    assert not (tmp_path / "second").exists()
