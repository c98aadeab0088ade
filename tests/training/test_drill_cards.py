from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from border_kit.catalog.sources import SourceError
from border_kit.catalog.volumes import Catalog, open_catalog
from border_kit.desk.desk import Desk
from border_kit.desk.settings import Settings
from border_kit.training.drill.cards import load, scenario_cards
from border_kit.training.drill.lint import lint
from border_kit.training.drill.pairs import NO, YES, pairs
from border_kit.training.scenario import load as load_scenario
from tests.conftest import NOW, ROOT

HERE = Path(__file__).parent
DECK = HERE / "modules" / "cards" / "lamps.yaml"
Deck = Callable[[str, str], Path]


@pytest.fixture
def deck(tmp_path: Path) -> Deck:
    """The tests' deck with one piece of text replaced."""

    def edit(old: str, new: str) -> Path:
        text = DECK.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{text.count(old)} places of {old!r}"
        path = tmp_path / "lamps.yaml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return edit


def test_the_published_schema_of_a_deck_is_the_one_that_is_used() -> None:
    used = ROOT / "border_kit" / "training" / "schemas" / "cards.schema.json"
    assert (ROOT / "docs" / "schemas" / "cards.schema.json").read_bytes() == used.read_bytes()


def test_a_deck_is_read_whole() -> None:
    card = load(DECK).cards[1]
    assert (card.key, card.right, card.sources) == (
        "lamps/claim", "Nothing: it is a claim", ("test rule, § 1", "test list of codes"),
    )  # fmt: skip
    assert set(card.shuffled()) == set(card.choices)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("deck: lamps", "deck: scenario-lamps", 3, "is kept for cards that the kit makes"),
        ("deck: lamps", "deck: lanterns", 3, "name them alike"),
        ("- id: who\n", "- id: claim\n", 16, "the id 'claim' stands twice"),
        ("- id: who\n", "- id: Who\n", 16, "is not an id of small letters"),
        ("cite: [rule, code]", "cite: [rule, law]", 15, "there is no source 'law'"),
        ("cite: [rule, code]", "cite: [rule]", 22, "nothing names the source 'code'"),
        ('right: "Nothing: it is a claim"', "right: Nothing", 13, "none of the choices, word for word"),
        ('    right: "Nothing: it is a claim"\n', "", 10, "right"),
        ("back: The licensing authority.", "back: &a The licensing authority.", 18, "anchors and aliases"),
        ("format: 1", "format: 2", 2, "1"),
    ],
)
def test_a_deck_with_an_error_is_refused_with_line_and_reason(
    deck: Deck, old: str, new: str, line: int, said: str
) -> None:
    with pytest.raises(SourceError) as refused:
        load(deck(old, new))
    assert any(problem.line == line and said in problem.message for problem in refused.value.problems), [
        str(problem) for problem in refused.value.problems
    ]


def test_a_sound_deck_is_clean() -> None:
    assert lint([DECK]) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("front: Who says what the goods are?", "front: What does the licensing authority say?", 17, "holds its own answer"),
        ('a code that says "not listed"', "a code, nothing it is a claim", 11, "holds its own answer"),
        ("front: Who says what the goods are?", "front: A crate of lamps is declared without data sheet. Which value do you ask for first?", 17, "lamps/which_value asks the same"),
    ],
)  # fmt: skip
def test_a_poor_card_is_told_with_its_line(deck: Deck, old: str, new: str, line: int, said: str) -> None:
    assert [(problem.line, said in problem.message) for problem in lint([deck(old, new)])] == [(line, True)]


def test_two_questions_that_differ_in_a_code_are_two(deck: Deck) -> None:
    asked = "front: A crate of lamps is declared without a data sheet. Which value do you ask for {} first?"
    old = "front: A crate of lamps is declared without a data sheet. Which value do you ask for first?"
    path = deck(old, asked.format("under 6A003"))
    path.write_text(
        path.read_text(encoding="utf-8").replace("Who says what the goods are?", asked.format("under 6A002")[7:]),
        encoding="utf-8",
    )
    assert lint([path]) == []


