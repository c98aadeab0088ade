from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import jsonschema_rs
import pytest

from border_kit.catalog.sources import SourceError
from border_kit.errors import InputError
from border_kit.findings import Advice
from border_kit.training import variants
from border_kit.training.conditions import AllOf, Decided, Did, Knows
from border_kit.training.scenario import default_modules, fields, load, read_source, scenarios, schema

ROOT = Path(__file__).resolve().parents[2]
MODULE = Path(__file__).with_name("modules") / "two-lamps.yaml"
Edit = Callable[..., Path]


def test_a_scenario_is_read_with_everything_in_it() -> None:
    scenario = load(MODULE)
    assert scenario.to_json() == {
        "id": "two-lamps",
        "title": "Two crates of lamps",
        "class": "signal",
        "difficulty": 2,
        "objectives": ["See that a value decides"],
    }
    assert scenario.clock == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert scenario.full_marks == 5
    assert scenario.action("ask_sheet").when == Did("open_invoice")
    assert scenario.action("detain").decision is Advice.DETAIN_AND_REFER
    assert scenario.rubric[1].when == AllOf((Decided(Advice.DETAIN_AND_REFER), Knows("rate")))
    assert [item.id for item in scenario.observations if item.deciding] == ["rate"]
    assert scenario.overlay.declaration("declared").shipment.lines[0].documents == ("Y901",)


def test_the_published_schema_is_the_one_that_files_are_checked_against() -> None:
    published = (ROOT / "docs" / "schemas" / "scenario.schema.json").read_bytes()
    assert published == (ROOT / "border_kit" / "training" / "schemas" / "scenario.schema.json").read_bytes()
    jsonschema_rs.meta.validate(json.loads(published))


