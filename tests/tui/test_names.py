"""The screen of names: as one types, filters, side by side, and not the same, because …"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from textual.pilot import Pilot

from border_kit.catalog.importers import import_into
from border_kit.desk.install import install
from border_kit.desk.settings import Settings
from border_kit.tui.screens.compare import CompareScreen
from tests.tui.screens import burst, opened, press, shown, type_text

HEAD = "id,kind,name,aliases,countries,born,identifiers,list\n"
ROWS = (
    "1,person,Orvald Teskarin,Орвальд Тескарин,XA,1967-04-19,passport:A1234567,LIST-A\n"
    "2,organisation,Teskarin Orvald Works,,XB,,,LIST-A\n"
    '9,person,"TESKARIN, Orvald",,XC,1967-04-19,,LIST-B\n'
)  # fmt: skip


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("names")
    path = root / "parties.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    import_into("parties-csv", path, root / "catalog", edition="2026-01-01", today=date(2026, 11, 23), install=install)
    return root / "catalog"


def settings(catalog: Path, tmp_path: Path) -> Settings:
    return Settings(catalog=catalog, casebook=tmp_path / "book.sqlite", operator="A12")


async def asked(pilot: Pilot[None], name: str) -> str:
    await press(pilot, "f6")
    await type_text(pilot, name)
    return shown(pilot)


async def test_one_party_on_two_lists_is_one_row_with_both_references(catalog: Path, tmp_path: Path) -> None:
    async with opened(settings(catalog, tmp_path)) as pilot:
        text = await asked(pilot, "Orvald Teskarin")
        assert "100 ALERT   LIST-A 1              +1" in text
        assert "also on LIST-B 9" in text
        assert "= orvald" in text


async def test_a_name_in_another_script_stands_with_a_latin_rendering(catalog: Path, tmp_path: Path) -> None:
    async with opened(settings(catalog, tmp_path), size=(120, 40)) as pilot:
        text = await asked(pilot, "Орвальд Тескарин")
        assert "Орвальд Тескарин [Orval'd Teskarin]" in text


async def test_side_by_side_shows_what_the_lists_say_and_why_they_are_one(catalog: Path, tmp_path: Path) -> None:
    async with opened(settings(catalog, tmp_path), size=(120, 40)) as pilot:
        await asked(pilot, "Orvald Teskarin")
        await press(pilot, "f2")
        text = shown(pilot)
        assert isinstance(pilot.app.screen, CompareScreen)
        for part in (
            "ASKED",
            "LISTED",
            "1967-04-19",
            "passport A1234567",
            "LIST-A 1",
            "LIST-B 9",
            "one party: LIST-A:1 = LIST-B:9",
        ):
            assert part in text
        assert "= exact             orvald" in text


async def test_a_hit_is_cleared_with_a_reason_from_the_list_or_from_side_by_side(catalog: Path, tmp_path: Path) -> None:
    async with opened(settings(catalog, tmp_path)) as pilot:
        await asked(pilot, "Orvald Teskarin")
        await press(pilot, "f2", "f3")
        await type_text(pilot, "born 1990")
        await press(pilot, "enter")
        text = shown(pilot)
        assert "100 CLEARED LIST-A 1" in text
        assert "by A12: born 1990" in text
        await press(pilot, "down", "f3")
        await type_text(pilot, "a firm in another country")
        await press(pilot, "enter", "f8")
        text = shown(pilot)
        assert "born 1990" in text
        assert "a firm in another country" in text


async def test_without_a_reason_nothing_is_cleared(catalog: Path, tmp_path: Path) -> None:
    async with opened(settings(catalog, tmp_path)) as pilot:
        await asked(pilot, "Orvald Teskarin")
        await press(pilot, "f3", "escape")
        assert "100 ALERT" in shown(pilot)
        await press(pilot, "f8")
        assert "Nothing is cleared" in shown(pilot)


@pytest.mark.parametrize(
    ("row", "value", "kept", "left_out"),
    [
        (0, "LIST-B", "LIST-B 9", "LIST-A 2"),
        (1, "organisation", "LIST-A 2", "LIST-A 1"),
        (2, "XB", "LIST-A 2", "LIST-A 1"),
    ],
)
async def test_filters_keep_to_one_list_kind_or_country(
    catalog: Path, tmp_path: Path, row: int, value: str, kept: str, left_out: str
) -> None:
    async with opened(settings(catalog, tmp_path)) as pilot:
        await asked(pilot, "Teskarin Orvald")
        await press(pilot, "f4", *["down"] * row, "enter")
        values = [line.strip() for line in shown(pilot).splitlines()]
        await press(pilot, *["down"] * (values.index(value) - values.index("all")), "enter")
        text = shown(pilot)
        assert f"{value}" in text
        assert "filtered:" in text
        hits = [line for line in text.splitlines() if line.strip()[:3].strip().isdigit()]
        assert any(kept in line for line in hits)
        assert not any(left_out in line for line in hits)


async def test_a_birth_date_beside_the_name_counts(catalog: Path, tmp_path: Path) -> None:
    async with opened(settings(catalog, tmp_path)) as pilot:
        await asked(pilot, "Orvald Teskarin")
        await press(pilot, "tab")
        await type_text(pilot, "1931-01-05")
        assert "68 weak     LIST-A 1" in shown(pilot)
        await press(pilot, "shift+tab", "enter", "down")
        text = shown(pilot)
        assert "born 1931-01-05" in text
        assert "conflict" in text


async def test_keys_without_a_hit_say_what_to_do(catalog: Path, tmp_path: Path) -> None:
    async with opened(settings(catalog, tmp_path)) as pilot:
        await press(pilot, "f6", "f2", "f3")
        assert "Type a name and choose a hit first" in shown(pilot)


async def test_a_second_scanned_name_is_asked_for_itself_without_the_birth_of_the_first(
    catalog: Path, tmp_path: Path
) -> None:
    async with opened(settings(catalog, tmp_path)) as pilot:
        await press(pilot, "f6")
        await burst(pilot, "Orvald Teskarin\n")
        await press(pilot, "shift+tab", "shift+tab")
        await type_text(pilot, "1967")
        await press(pilot, "enter")
        assert "agree" in shown(pilot)
        await burst(pilot, "Teskarin Orvald Works\n")
        text = shown(pilot)
        assert not isinstance(pilot.app.screen, CompareScreen)
        assert text.splitlines()[1].split("  ")[0].strip() == "Teskarin Orvald Works"
        assert "born 1967-04-19" in text.splitlines()[1]
        assert "100 ALERT   LIST-A 2" in text


async def test_the_longest_way_in_which_words_stand_to_each_other_is_told_in_full(
    catalog: Path, tmp_path: Path
) -> None:
    async with opened(settings(catalog, tmp_path)) as pilot:
        await asked(pilot, "Orvald Teskarin Bank Ltd")
        await press(pilot, "f2")
        assert "+ extra legal form  ltd" in shown(pilot)
