"""The certificate screen: scanned, opened from the inbox, explained stage by stage, kept in a case."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from border_kit.casework.case import Casebook
from border_kit.certificates import issue, qr
from border_kit.desk.settings import Settings
from border_kit.tui.screens.certificate import CertificateScreen
from tests.conftest import EXAMPLES, NOW
from tests.tui.screens import burst, opened, press, same_as_golden, settle, shown, type_text

TEXT = issue.certificate(issue.demo_claims(), issue.demo_signer()).text


def fixed(shipped: Path) -> Settings:
    return Settings(catalog=shipped, now=NOW)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_scanned_certificate_is_proven_at_once(shipped: Path, size: tuple[int, int]) -> None:
    fixed_text = Path(__file__).with_name("demo-certificate.txt").read_text(encoding="ascii")
    async with opened(fixed(shipped), size=size) as pilot:
        await burst(pilot, fixed_text + "\n")
        assert isinstance(pilot.app.screen, CertificateScreen)
        assert "PASS" in shown(pilot)
        assert "DEMO" in shown(pilot)
        same_as_golden(f"certificate-{size[0]}", shown(pilot))


async def test_a_forged_one_says_at_which_stage_and_whom_to_call(shipped: Path) -> None:
    async with opened(fixed(shipped), size=(120, 40)) as pilot:
        await burst(pilot, TEXT[:60] + ("A" if TEXT[60] != "A" else "B") + TEXT[61:] + "\n")
        text = shown(pilot)
    assert "FAIL" in text
    assert "zlib" in text
    assert "never a number that stands on the paper" in text or "regional office" in text


async def test_a_picture_of_the_inbox_is_read(shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "photo.png").write_bytes(qr.png(TEXT))
    (inbox / "notes.txt").write_text("no picture", encoding="utf-8")
    monkeypatch.setenv("BORDER_KIT_INBOX", str(inbox))
    async with opened(fixed(shipped)) as pilot:
        pilot.app.push_screen(CertificateScreen())
        await settle(pilot)
        assert "photo.png" in shown(pilot)
        assert "notes.txt" not in shown(pilot)
        await press(pilot, "tab", "enter")
        assert "PASS" in shown(pilot)


async def test_a_path_scanned_at_home_opens_the_picture(shipped: Path, tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(qr.png(TEXT))
    async with opened(fixed(shipped)) as pilot:
        await type_text(pilot, str(tmp_path / "p.png"))
        await press(pilot, "enter")
        assert "PASS" in shown(pilot)


async def test_a_picture_without_a_code_says_what_to_try(shipped: Path, tmp_path: Path) -> None:

    Image.new("L", (200, 200), 255).save(tmp_path / "p.png")
    async with opened(fixed(shipped)) as pilot:
        pilot.app.push_screen(CertificateScreen(file=tmp_path / "p.png"))
        await settle(pilot)
        assert "300 dpi" in " ".join(shown(pilot).split())


async def test_the_proof_is_kept_in_a_case(shipped: Path, tmp_path: Path) -> None:
    settings = Settings(catalog=shipped, casebook=tmp_path / "casebook.sqlite", operator="B-7")
    async with opened(settings, file=EXAMPLES / "green-release-shirts.json") as pilot:
        await press(pilot, "f2")
        number = Casebook.at(tmp_path / "casebook.sqlite").rows()[0].case_id
        pilot.app.push_screen(CertificateScreen(TEXT))
        await settle(pilot)
        await press(pilot, "f5")
        await type_text(pilot, number)
        await press(pilot, "enter")
        await settle(pilot)
    kept = Casebook.at(tmp_path / "casebook.sqlite").show(number).events[-1]
    assert (kept.kind, kept.data["number"]) == ("certificate", "DEMO-26-0001")
    assert kept.data["proof"]["text"] == TEXT
    assert kept.data["proof"]["verdict"] in ("pass", "cannot_tell")