def test_the_schema_knows_every_field_that_it_names_and_no_other() -> None:
    open_objects = [
        name
        for name, part in schema()["$defs"].items()
        if part.get("type") == "object" and part.get("additionalProperties") is not False
    ]
    assert open_objects == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("class: signal", "class: maybe", '"maybe" is not one of'),
        ("difficulty: 2", "difficulty: 9", "maximum"),
        ('clock: "2026-03-02T09:00:00Z"', 'clock: "2026-13-02T09:00:00Z"', "is no moment of the calendar"),
        ('clock: "2026-03-02T09:00:00Z"', "clock: tomorrow", "is not a moment with its zone"),
        ("edition: 2026-03-01", "edition: 2026-02-30", "is no date of the calendar"),
        ("when: did open_invoice,", "when: did open_invoices,", "there is no action 'open_invoices'"),
        ("when: did open_invoice,", "when: did,", "the condition cannot be read"),
        ("when: did open_invoice,", "when: decided release,", "a decision ends the scenario"),
        ("{id: rate, action: open_sheet", "{id: rate, action: open_it", "there is no action 'open_it'"),
        ("brings: [sheet]", "brings: [paper]", "there is no document 'paper'"),
        ("{id: wait, kind: wait,", "{id: wait, kind: wait, of: broker,", "is about nothing"),
        ("{id: release, kind: decide, decision: release,", "{id: release, kind: decide,", "'decision' is missing"),
        ("status: issued, lines", "status: isued, lines", "is not one of"),
        ("valid_to: 2026-12-31", "valid_to: 2025-12-31", "valid_to lies before valid_from"),
        ("because: [rate]", "because: [colour]", "there is no observation 'colour'"),
        ("answer: The frame rate., cite: [rule]", "answer: The frame rate., cite: [law]", "no citation 'law'"),
        ("from: broker", "from: driver", "there is no role 'driver'"),
        ("{id: late, action", "{id: rate, action", "the id 'rate' stands twice"),
        ("A broker hands you the papers of {firm.name}.", "Papers of {firm.nme}.", "stands for no field"),
    ],
)  # fmt: skip
def test_a_wrong_scenario_is_refused_with_line_and_reason(edited: Edit, old: str, new: str, said: str) -> None:
    text = MODULE.read_text(encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(SourceError) as caught:
        load(edited(old, new))
    told = [(problem.line, problem.message) for problem in caught.value.problems]
    assert any(at == line and said in message for at, message in told), (line, told)
    assert "train lint" in caught.value.hint


def test_an_unknown_key_is_refused_with_the_one_that_may_be_meant(edited: Edit) -> None:
    with pytest.raises(SourceError) as caught:
        load(edited("title: Two crates of lamps", "titel: Two crates of lamps"))
    lines = {problem.message: problem.line for problem in caught.value.problems}
    messages = list(lines)
    (title,) = [
        at for at, text in enumerate(MODULE.read_text(encoding="utf-8").splitlines(), 1) if "title: Two" in text
    ]
    assert [at for message, at in lines.items() if "'titel'" in message] == [title]
    assert any("'titel' is not known here (did you mean 'title'?)" in message for message in messages)
    assert "the key 'title' is missing" in messages


def test_a_declaration_that_cannot_be_read_is_refused_as_the_reader_refuses_it(edited: Edit) -> None:
    with pytest.raises(SourceError) as caught:
        load(edited('frame rate 60 Hz"}]\n    - id', 'frame rate 60 Hz", quantity: two}]\n    - id'))
    assert [problem.path for problem in caught.value.problems] == ["overlay.declarations[1].shipment.lines[1].quantity"]
    assert "`lines[1].quantity` must be a decimal string" in caught.value.problems[0].message


def test_every_mistake_of_a_scenario_is_told_at_once(edited: Edit) -> None:
    path = edited("when: did open_invoice,", "when: did look,")
    path.write_text(path.read_text(encoding="utf-8").replace("from: broker", "from: driver"), encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        load(path)
    assert [problem.path for problem in caught.value.problems] == ["actions[2].when", "injects[0].from"]


def test_what_is_no_scenario_is_refused_in_words(tmp_path: Path) -> None:
    for content in (b"\xff\xfe\x00", b"[" * 5_000, b"a: &x 1\nb: *x", b"!!python/object:os.system x", b"", b"- 1"):
        path = tmp_path / "odd.yaml"
        path.write_bytes(content)
        with pytest.raises(SourceError):
            load(path)


def test_the_same_seed_gives_the_same_scenario_and_some_seeds_differ() -> None:
    drawn = {load(MODULE, seed=seed).overlay.declarations[0].shipment.parties[0].name for seed in range(30)}
    assert drawn == {"Marlowe Lamp Company", "Quillfeather Lighting"}
    assert load(MODULE, seed=7) == load(MODULE, seed=7)
    assert load(MODULE).briefing == "A broker hands you the papers of Marlowe Lamp Company."


def test_parts_of_one_field_are_drawn_together() -> None:
    pairs = {("Marlowe Lamp Company", "XA"), ("Quillfeather Lighting", "XB")}
    for seed in range(30):
        exporter = load(MODULE, seed=seed).overlay.declarations[0].shipment.parties[0]
        assert (exporter.name, exporter.country) in pairs


def test_covering_draws_bring_every_value_of_every_field() -> None:
    found = list(variants.covering({"a": ["1", "2", "3"], "b": ["x", "y"]}))
    assert found == [{"a": "1", "b": "x"}, {"a": "2", "b": "y"}, {"a": "3", "b": "x"}]
    assert list(variants.covering({})) == [{}]
    assert len(list(variants.covering(fields(read_source(MODULE))))) == 2


def test_foreign_text_of_a_scenario_is_made_safe(edited: Edit) -> None:
    path = edited("title: Invoice, text: Two modules.", 'title: Invoice, text: "Two\\u202e mod\\u0007ules."')
    assert load(path).documents[0].text == "Two mod ules."


def test_a_folder_is_read_in_order_and_a_broken_file_does_not_hide_the_others(edited: Edit) -> None:
    good = edited("id: two-lamps\n", "id: two-lamps\n")
    (good.parent / "broken.yaml").write_text("format: 1\n", encoding="utf-8")
    (good.parent / "notes.txt").write_text("no scenario", encoding="utf-8")
    library = scenarios(good.parent)
    assert [scenario.id for scenario in library.scenarios] == ["two-lamps"]
    assert [path.name for path, _ in library.broken] == ["broken.yaml"]


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        scenarios(tmp_path / "nowhere")
    assert caught.value.code == "modules_unreadable"


def test_the_shipped_modules_can_be_read() -> None:
    library = scenarios(default_modules())
    assert library.broken == ()
    assert {scenario.kind for scenario in library.scenarios} == {"signal", "noise"}
