"""`border-kit sync pull|status|rollback|date`: as an office uses them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from border_kit.clock import stamp
from tests.command import Answer, call, follows, unsafe
from tests.sync.authority import Authority, names

FIRM = "Zumurrud Shipping"


@pytest.fixture
def published(tmp_path: Path) -> Authority:
    """A repository with one edition of the parties, and its first root in a file beside it."""
    made = Authority(tmp_path / "repository")
    made.found()
    made.parties(names())
    (tmp_path / "root.json").write_bytes(made.root)
    return made


def pull(made: Authority, *more: str | Path) -> Answer:
    root = made.folder.parent / "root.json"
    return call("sync", "pull", "--from", made.folder, "--root", root, "--now", stamp(made.now), *more)


def second(made: Authority) -> None:
    """Another edition, a day later."""
    made.later(days=1)
    known = names()
    known[4] = FIRM
    made.parties(known)


def screened(made: Authority) -> list[Any]:
    hits: list[Any] = call("screen", FIRM, "--json", "--now", stamp(made.now)).json["hits"]
    return [hit for hit in hits if hit["alert"]]


def test_a_first_pull_a_second_one_and_the_way_back(published: Authority) -> None:
    first = pull(published, "--json")
    assert (first.code, first.json["generation"], first.json["installed"]) == (0, 1, True)
    assert follows("sync_pull", first.json)
    assert screened(published) == []
    second(published)
    again = call("sync", "pull", "--json", "--now", stamp(published.now))
    assert [row["way"] for row in again.json["volumes"]] == ["patch"]
    assert len(screened(published)) == 1
    back = call("sync", "rollback", "--because", "a test", "--json", "--now", stamp(published.now))
    assert follows("sync_rollback", back.json)
    assert (back.json["left"], back.json["generation"]) == (2, 1)
    assert screened(published) == []
    forth = call("sync", "rollback", "--to", "2", "--json", "--now", stamp(published.now))
    assert forth.json["generation"] == 2
    assert len(screened(published)) == 1


def test_status_before_anything_was_pulled(office: Path) -> None:
    answer = call("sync", "status", "--json")
    assert (answer.code, answer.json["installed"], answer.json["kept"]) == (0, None, [])
    assert follows("sync_status", answer.json)
    assert "--root FILE" in call("sync", "status").out
    assert not (office / "generations").exists()


def test_status_tells_age_source_history_and_what_a_pull_costs(published: Authority) -> None:
    pull(published)
    second(published)
    published.later(days=20)
    answer = call("sync", "status", "--line", "9600", "--json", "--now", stamp(published.now))
    found = answer.json
    assert follows("sync_status", found)
    assert (found["installed"]["generation"], found["installed"]["age_days"]) == (1, 21)
    assert found["installed"]["volumes"]["parties"]["age_days"] == 21
    assert found["source"] == str(published.folder)
    assert found["offered"]["volumes"][0]["way"] == "patch"
    assert found["offered"]["minutes"] == pytest.approx(found["offered"]["bytes"] * 8 * 1.05 / 9600 / 60, abs=0.06)
    assert found["history"][0]["what"] == "pulled"
    text = call("sync", "status", "--line", "9600", "--now", stamp(published.now)).out
    assert "21 days ago" in text
    assert "at 9600 bit/s" in text
    assert unsafe(text) == []


def test_a_refused_pull_says_why_and_what_to_do(published: Authority, tmp_path: Path) -> None:
    pull(published)
    answer = call("sync", "pull", "--from", tmp_path / "nowhere", "--json", "--now", stamp(published.now))
    assert answer.code == 4
    assert answer.json["error"]["code"] == "source_missing"
    assert "stick" in answer.json["error"]["hint"]
    assert len(call("sync", "status", "--json").json["kept"]) == 1


def test_a_wrong_clock_is_told_until_the_date_is_stated(published: Authority) -> None:
    pull(published)
    second(published)
    lost = stamp(published.now - timedelta(days=9000))
    refused = call("sync", "pull", "--json", "--now", lost)
    assert (refused.code, refused.json["error"]["code"]) == (4, "clock_wrong")
    assert call("sync", "status", "--now", lost).code == 1
    early = call("sync", "date", "2026-10-01", "--now", lost, "--json")
    assert (early.code, early.json["error"]["code"]) == (2, "date_before_signed")
    said = call("sync", "date", published.now.date().isoformat(), "--now", lost, "--json", "--operator", "B-12")
    assert (said.code, follows("sync_date", said.json)) == (0, True)
    done = call("sync", "pull", "--json", "--now", lost)
    assert (done.code, done.json["installed"]) == (0, True)
    status = call("sync", "status", "--json", "--now", lost).json
    assert (status["clock"]["stated"], status["clock"]["wrong"]) == (True, False)
    assert [row["what"] for row in status["history"][:2]] == ["pulled", "date_stated"]
    assert status["history"][1]["operator"] == "B-12"


def test_a_damaged_generation_gives_way_to_the_one_before_and_every_command_says_so(
    published: Authority, office: Path
) -> None:
    pull(published)
    second(published)
    call("sync", "pull", "--now", stamp(published.now))
    (office / "generations" / "2" / "parties.sqlite").write_bytes(b"")
    answer = call("screen", FIRM, "--json")
    assert answer.code == 0
    assert "generation 1" in answer.err
    assert "sync pull" in answer.err
    status = call("sync", "status", "--json")
    assert (status.code, status.json["installed"]["generation"]) == (1, 1)
    assert [(row["generation"], row["whole"]) for row in status.json["kept"]] == [(2, False), (1, True)]
    again = call("sync", "pull", "--json", "--now", stamp(published.now))
    assert (again.code, again.json["generation"], again.json["installed"]) == (0, 3, True)
    assert len(screened(published)) == 1


def test_when_nothing_whole_is_left_the_catalog_that_ships_does_not_step_in(published: Authority, office: Path) -> None:
    pull(published)
    (office / "generations" / "1" / "parties.sqlite").write_bytes(b"")
    answer = call("screen", FIRM)
    assert answer.code == 5
    assert "sync pull" in answer.err
    (office / "current").unlink()
    assert call("screen", FIRM).code == 5
    status = call("sync", "status", "--json")
    assert (status.code, status.json["installed"]["generation"]) == (1, None)
    assert pull(published).code == 0
    assert call("screen", FIRM).code == 0


def test_nothing_to_go_back_to_is_wrong_usage(published: Authority) -> None:
    assert call("sync", "rollback").code == 2
    pull(published)
    assert call("sync", "rollback", "--to", "9").code == 2
    assert call("sync", "status", "--json").json["installed"]["generation"] == 1


def test_nothing_is_imported_or_built_into_an_installed_generation(
    published: Authority, office: Path, tmp_path: Path
) -> None:
    pull(published)
    listed = tmp_path / "own.csv"
    listed.write_text("id,kind,name,aliases,countries,born,identifiers,list\n1,person,A B,,,,,X\n", encoding="utf-8")
    for words in (["import", "parties-csv", listed], ["build"]):
        answer = call("catalog", *words, "--into", office / "generations" / "1", "--json")
        assert (answer.code, answer.json["error"]["code"]) == (2, "catalog_installed")
    assert call("catalog", "verify").code == 0


def test_the_indexes_of_the_catalog_in_use_are_rebuilt_without_naming_it(published: Authority, office: Path) -> None:
    pull(published)
    (office / "generations" / "1" / "parties.index.sqlite").unlink()
    stale = call("screen", FIRM)
    assert (stale.code, "catalog index" in stale.err) == (5, True)
    assert call("catalog", "index", "--json").json == {"indexed": ["parties"]}
    assert call("screen", FIRM).code == 0
    assert call("sync", "status", "--json").json["installed"]["warning"] == ""
