"""Which catalog is in use: the one that `current` names, an older whole one with a warning, or none; never the shipped one by accident."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE

import pytest

from border_kit import disk
from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from border_kit.errors import CatalogError, StoreError, UsageError
from border_kit.sync.generations import Generations, enough_room
from border_kit.sync.memory import Marks, Memory
from border_kit.sync.refusal import Refusal
from tests.sync.authority import names, party_rows, write_catalog

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An office with three generations, the third in use."""
    place = tmp_path / "home"
    generations = Generations(place)
    for number in (1, 2, 3):
        with generations.preparing() as stage:
            write_catalog(
                stage, {"parties": party_rows(names(20 + number), f"2026-10-0{number}")}, f"2026-10-0{number}"
            )
            generations.commit(
                stage, {"volumes": {"parties": {"published": str(number)}}, "signed": f"2026-10-0{number}"}
            )
    return place


def opened(home: Path) -> tuple[int, str]:
    found = Generations(home).opened()
    assert found is not None
    return found.generation.number, found.warning


def test_the_named_generation_is_in_use(home: Path) -> None:
    assert opened(home) == (3, "")


def test_none_was_ever_installed(tmp_path: Path) -> None:
    assert Generations(tmp_path).opened() is None


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0", b"nine", b"-1", b"9", b"\xff\xfe", b"3 3", "٣".encode(), b"1e1", b"../1", b"9" * 5000],
    ids=[
        "empty",
        "zeros",
        "a word",
        "negative",
        "not there",
        "no text",
        "two",
        "other digits",
        "exponent",
        "a path",
        "long",
    ],
)
def test_a_damaged_current_falls_back_to_the_newest_and_says_so(home: Path, content: bytes) -> None:
    (home / "current").write_bytes(content)
    number, warning = opened(home)
    assert number == 3
    assert "generation 3" in warning
    assert "sync pull" in warning


def test_a_current_that_is_gone_or_a_folder_falls_back_too(home: Path) -> None:
    (home / "current").unlink()
    assert opened(home)[0] == 3
    (home / "current").mkdir()
    assert opened(home)[0] == 3


def _truncate(root: Path) -> None:
    path = root / "parties.sqlite"
    path.write_bytes(path.read_bytes()[:-1])


def _zero(root: Path) -> None:
    path = root / "parties.sqlite"
    path.write_bytes(bytes(path.stat().st_size))


@pytest.mark.parametrize(
    "harm",
    [
        _truncate,
        _zero,
        shutil.rmtree,
        lambda root: (root / "parties.sqlite").unlink(),
        lambda root: (root / "manifest.json").unlink(),
        lambda root: (root / "manifest.json").write_text("[]"),
    ],
    ids=["cut short", "zeros", "gone", "volume gone", "manifest gone", "manifest damaged"],
)
def test_a_damaged_generation_gives_way_to_the_one_before(home: Path, harm: object) -> None:
    harm(home / "generations" / "3")  # type: ignore[operator]  # a function of the folder
    number, warning = opened(home)
    assert (number, "generation 3" in warning) == (2, True)


def test_a_generation_that_was_rolled_back_from_is_not_fallen_back_to(home: Path) -> None:
    left, now = Generations(home).roll_back(NOW, "wrong list")
    assert (left.number, now.number, opened(home)) == (3, 2, (2, ""))
    shutil.rmtree(home / "generations" / "2")
    assert opened(home)[0] == 1


def test_one_can_roll_back_twice_and_forth_again(home: Path) -> None:
    generations = Generations(home)
    generations.roll_back(NOW, "")
    assert generations.roll_back(NOW, "")[1].number == 1
    with pytest.raises(UsageError, match="older"):
        generations.roll_back(NOW, "")
    assert generations.roll_back(NOW, "", to=3)[1].number == 3
    assert opened(home) == (3, "")
    assert generations.read(3).left is None


def test_when_nothing_whole_is_left_it_is_an_error_and_not_the_shipped_catalog(home: Path) -> None:
    for number in (1, 2, 3):
        _truncate(home / "generations" / str(number))
    with pytest.raises(CatalogError, match="sync pull"):
        Generations(home).opened()
    assert Generations(home).usable() is None


def test_an_office_whose_generations_were_all_deleted_is_not_one_that_never_had_any(home: Path) -> None:
    Memory(home).folder.mkdir()
    Memory(home).keep(Marks({}))
    shutil.rmtree(home / "generations")
    (home / "current").unlink()
    with pytest.raises(CatalogError):
        Generations(home).opened()


