from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.errors import StoreError
from border_kit.training.drill.cards import Card
from border_kit.training.drill.history import RATINGS, History, Rating, Review, path_of
from border_kit.training.drill.schedule import Schedule, deal, span
from tests.command import ROOT, call, follows, start

MODULES = Path(__file__).with_name("modules")
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def _review(card: str, rating: Rating, days: float = 0) -> Review:
    return Review(NOON + timedelta(days=days), card, rating)


def _cards(count: int, deck: str = "d") -> list[Card]:
    return [Card(deck, f"c{number:02}", "?", "!", ("s",)) for number in range(count)]


# The schedule


def test_a_card_that_is_known_comes_after_days_and_one_that_is_not_within_the_hour() -> None:
    days = {rating: Schedule([_review("a", rating)]).due("a") for rating in RATINGS}
    assert days == {
        "again": NOON + timedelta(minutes=10),
        "hard": NOON + timedelta(minutes=15),
        "good": NOON + timedelta(days=2),
        "easy": NOON + timedelta(days=8),
    }


def test_a_card_comes_when_nine_of_ten_would_still_know_it() -> None:
    reviews = [_review("a", "good"), _review("a", "good", 2), _review("a", "good", 13)]
    schedule = Schedule(reviews)
    due = schedule.due("a")
    assert due is not None
    assert due - reviews[-1].at > timedelta(days=30)
    assert schedule.known("a", due) == pytest.approx(0.9, abs=0.01)
    assert schedule.known("a", due + timedelta(days=200)) < schedule.known("a", due)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(RATINGS), st.floats(0, 900)), max_size=30))
def test_the_same_answers_give_the_same_days_whatever_other_cards_were_asked(
    given_answers: list[tuple[str, Rating, float]],
) -> None:
    reviews = [_review(*answer) for answer in given_answers]
    whole = Schedule(reviews)
    for key in "abc":
        alone = Schedule(review for review in reviews if review.card == key)
        assert whole.due(key) == alone.due(key)
        assert 0 <= whole.known(key, NOON + timedelta(days=1_000)) <= 1


def test_a_clock_that_was_set_back_breaks_nothing() -> None:
    due = Schedule([_review("a", "good", 50), _review("a", "good", 0), _review("a", "easy", 1)]).due("a")
    assert due is not None
    assert due > NOON


def test_due_cards_come_first_the_least_known_first_then_new_ones() -> None:
    cards = _cards(6)
    schedule = Schedule([_review("d/c00", "easy"), _review("d/c01", "good"), _review("d/c02", "easy", 29)])
    hand = deal(cards, schedule, NOON + timedelta(days=30), limit=4, new=3)
    assert [card.name for card in hand.due] == ["c01", "c00"]
    assert len(hand.new) == 2
    assert {card.name for card in hand.new} <= {"c03", "c04", "c05"}


def test_what_does_not_fit_the_sitting_is_counted() -> None:
    schedule = Schedule(_review(card.key, "good") for card in _cards(6))
    hand = deal(_cards(9), schedule, NOON + timedelta(days=30), limit=4, new=3)
    assert (len(hand.due), len(hand.new), hand.waiting) == (4, 0, 2)


def test_a_seed_draws_the_same_new_cards_and_another_seed_others() -> None:
    cards = _cards(50) + _cards(50, "pairs")
    dealt = [deal(cards, Schedule(), NOON, limit=9, new=9, seed=seed).new for seed in (1, 1, 2)]
    assert dealt[0] == dealt[1] != dealt[2]
    assert [card.deck for card in dealt[0]] == ["d", "d", "pairs"] * 3


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (timedelta(minutes=10), "10 min"),
        (timedelta(hours=5), "5 h"),
        (timedelta(days=3), "3 d"),
        (timedelta(days=70), "2 mo"),
        (timedelta(days=800), "2.2 y"),
    ],
)
def test_a_time_to_wait_is_one_number(length: timedelta, shown: str) -> None:
    assert span(length) == shown


# The history


def test_learners_whose_names_fold_alike_have_files_of_their_own() -> None:
    names = ["Ana", "ana", "Ana ", "Ána", "../../etc/passwd", "العربية", "日本", "a" * 300, "a" * 301]
    paths = {path_of(name) for name in names}
    assert len(paths) == len(names)
    assert {path.parent for path in paths} == {path_of("ana").parent}
    assert all(len(path.name) < 80 for path in paths)


