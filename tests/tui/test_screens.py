"""The officer's screens, by keyboard, at 80 × 24 and 120 × 40."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.widgets import Input

from border_kit.casework.case import Casebook
from border_kit.casework.operators import Enrolment
from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from border_kit.tui.screens.home import HomeScreen
from border_kit.tui.screens.result import ResultScreen
from tests.conftest import EXAMPLES, NOW
from tests.tui.screens import burst, opened, press, same_as_golden, settle, shown, type_text

SIZES = [(80, 24), (120, 40)]
SAMPLES = sorted(path.stem for path in EXAMPLES.glob("*.json"))


def fixed(shipped: Path) -> Settings:
    return Settings(catalog=shipped, now=NOW)


def working(shipped: Path, tmp_path: Path) -> Settings:
    return Settings(catalog=shipped, casebook=tmp_path / "casebook.sqlite", operator="B-7")


@pytest.mark.parametrize("size", SIZES)
async def test_home_looks_as_it_should(shipped: Path, size: tuple[int, int]) -> None:
    async with opened(fixed(shipped), size=size) as pilot:
        same_as_golden(f"home-{size[0]}", shown(pilot))


@pytest.mark.parametrize(
    ("typed", "shown_there"),
    [("Triage", "triage"), ("Office", "office"), ("Classes", "class"), ("Certificates", "certificate")],
)
async def test_what_no_key_opens_from_home_the_palette_does(shipped: Path, typed: str, shown_there: str) -> None:
    async with opened(fixed(shipped)) as pilot:
        await press(pilot, "ctrl+p")
        await press(pilot, *typed.lower())
        await press(pilot, "enter")
        assert shown_there in type(pilot.app.screen).__name__.casefold()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("sample", SAMPLES)
async def test_the_sixty_second_screen_looks_as_it_should(shipped: Path, sample: str, size: tuple[int, int]) -> None:
    async with opened(fixed(shipped), size=size, file=EXAMPLES / f"{sample}.json") as pilot:
        assert isinstance(pilot.app.screen, ResultScreen)
        same_as_golden(f"{sample}-{size[0]}", shown(pilot))


@pytest.mark.parametrize(
    ("key", "typed", "name"),
    [
        ("f2", "", "new"),
        ("f5", "thermal camera", "catalog"),
        ("f6", "Brumovich", "names"),
        ("f8", "IND-22-0071", "licence"),
        ("f1", "", "help"),
    ],
)
async def test_each_screen_looks_as_it_should(shipped: Path, key: str, typed: str, name: str) -> None:
    async with opened(fixed(shipped)) as pilot:
        await press(pilot, key)
        await type_text(pilot, typed)
        if name == "licence":
            await press(pilot, "enter")
        same_as_golden(name, shown(pilot))


async def test_the_data_screen_names_every_volume_its_edition_and_its_demo_mark(shipped: Path) -> None:
    async with opened(fixed(shipped)) as pilot:
        await press(pilot, "f9")
        text = shown(pilot)
    assert "controls: edition 2026-11-23" in text
    assert "DEMO, fictional" in text


@pytest.mark.parametrize("size", [(59, 24), (80, 19), (20, 5)])
async def test_a_small_terminal_is_told_so(shipped: Path, size: tuple[int, int]) -> None:
    async with opened(fixed(shipped), size=size) as pilot:
        assert "too small" in shown(pilot).replace("\n", " ")


async def test_every_screen_shows_the_age_of_the_data_and_the_demo_mark(shipped: Path) -> None:
    async with opened(fixed(shipped)) as pilot:
        for key in ("f2", "f3", "f5", "f6", "f8", "f9", "f1"):
            await press(pilot, key)
            assert "parties 2d*" in shown(pilot).split("\n", 1)[0]
            await press(pilot, "escape")


async def test_following_the_advice_takes_one_key(shipped: Path, tmp_path: Path) -> None:
    settings = working(shipped, tmp_path)
    async with opened(settings, file=EXAMPLES / "green-release-shirts.json") as pilot:
        await press(pilot, "f2")
        assert "DECIDED   release at" in shown(pilot)
    rows = Casebook.at(tmp_path / "casebook.sqlite").rows()
    assert [(row.shipment, row.decision) for row in rows] == [("EX-26-1001", "release")]
    events = Casebook.at(tmp_path / "casebook.sqlite").show(rows[0].case_id).events
    assert events[-1].operator == "B-7"


async def test_going_against_the_advice_asks_for_the_reason(shipped: Path, tmp_path: Path) -> None:
    settings = working(shipped, tmp_path)
    async with opened(settings, file=EXAMPLES / "red-detain-listed-party.json") as pilot:
        await press(pilot, "f2")
        assert "Why release?" in shown(pilot)
        await press(pilot, "enter")
        assert "Why release?" in shown(pilot)
        await press(pilot, "escape")
        assert Casebook.at(tmp_path / "casebook.sqlite").rows() == []
        await press(pilot, "f2")
        await type_text(pilot, "another man")
        await press(pilot, "enter")
        await settle(pilot)
        assert "DECIDED   release at" in shown(pilot)
    book = Casebook.at(tmp_path / "casebook.sqlite")
    assert book.show(book.rows()[0].case_id).events[-1].data["reason"] == "another man"


async def test_hold_takes_no_fewer_keys_than_a_clear_case(shipped: Path, tmp_path: Path) -> None:
    async with opened(working(shipped, tmp_path), file=EXAMPLES / "red-detain-listed-party.json") as pilot:
        await press(pilot, "f5")
        assert "DECIDED   detain_and_refer at" in shown(pilot)


async def test_a_second_decision_stands_beside_the_first(shipped: Path, tmp_path: Path) -> None:
    async with opened(working(shipped, tmp_path), file=EXAMPLES / "green-release-shirts.json") as pilot:
        await press(pilot, "f2", "f4")
        await type_text(pilot, "wet boxes")
        await press(pilot, "enter")
        await settle(pilot)
        assert "wet boxes" in shown(pilot)
    book = Casebook.at(tmp_path / "casebook.sqlite")
    assert [event.kind for event in book.show(book.rows()[0].case_id).events] == ["opened", "decided", "decided"]


async def test_an_answer_changes_the_assessment_and_both_stay(shipped: Path, tmp_path: Path) -> None:
    async with opened(working(shipped, tmp_path), file=EXAMPLES / "yellow-document-check-vague.json") as pilot:
        await press(pilot, "f8")
        await press(pilot, "enter")
        await settle(pilot)
        await press(pilot, "enter")
        await settle(pilot)
    book = Casebook.at(tmp_path / "casebook.sqlite")
    case = book.show(book.rows()[0].case_id)
    assert set(case.answers.values()) == {"yes"}
    assert case.events[0].kind == "opened"


async def test_why_shows_every_rule_and_can_be_saved(shipped: Path, office: Path) -> None:
    async with opened(fixed(shipped), file=EXAMPLES / "red-detain-listed-party.json") as pilot:
        await press(pilot, "f6", "f7")
        papers = list((office / "papers").iterdir())
        text = papers[0].read_text(encoding="utf-8")
        assert "WHAT EVERY RULE SAW" in text
        assert "A listed party takes part" in text
        assert "DEMO-A" in text


async def test_a_typed_check_is_kept_as_a_draft_and_assessed(shipped: Path, tmp_path: Path) -> None:
    settings = working(shipped, tmp_path)
    async with opened(settings) as pilot:
        await press(pilot, "f2")
        await type_text(pilot, "T-1")
        await press(pilot, "enter")
    book = Casebook.at(tmp_path / "casebook.sqlite")
    assert [body["fields"]["id"] for _, _, body in book.drafts()] == ["T-1"]
    book.close()
    async with opened(settings) as pilot:
        assert "T-1" in shown(pilot)
        await press(pilot, "down", "end", "enter")
        assert pilot.app.screen.query_one("#id", Input).value == "T-1"
        pilot.app.screen.query_one("#consignee", Input).value = "Orvald Brumovich"
        pilot.app.screen.query_one("#description", Input).value = "desks"
        await press(pilot, "f6")
        assert "desks" in shown(pilot)
        pilot.app.screen.query_one("#description", Input).value = "chairs"
        await press(pilot, "f5")
        assert isinstance(pilot.app.screen, ResultScreen)
        assert "STOP" in shown(pilot)
        assert "GOODS 2" in shown(pilot)


async def test_a_burst_that_ends_with_enter_fills_one_field_and_the_next_burst_the_next(shipped: Path) -> None:
    async with opened(fixed(shipped)) as pilot:
        await press(pilot, "f2")
        await burst(pilot, "TR7\nexport\n")
        values = {name: pilot.app.screen.query_one(f"#{name}", Input).value for name in ("id", "direction")}
    assert values == {"id": "TR7", "direction": "export"}


async def test_two_bursts_into_the_scan_field_are_two(shipped: Path, tmp_path: Path) -> None:
    async with opened(working(shipped, tmp_path)) as pilot:
        await burst(pilot, "cl1:abcdefgh\nmore")
        assert pilot.app.screen.query_one("#scan", Input).value == "more"
        assert "caps lock" in shown(pilot)


async def test_a_wrong_field_is_named_and_nothing_is_lost(shipped: Path, tmp_path: Path) -> None:
    async with opened(working(shipped, tmp_path)) as pilot:
        await press(pilot, "f2")
        pilot.app.screen.query_one("#description", Input).value = "desks"
        pilot.app.screen.query_one("#quantity", Input).value = "many"
        await press(pilot, "f5")
        assert "quantity" in shown(pilot)
        await press(pilot, "escape")
        assert pilot.app.screen.query_one("#quantity", Input).value == "many"


@pytest.mark.parametrize(
    ("burst", "expected"),
    [
        ("IND-22-0071", "Aldermoor"),
        ("852589", "852589"),
        ("Orvald Brumovich", "DEMO-A"),
        ("cl1:abcdef", "caps lock"),
        ("2026-9999", "no case"),
    ],
)
async def test_the_scan_field_says_what_a_burst_is(shipped: Path, tmp_path: Path, burst: str, expected: str) -> None:
    async with opened(working(shipped, tmp_path)) as pilot:
        await type_text(pilot, burst)
        await press(pilot, "enter")
        assert expected in shown(pilot)


async def test_the_scanner_has_the_focus_again_after_each_screen(shipped: Path) -> None:
    async with opened(fixed(shipped)) as pilot:
        for key in ("f5", "f6", "f9"):
            await press(pilot, key, "escape")
            assert isinstance(pilot.app.screen, HomeScreen)
            assert pilot.app.focused is not None
            assert pilot.app.focused.id == "scan"


async def test_a_manifest_opens_as_triage_with_the_heaviest_first(shipped: Path) -> None:
    async with opened(fixed(shipped), file=EXAMPLES / "manifest.csv") as pilot:
        text = shown(pilot)
        assert text.index("BL-5003") < text.index("BL-5001")
        assert "rows refused" in text
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, ResultScreen)
        assert "STOP" in shown(pilot)


async def test_cases_are_listed_filtered_and_opened(shipped: Path, tmp_path: Path) -> None:
    settings = working(shipped, tmp_path)
    for sample in ("green-release-shirts", "red-detain-listed-party"):
        async with opened(settings, file=EXAMPLES / f"{sample}.json") as pilot:
            await press(pilot, "f2" if "green" in sample else "f5")
    async with opened(settings) as pilot:
        await press(pilot, "f4")
        assert "EX-26-1001" in shown(pilot)
        assert "EX-26-1008" in shown(pilot)
        await type_text(pilot, "brumovich")
        assert "EX-26-1001" not in shown(pilot)
        await press(pilot, "enter", "enter")
        assert "CASE" in shown(pilot)
        assert "DECIDED   detain_and_refer at" in shown(pilot)


async def test_a_missing_catalog_is_said_in_words(tmp_path: Path) -> None:
    async with opened(Settings(catalog=tmp_path / "none", now=NOW)) as pilot:
        assert "no catalog" in shown(pilot)


async def test_without_colour_the_words_remain(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened(fixed(shipped), file=EXAMPLES / "red-detain-listed-party.json") as pilot:
        assert "STOP" in shown(pilot)
        assert pilot.app.theme == "ansi-dark"


async def test_where_operators_are_enrolled_a_decision_asks_who_acts_and_goes_on(shipped: Path, tmp_path: Path) -> None:
    path = tmp_path / "casebook.sqlite"
    book = Casebook.at(path)
    book.enrol(Enrolment("B-01", "A. Ruhe", "supervisor", "428913"), office="XA-BOR-01", at=NOW)
    book.close()
    settings = Settings(catalog=shipped, casebook=path)
    async with opened(settings, file=EXAMPLES / "green-release-shirts.json") as pilot:
        await press(pilot, "f2")
        assert "Who acts?" in shown(pilot)
        await type_text(pilot, "B-01")
        await press(pilot, "enter")
        await type_text(pilot, "000000")
        assert "000000" not in shown(pilot)
        await press(pilot, "enter")
        assert "The PIN is wrong" in shown(pilot)
        await press(pilot, "escape", "f2")
        await type_text(pilot, "B-01")
        await press(pilot, "enter")
        await type_text(pilot, "428913")
        await press(pilot, "enter")
    book = Casebook.at(path)
    events = book.show(book.rows()[0].case_id).events
    assert [(event.kind, event.operator, event.signed) for event in events] == [
        ("opened", "B-01", True),
        ("decided", "B-01", True),
    ]
    assert book.verify().intact


async def test_leaving_while_a_decision_is_kept_never_leaves_a_case_undecided(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = working(shipped, tmp_path)
    async with opened(settings, file=EXAMPLES / "green-release-shirts.json") as pilot:
        asked: list[object] = []
        room = pilot.app.backroom  # type: ignore[attr-defined]  # the application's

        async def one_question_then_gone(question: Callable[[Desk], object]) -> object:
            if asked:
                raise asyncio.CancelledError
            asked.append(question)
            return await type(room).ask(room, question)

        monkeypatch.setattr(room, "ask", one_question_then_gone)
        await press(pilot, "f2")
    book = Casebook.at(tmp_path / "casebook.sqlite")
    assert [row.decision for row in book.rows()] == ["release"]


async def test_an_operator_signs_in_and_off_by_key(shipped: Path, tmp_path: Path) -> None:
    async with opened(working(shipped, tmp_path)) as pilot:
        await press(pilot, "ctrl+o")
        assert "Who acts?" in shown(pilot)
        await press(pilot, "escape")
        assert "Who acts?" not in shown(pilot)


async def test_a_case_is_referred_disputed_and_ruled_by_keys_and_the_ruling_is_shown_again(
    shipped: Path, tmp_path: Path
) -> None:
    settings = working(shipped, tmp_path)
    async with opened(settings, file=EXAMPLES / "red-detain-no-licence.json") as pilot:
        await press(pilot, "f9", *["down"] * 2, "enter")
        for words in ("XA/LA-01", "R-77"):
            await type_text(pilot, words)
            await press(pilot, "enter")
        await press(pilot, "down", "enter", "enter", "enter", "enter")
    book = Casebook.at(tmp_path / "casebook.sqlite")
    events = book.show(book.rows()[0].case_id).events
    assert events[-1].kind == "ruled"
    assert events[-1].data == {"authority": "XA/LA-01", "reference": "R-77", "outcome": "no_licence_required"}
    book.close()
    async with opened(settings, file=EXAMPLES / "red-detain-no-licence.json") as pilot:
        await press(pilot, "end")
        assert "RULED" in shown(pilot)
        assert "no licence required, XA/LA-01 R-77" in " ".join(shown(pilot).split())


async def test_a_paper_is_made_by_keys_and_recorded(
    shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BORDER_KIT_HOME", str(tmp_path / "home"))
    async with opened(working(shipped, tmp_path), file=EXAMPLES / "green-release-shirts.json") as pilot:
        await press(pilot, "f9", "end", "enter", "end", "enter", "enter")
    book = Casebook.at(tmp_path / "casebook.sqlite")
    event = book.show(book.rows()[0].case_id).events[-1]
    assert (event.kind, event.data["paper"]) == ("paper_made", "inspection")
    assert (tmp_path / "home" / "papers" / event.data["file"]).read_bytes().startswith(b"%PDF")


async def test_looking_at_what_can_be_done_opens_no_case(shipped: Path, tmp_path: Path) -> None:
    async with opened(working(shipped, tmp_path), file=EXAMPLES / "green-release-shirts.json") as pilot:
        await press(pilot, "f9", "escape", "f9", "enter", "escape")
    assert Casebook.at(tmp_path / "casebook.sqlite").rows() == []
