"""Policy on the screens: several authorities' view of a shipment, and how far to go, as the commands tell it."""

from __future__ import annotations

import json
from pathlib import Path

import yaml
from textual.pilot import Pilot

from border_kit.desk import render_policy
from border_kit.desk.settings import Settings
from border_kit.tui.dialogs.ask import ChoiceDialog
from border_kit.tui.screens.page import PageScreen
from tests.command import MOMENT, ROOT, call
from tests.conftest import EXAMPLES, NOW
from tests.tui.screens import opened, press, settle, shown, type_text

SAMPLE = EXAMPLES / "red-detain-listed-party.json"


def profile(folder: Path, name: str, weight: int) -> Path:
    """A profile that weighs every signal alike."""
    document = yaml.safe_load((ROOT / "catalogs/policy/example.yaml").read_text(encoding="utf-8"))
    document["id"] = name
    for criterion in document["spec"]["criteria"]:
        for signal in criterion["signals"]:
            signal["weight"] = weight
    file = folder / f"{name}.yaml"
    file.write_text(json.dumps(document, default=str), encoding="utf-8")
    return file


async def to_merge(pilot: Pilot[None]) -> None:
    """Choose under F9 to weigh by other profiles."""
    await press(pilot, "f9")
    dialog = pilot.app.screen
    assert isinstance(dialog, ChoiceDialog)
    await press(pilot, *["down"] * [name for name, _ in dialog._rows].index("merge"), "enter")


async def test_f9_weighs_a_shipment_by_other_profiles_as_policy_merge_does(shipped: Path, tmp_path: Path) -> None:
    files = [profile(tmp_path, "defence", 9), profile(tmp_path, "trade", 0)]
    options = ("--catalog", shipped, "--now", MOMENT)
    told = call(
        "policy", "merge", SAMPLE, *(part for file in files for part in ("--with", file)), "--json", *options
    ).json
    async with opened(Settings(catalog=shipped, now=NOW), file=SAMPLE) as pilot:
        await to_merge(pilot)
        assert "Which profiles" in shown(pilot)
        await type_text(pilot, "; ".join(str(file) for file in files))
        await press(pilot, "enter")
        page = pilot.app.screen
        assert isinstance(page, PageScreen)
        assert page.page_text().endswith(render_policy.joint(told["shipments"]))
        assert "DISSENT: trade 2026.1" in page.page_text()
        await press(pilot, "escape")
        await to_merge(pilot)
        await type_text(pilot, str(tmp_path / "none.yaml"))
        await press(pilot, "enter")
        await settle(pilot)
        assert "none.yaml" in shown(pilot)


async def test_a_case_is_weighed_with_its_answers_on_both_faces(shipped: Path, tmp_path: Path) -> None:
    book = ("--casebook", tmp_path / "casebook.sqlite", "--catalog", shipped)
    file = profile(tmp_path, "relief", 0)
    call("case", "new", EXAMPLES / "red-examine-flags.json", *book)
    number = call("case", "list", "--json", *book).json["cases"][0]["case"]
    before = call("policy", "merge", "--case", number, "--with", file, "--json", *book).json
    call("case", "answer", number, "changed-end-user", "yes", *book)
    after = call("policy", "merge", "--case", number, "--with", file, "--json", *book).json

    def summed(document: object) -> int:
        rows = document["shipments"][0]["criteria"]  # type: ignore[index]  # the command's answer
        diversion = next(row for row in rows if row["criterion"] == "diversion")
        return next(int(view["sum"]) for view in diversion["views"] if view["profile"] == "relief 2026.1")

    assert summed(after) == summed(before) + 3
    async with opened(Settings(catalog=shipped, casebook=tmp_path / "casebook.sqlite")) as pilot:
        await type_text(pilot, number)
        await press(pilot, "enter")
        await to_merge(pilot)
        await type_text(pilot, str(file))
        await press(pilot, "enter")
        page = pilot.app.screen
        assert isinstance(page, PageScreen)
        assert page.page_text().endswith(render_policy.joint(after["shipments"]))
    assert call("policy", "merge", "--with", file, *book).code == 2
    assert call("policy", "merge", SAMPLE, "--case", number, "--with", file, *book).code == 2
    assert call("policy", "merge", "--case", "2026-9999", "--with", file, *book).code == 4


async def test_why_and_the_papers_say_how_far_to_go_and_name_no_penalty(shipped: Path, tmp_path: Path) -> None:
    book = ("--casebook", tmp_path / "casebook.sqlite", "--catalog", shipped)
    explained = call("policy", "explain", SAMPLE, "--json", "--catalog", shipped, "--now", MOMENT).json
    response = explained["assessments"][0]["response"]
    assert (response["step"], response["because"]) == ("hold_all", ["listed_party"])
    async with opened(Settings(catalog=shipped, now=NOW), file=SAMPLE) as pilot:
        await press(pilot, "f6")
        page = pilot.app.screen
        assert isinstance(page, PageScreen)
        assert "RESPONSE, guidance of the profile: Hold the whole shipment and refer it [hold_all]" in page.page_text()
        assert "names no penalty" in page.page_text()
    call("case", "new", SAMPLE, *book)
    number = call("case", "list", "--json", *book).json["cases"][0]["case"]
    call("case", "decide", number, "detain_and_refer", *book)
    for kind in ("detention", "referral"):
        out = tmp_path / f"{kind}.txt"
        assert call("case", "notice", number, "--kind", kind, "--out", out, *book).code == 0
        words = " ".join(out.read_text(encoding="utf-8").split())
        assert "PROPORTIONATE RESPONSE (GUIDANCE)" in words
        assert "all of it is held" in words
        assert "names no penalty" in words