@pytest.mark.parametrize("torn", [b'{"at": "2026-11-25T12:00:00Z", "car', b"\xff\xfe", b"null", b'[{"at"', b"{}"])
def test_a_half_written_answer_is_passed_over_and_nothing_else_is_lost(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "a.jsonl"
    history = History(path)
    history.add(_review("d/1", "good"))
    with path.open("ab") as stream:
        stream.write(torn)
    history.add(_review("d/2", "again"))
    assert [review.card for review in history.reviews()] == ["d/1", "d/2"]


@pytest.mark.parametrize(
    "row",
    [
        {"at": "yesterday", "card": "a", "rating": "good"},
        {"at": "2026-11-25", "card": 7, "rating": "good"},
        {"at": "2026-11-25", "card": "a", "rating": "perfect"},
        {"at": "2026-11-25", "card": "a", "rating": ["good"]},
        {"at": "2026-11-25", "card": "a" * 1000, "rating": "good"},
        {"at": "2026-11-25", "card": "a", "rating": "good", "right": "yes"},
        {"at": "2026-11-25", "card": "a", "rating": "good", "right": []},
        {"at": "9999-12-31T23:59:59Z", "card": "a", "rating": "easy"},
    ],
)
def test_a_line_that_is_no_answer_of_ours_counts_for_nothing(tmp_path: Path, row: dict[str, object]) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    history = History(path)
    assert (list(history.reviews()), history.passed_over) == ([], 1)


def test_a_history_that_is_no_file_is_told_and_never_read_for_ever(tmp_path: Path) -> None:
    (tmp_path / "zero.jsonl").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.jsonl")
    for name in ("zero.jsonl", "pipe.jsonl"):
        with pytest.raises(StoreError):
            list(History(tmp_path / name).reviews())


def test_every_answer_that_was_confirmed_is_there_after_a_kill(office: Path) -> None:
    program = (
        "import sys\n"
        "from datetime import datetime, UTC\n"
        "from border_kit.training.drill.history import History, Review, path_of\n"
        "history = History(path_of('ana'))\n"
        "for number in range(100000):\n"
        "    history.add(Review(datetime.now(UTC), f'd/{number}', 'good'))\n"
        "    print(number, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "BORDER_KIT_HOME": str(office)},
    ) as running:
        assert running.stdout is not None
        while running.stdout.readline() != "40\n":
            pass
        running.send_signal(signal.SIGKILL)
        confirmed = 41 + len(running.stdout.readlines())
    kept = [review.card for review in History(path_of("ana")).reviews()]
    assert kept[:confirmed] == [f"d/{number}" for number in range(confirmed)]


def test_an_answer_that_cannot_be_kept_is_told() -> None:
    path = path_of("ana")
    path.parent.mkdir(parents=True)
    path.mkdir()
    answer = call(
        "train",
        "drill",
        "--learner",
        "ana",
        "--modules",
        MODULES,
        "--answers",
        "-",
        stdin=b'{"card": "lamps/who", "rating": "good"}',
    )
    assert answer.code == 4
    assert "history" in answer.err


# The command


def test_json_lists_the_hand_without_answers_and_writes_nothing(office: Path) -> None:
    answer = call("train", "drill", "--modules", MODULES, "--now", "2026-11-25", "--json", "--deck", "lamps")
    assert answer.code == 0
    assert follows("drill", answer.json, "training")
    assert (answer.json["due"], answer.json["new"], answer.json["learner"]) == (0, 3, "learner")
    assert {row["card"] for row in answer.json["hand"]} == {"lamps/which_value", "lamps/claim", "lamps/who"}
    assert "tested, not believed" not in answer.out
    assert not (office / "training").exists()


def test_answers_from_a_file_are_kept_marked_and_come_again_when_they_are_due() -> None:
    given_rows = [
        {"card": "lamps/claim", "choice": "Nothing: it is a claim"},
        {"card": "lamps/who", "rating": "easy"},
        {"card": "lamps/which_value", "rating": "again"},
        {"card": "lamps/claim", "choice": "That an authority looked", "rating": "easy"},
    ]
    stdin = "\n".join(map(json.dumps, given_rows)).encode()
    answer = call(
        "train",
        "drill",
        "--modules",
        MODULES,
        "--now",
        "2026-11-25",
        "--operator",
        "B-7",
        "--answers",
        "-",
        stdin=stdin,
    )
    assert answer.code == 0
    assert all(follows("drill_answer", row, "training") for row in answer.rows)
    assert [(row["rating"], row.get("right")) for row in answer.rows] == [
        ("good", True), ("easy", None), ("again", None), ("again", False),
    ]  # fmt: skip
    assert answer.rows[1]["due"] == "2026-12-03T00:00:00Z"
    later = call(
        "train", "drill", "--modules", MODULES, "--now", "2026-11-26", "--operator", "B-7", "--deck", "lamps", "--json"
    ).json
    assert (later["due"], later["reviews"], later["remembered"]) == (2, 4, 2)
    other = call("train", "drill", "--modules", MODULES, "--now", "2026-11-26", "--deck", "lamps", "--json").json
    assert (other["due"], other["reviews"]) == (0, 0)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b'{"card": "lamps/nobody", "rating": "good"}', "card_unknown"),
        (b'{"card": "lamps/who", "rating": "perfect"}', "rating_unknown"),
        (b'{"card": "lamps/claim", "choice": "the first"}', "choice_unknown"),
        (b'{"card": "lamps/who"}', "field_missing"),
        (b'{"rating": "good"}', "field_missing"),
        (b'{"card": 5, "rating": "good"}', "field_type"),
        (b"[]", "not_an_object"),
        (b"\xff\xfe{", "not_json"),
    ],
)
def test_a_bad_answer_is_told_in_its_place_and_the_next_is_taken(row: bytes, code: str) -> None:
    stdin = row + b'\n{"card": "lamps/who", "rating": "good"}\n'
    answer = call("train", "drill", "--modules", MODULES, "--deck", "lamps", "--answers", "-", stdin=stdin)
    assert answer.code == 0
    assert [item.get("error", {}).get("code") for item in answer.rows] == [code, None]
    assert answer.rows[0]["line"] == 1