def test_two_older_ones_are_kept_and_left_ones_go_first(home: Path) -> None:
    generations = Generations(home)
    generations.roll_back(NOW, "bad")
    with generations.preparing() as stage:
        write_catalog(stage, {"parties": party_rows(names(30), "2026-10-04")}, "2026-10-04")
        assert generations.commit(stage, {"volumes": {"parties": {"published": "4"}}}).number == 4
    assert generations.numbers() == [4, 2, 1]


def test_what_an_interrupted_preparation_left_is_swept_away(home: Path) -> None:
    for name in (".new", ".gone-1"):
        (home / "generations" / name).mkdir()
        (home / "generations" / name / "half").write_bytes(b"x")
    with Generations(home).preparing() as stage:
        assert list(stage.iterdir()) == []
    assert sorted(path.name for path in (home / "generations").iterdir()) == ["1", "2", "3"]


def test_one_pull_at_a_time(home: Path) -> None:
    with Generations(home).preparing(), pytest.raises(StoreError) as caught, Generations(home).preparing():
        pass
    assert caught.value.code == "sync_busy"


def _next(home: Path, published: str) -> list[int]:
    """The generations that are there after one more."""
    generations = Generations(home)
    with generations.preparing() as stage:
        write_catalog(stage, {"parties": party_rows(names(20), "2026-10-09")}, "2026-10-09")
        generations.commit(stage, {"volumes": {"parties": {"published": published}}})
    return generations.numbers()


def test_no_generation_goes_while_somebody_works_with_it(home: Path) -> None:
    program = "import sys; from pathlib import Path; from border_kit import disk; held = disk.Held(Path(sys.argv[1])); print(); input()"
    command = [sys.executable, "-c", program, str(home / "generations" / "3")]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert _next(home, "3") == [4, 3, 2, 1], "the same volumes as in 3, which is in use elsewhere"
        assert _next(home, "5") == [5, 4, 3]
        assert _next(home, "6") == [6, 5, 4, 3]
        other.kill()
    assert _next(home, "7") == [7, 6, 5]


def test_an_open_desk_holds_its_catalog(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BORDER_KIT_HOME", str(home))
    desk = Desk(Settings())
    assert desk.catalog.has("parties")
    assert disk.is_held(home / "generations" / "3")
    desk.close()
    assert not disk.is_held(home / "generations" / "3")


def test_room_is_asked_for_before_anything_is_done(tmp_path: Path) -> None:
    enough_room(tmp_path, 1)
    with pytest.raises(StoreError, match="MB"):
        enough_room(tmp_path, 10**18)


def test_opening_takes_milliseconds(home: Path) -> None:
    started = time.process_time()
    for _ in range(20):
        Generations(home).opened()
    assert (time.process_time() - started) / 20 < 0.03


def test_marks_come_from_their_own_file_else_from_the_record_and_never_from_damage(home: Path) -> None:
    memory = Memory(home)
    memory.folder.mkdir()
    marks = Marks({"parties": (7, ("a", "b"))}, NOW)
    assert memory.marks(None) == Marks({})
    assert memory.marks(marks.to_json()) == marks
    memory.keep(marks)
    assert memory.marks({"roles": {"parties": {"version": 3, "keys": ["a"]}}}) == marks
    for content in (b"", b"{}", b"[]", b'{"roles": {"x": {}}}', b"\xff"):
        (memory.folder / "marks.json").write_bytes(content)
        with pytest.raises(Refusal) as caught:
            memory.marks(marks.to_json())
        assert caught.value.code == "marks_unreadable"


def test_the_history_survives_a_line_that_a_power_cut_halved_and_stays_short(home: Path) -> None:
    memory = Memory(home)
    memory.log(NOW, "pulled", generation=1)
    with (memory.folder / "history.jsonl").open("ab") as stream:
        stream.write(b'{"at": "2026')
    with (memory.folder / "history.jsonl").open("ab") as stream:
        stream.write(b"\n")
    memory.log(NOW, "refused", message="\ud800 é")
    assert [row["what"] for row in memory.history()] == ["refused", "pulled"]
    (memory.folder / "history.jsonl").write_bytes(json.dumps({"at": "x", "what": "y" * 600_000}).encode() + b"\n")
    memory.log(NOW, "checked")
    assert (memory.folder / "history.jsonl").stat().st_size < 700_000
    disk.replace_file(memory.folder / "history.jsonl", b'{"what": "a"}\n' * 60_000)
    memory.log(NOW, "checked")
    assert (memory.folder / "history.jsonl").stat().st_size < 500_000
    assert memory.history(1)[0]["what"] == "checked"