def test_a_card_of_a_scenario_and_a_card_of_a_deck_do_not_ask_the_same(deck: Deck) -> None:
    scenario = load_scenario(HERE / "modules" / "two-lamps.yaml")
    path = deck("Who says what the goods are?", scenario.cards[0].front)
    assert [problem.file for problem in lint([path], [scenario])] == ["lamps.yaml"]


def test_a_name_that_resembles_a_listed_party_is_told(deck: Deck) -> None:
    path = deck("Who says what the goods are?", "Ulmar Sedgeworthy asks who says what the goods are. Who does?")

    def listed(name: str) -> str | None:
        return "LIST 7" if "Sedgeworthy" in name else None

    assert [
        "'Ulmar Sedgeworthy' resembles a listed party (LIST 7)" in item.message for item in lint([path], (), listed)
    ] == [True]


def test_the_cards_of_a_scenario_name_its_sources() -> None:
    scenario = load_scenario(HERE / "modules" / "two-lamps.yaml")
    card = scenario_cards(scenario)[0]
    assert card.key == f"scenario-two-lamps/{scenario.cards[0].id}"
    assert card.sources[0].startswith("test")


# Pairs


@pytest.fixture(scope="module")
def catalog(shipped: Path) -> Catalog:
    return open_catalog(shipped, NOW.date())


def test_pairs_come_from_hundreds_of_figures_of_the_controls(catalog: Catalog) -> None:
    made = pairs(catalog)
    assert len(made) > 1000
    assert len({card.key for card in made}) == len(made)
    assert {card.right for card in made} == {YES, NO}


def test_each_half_of_a_pair_lies_on_its_side_of_the_figure_and_nothing_else_differs(catalog: Catalog) -> None:
    by_leaf: dict[str, dict[str, str]] = {}
    for card in pairs(catalog):
        leaf, _, side = card.name.rpartition(":")
        by_leaf.setdefault(leaf, {})[side] = card.front
    holds = {">": Decimal.__gt__, ">=": Decimal.__ge__, "<": Decimal.__lt__, "<=": Decimal.__le__}
    for leaf, halves in by_leaf.items():
        reached, outside = (
            set(halves[side].split("says: ")[1].split(". Does")[0].split("; ")) for side in ("reached", "outside")
        )
        assert len(reached - outside) == len(outside - reached) == 1, leaf
        condition = leaf.rpartition(":")[2]
        operator = next(sign for sign in (">=", "<=", ">", "<") if sign in condition)
        figure = Decimal(condition.split(operator)[1])
        values = [
            Decimal((half - other).pop().rpartition(": ")[2].split()[0])
            for half, other in ((reached, outside), (outside, reached))
        ]
        assert [holds[operator](value, figure) for value in values] == (
            [False, True] if ":note:" in leaf else [True, False]
        ), leaf


def test_the_classification_takes_no_half_that_stays_outside_for_the_entry(shipped: Path, catalog: Catalog) -> None:
    desk = Desk(Settings(catalog=shipped, now=NOW))
    thermal = {card.name: card for card in pairs(catalog) if "6A003.b.4.b:frame_rate" in card.name}
    assert {card.right for card in thermal.values()} == {YES, NO}
    verdicts = {}
    for card in thermal.values():
        rate = card.front.split("frame rate: ")[1].split(" Hz")[0]
        found = desk.classify(f"uncooled thermal camera core 640x512, interchangeable lens, frame rate {rate} Hz")
        verdicts[card.right] = [item.code for item in found.candidates if item.band == "likely"]
    assert "6A003.b.4.b" in verdicts[YES]
    assert "6A003.b.4.b" not in verdicts[NO]


def test_no_title_gives_the_deciding_figure_away(catalog: Catalog) -> None:
    for card in pairs(catalog):
        title = card.front.split(". The data sheet says")[0].partition(", ")[2]
        figure = card.name.rpartition(":")[0].replace("=", "").replace("<", ">").split(">")[1]
        assert figure not in title.split(), card.key
