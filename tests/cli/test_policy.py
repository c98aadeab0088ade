"""The policy commands, on the samples."""

from __future__ import annotations

import json
from pathlib import Path

import yaml

from tests.command import MOMENT, ROOT, call, follows
from tests.conftest import EXAMPLES

SHIPMENT = {
    "id": "EX-9", "direction": "export", "date": "2026-11-25", "destination": "YY",
    "parties": [{"role": "exporter", "name": "Vessenfeld Optik GmbH", "country": "XA"}],
    "lines": [{"no": 1, "description": "loitering munition with warhead, unmanned aerial vehicle", "hs": "930690"}],
}  # fmt: skip


def test_explain_shows_rules_criteria_autonomy_and_tier(tmp_path: Path, shipped: Path) -> None:
    file = tmp_path / "shipment.json"
    file.write_text(json.dumps(SHIPMENT), encoding="utf-8")
    answer = call("policy", "explain", file, "--catalog", shipped, "--now", MOMENT, "--json")
    row = answer.json["assessments"][0]
    assert row["lane"] == "red"
    assert {item["definition"] for item in row["risk"]["autonomy"]} == {"synthesis", "us-3000.09", "icrc"}
    assert row["risk"]["tier"]["tier"] == "T4"
    assert {item["criterion"] for item in row["risk"]["criteria"]} == {"diversion", "civilian_harm", "dual_use"}
    text = call("policy", "explain", file, "--catalog", shipped, "--now", MOMENT).out
    assert "AUTONOMY" in text
    assert "WHAT EVERY RULE SAW" in text


def test_lint_finds_a_gap_in_a_profile_and_none_in_the_one_that_ships(tmp_path: Path, shipped: Path) -> None:
    clean = call("policy", "lint", "--catalog", shipped, "--json")
    assert (clean.code, [row["problems"] for row in clean.json["profiles"]]) == (0, [[]])
    document = yaml.safe_load((ROOT / "catalogs/policy/example.yaml").read_text(encoding="utf-8"))
    del document["spec"]["tiers"]["matrix"][0]
    file = tmp_path / "profile.yaml"
    file.write_text(json.dumps(document, default=str), encoding="utf-8")
    broken = call("policy", "lint", file, "--catalog", shipped, "--json")
    assert broken.code == 1
    assert "gap" in broken.json["profiles"][0]["problems"][0]
    file.write_text("id: x\n", encoding="utf-8")
    assert call("policy", "lint", file, "--catalog", shipped).code == 4


def test_compare_shows_which_lanes_another_profile_would_change(tmp_path: Path, shipped: Path) -> None:
    document = yaml.safe_load((ROOT / "catalogs/policy/example.yaml").read_text(encoding="utf-8"))
    document |= {"id": "strict", "status": "shadow"}
    document["spec"]["rules"] = [
        row | ({"lane": "red", "advice": "examine", "verdict": "stop"} if row["id"] == "audit" else {})
        for row in document["spec"]["rules"]
    ]
    file = tmp_path / "strict.yaml"
    file.write_text(json.dumps(document, default=str), encoding="utf-8")
    sample = EXAMPLES / "blue-release-watched-heading.json"
    options = ("--catalog", shipped, "--now", MOMENT, "--json")
    answer = call("policy", "compare", sample, "--with", file, *options)
    assert answer.code == 1
    assert [(row["live"], row["trial"]) for row in answer.json["profiles"][0]["changed"]] == [("blue", "red")]
    same = call("policy", "compare", sample, "--with", ROOT / "catalogs/policy/example.yaml", *options)
    assert (same.code, same.json["profiles"][0]["changed"]) == (0, [])
    assert call("policy", "compare", sample, *options).json["profiles"] == []


def test_autonomy_is_classified_under_every_definition(shipped: Path) -> None:
    options = ("--catalog", shipped, "--json")
    answer = call(
        "policy", "autonomy", "--answer", "autonomy_selects=yes", "--answer", "autonomy_engages=yes", *options
    )
    levels = {row["definition"]: row["level"] for row in answer.json["autonomy"]}
    assert levels == {"synthesis": "unknown", "us-3000.09": "autonomous", "icrc": "unknown"}
    assert call("policy", "autonomy", "--answer", "autonomy_selects=maybe", *options).code == 2
    assert call("policy", "autonomy", "--answer", "nonsense=yes", *options).code == 2