def test_a_deck_that_is_not_there_is_named_with_those_that_are() -> None:
    answer = call("train", "drill", "--modules", MODULES, "--deck", "nothing")
    assert answer.code == 2
    assert "pairs" in answer.err


def test_the_cards_of_a_scenario_come_when_its_deck_is_named_and_never_unasked() -> None:
    unasked = call("train", "drill", "--modules", MODULES, "--json", "--limit", "500", "--new", "500").json["hand"]
    assert not [row for row in unasked if row["card"].startswith("scenario-")]
    named = call("train", "drill", "--modules", MODULES, "--json", "--deck", "scenario-two-lamps").json["hand"]
    assert [row["card"].split("/")[0] for row in named] == ["scenario-two-lamps"]


def test_a_broken_deck_is_left_out_and_told(tmp_path: Path) -> None:
    folder = tmp_path / "modules" / "cards"
    folder.mkdir(parents=True)
    (folder / "broken.yaml").write_text("format: 1\n", encoding="utf-8")
    (folder / "lamps.yaml").write_bytes((MODULES / "cards" / "lamps.yaml").read_bytes())
    answer = call("train", "drill", "--modules", folder.parent, "--json", "--deck", "lamps")
    assert (answer.code, len(answer.json["hand"])) == (0, 3)
    assert "broken.yaml:1" in answer.err


def test_ten_thousand_answers_are_read_in_a_second() -> None:
    path = path_of("ana")
    path.parent.mkdir(parents=True)
    rows = (json.dumps(_review(f"d/{number % 700}", "good", number / 20).to_json()) for number in range(10_000))
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    began = time.process_time()
    schedule = Schedule(History(path).reviews())
    assert time.process_time() - began < 1
    assert schedule.reviews == 10_000


def test_a_process_of_its_own_drills_too(office: Path) -> None:
    answer = start("train", "drill", "--modules", MODULES, "--deck", "lamps", env={"BORDER_KIT_HOME": str(office)})
    assert answer.code == 0
    assert "0 cards due, 3 never shown" in answer.out