def test_several_authorities_weights_come_to_one_band_and_dissent_is_shown(tmp_path: Path, shipped: Path) -> None:
    def profile(name: str, weight: int) -> Path:
        document = yaml.safe_load((ROOT / "catalogs/policy/example.yaml").read_text(encoding="utf-8"))
        document["id"] = name
        for criterion in document["spec"]["criteria"]:
            for signal in criterion["signals"]:
                signal["weight"] = weight
        file = tmp_path / f"{name}.yaml"
        file.write_text(json.dumps(document, default=str), encoding="utf-8")
        return file

    files = [profile("defence", 9), profile("trade", 0)]
    sample = EXAMPLES / "red-detain-listed-party.json"
    options = ("--catalog", shipped, "--now", MOMENT, "--json")
    answers = [
        call("policy", "merge", sample, *(part for file in order for part in ("--with", file)), *options)
        for order in (files, files[::-1])
    ]
    assert answers[0].out == answers[1].out
    assert follows("policy_merge", answers[0].json)
    diversion = next(row for row in answers[0].json["shipments"][0]["criteria"] if row["criterion"] == "diversion")
    assert (diversion["band"], "trade 2026.1" in diversion["dissent"]) == ("high", True)
    assert "DISSENT" in call("policy", "merge", sample, "--with", files[1], *options[:-1]).out
    assert call("policy", "merge", sample, "--with", files[0], "--with", files[0], *options).code == 2


def test_outcomes_give_rates_and_overrides_ask_for_a_review_once(tmp_path: Path, shipped: Path) -> None:
    book = ("--casebook", tmp_path / "casebook.sqlite", "--catalog", shipped, "--json")
    for _ in range(5):
        call("case", "new", EXAMPLES / "red-examine-flags.json", *book)
        number = call("case", "list", *book).json["cases"][0]["case"]
        call("case", "decide", number, "release", "--reason", "known trader", *book)
        assert call("case", "outcome", number, "--result", "nothing_found", *book).code == 0
    rates = call("policy", "rates", *book)
    assert follows("policy_rates", rates.json)
    flags = next(row for row in rates.json["rates"] if row["rule"] == "weighted_flags")
    assert (flags["cases"], flags["confirmed"], flags["rate"], rates.json["without_outcome"]) == (5, 0, 0.0, 0)
    due = call("policy", "review", *book)
    assert follows("policy_review", due.json)
    assert (due.code, [row["trigger"] for row in due.json["due"]]) == (1, ["repeated_overrides"])
    assert len(call("policy", "review", "--record", *book).json["raised"]) == 1
    again = call("policy", "review", "--record", *book)
    assert (again.code, again.json["due"], len(again.json["raised"])) == (0, [], 1)
    assert "weighted_flags" in call("policy", "rates", *book[:-1]).out
    assert "repeated_overrides" in call("policy", "review", *book[:-1]).out


def test_elements_of_the_statement_are_ticked_by_answers_and_a_lacking_one_is_a_finding(
    tmp_path: Path, shipped: Path
) -> None:
    file = tmp_path / "shipment.json"
    file.write_text(json.dumps(SHIPMENT), encoding="utf-8")
    book = ("--casebook", tmp_path / "casebook.sqlite", "--catalog", shipped, "--json")
    call("case", "new", file, *book)
    number = call("case", "list", *book).json["cases"][0]["case"]
    first = call("case", "show", number, *book).json["assessment"]
    assert follows("risk", first["risk"])
    asked = [row["id"] for row in first["risk"]["statement"]["elements"]]
    assert first["risk"]["statement"]["missing"] == asked
    assert "statement_incomplete" not in {row["code"] for row in first["findings"]}
    call("case", "answer", number, "eus_goods", "yes", *book)
    call("case", "answer", number, "cap_thermal", "yes", *book)
    call("case", "answer", number, "ctl_frame_rate", "60 Hz", *book)
    last = call("case", "answer", number, "eus_signed", "no", *book).json["assessment"]
    assert last["risk"]["statement"]["absent"] == ["eus_signed"]
    assert len(last["risk"]["statement"]["missing"]) == len(asked) - 2
    assert "statement_incomplete" in {row["code"] for row in last["findings"]}
    assert last["risk"]["capabilities"]["questions"][0]["controls"][0]["answer"] == "60 Hz"
    text = call("policy", "explain", file, "--catalog", shipped, "--now", MOMENT).out
    assert f"0 of {len(asked)} elements there" in text
    assert "the device itself was not looked at" in text


def test_a_list_that_grew_old_is_reviewed_once(tmp_path: Path, shipped: Path) -> None:
    options = ("--casebook", tmp_path / "casebook.sqlite", "--catalog", shipped, "--json")
    due = call("policy", "review", *options, "--now", "2028-06-01T00:00:00Z")
    assert follows("policy_review", due.json)
    assert [(row["trigger"], row["subject"]) for row in due.json["due"]] == [("old_control_lists", "controls")]
    assert due.code == 1
