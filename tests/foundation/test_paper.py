"""Papers: the same content as JSON, text and PDF, in any script; looked at by reading the codes back."""

from __future__ import annotations

from datetime import UTC, datetime

import pypdfium2
import pytest
import zxingcpp

from border_kit.paper import Code, Paper, Section

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
NAMES = {
    "latin": "Vessenfeld Optik GmbH",
    "cyrillic": "Орвальд Брумович",
    "greek": "Παράδειγμα ΑΕ",
    "arabic": "شركة المثال للتجارة",
    "hebrew": "חברת דוגמה",
    "han": "深圳市示例科技有限公司",
    "kana": "テスト株式会社",
    "hangul": "예시 주식회사",
}


def paper(*, demo: bool = False, words: str = "") -> Paper:
    return Paper(
        "note",
        "A note",
        "Case 2026-0001",
        AT,
        (
            Section("Parties", tuple(NAMES.items())),
            Section("Lines", columns=("No", "Goods"), rows=(("1", NAMES["arabic"]), ("2", NAMES["han"])), boxes=True),
            Section("Words", words=words),
        ),
        codes=(Code("BKCP1;XA;1", "head"), Code("2026-0001", "case")),
        footer="somewhere",
        demo=demo,
        signatures=("Officer", "Receiver"),
    )


def test_the_codes_on_the_page_are_read_back_from_its_picture() -> None:
    page = pypdfium2.PdfDocument(paper().to_pdf())[0].render(scale=2).to_pil()
    assert {found.text for found in zxingcpp.read_barcodes(page)} == {"BKCP1;XA;1", "2026-0001"}


@pytest.mark.parametrize("script", sorted(NAMES))
def test_every_script_has_its_letters_on_the_page(script: str) -> None:
    """A letter that the fonts lack would be drawn as the box of an unassigned one."""
    one = Paper("note", NAMES[script], "1", AT, ())
    none = Paper("note", "\U000e0fff" * len(NAMES[script]), "1", AT, ())
    assert _dark(one) != _dark(none)
    assert _dark(one) > 200


def _dark(page: Paper) -> int:
    picture = pypdfium2.PdfDocument(page.to_pdf())[0].render(scale=1, crop=(0, 700, 0, 0)).to_pil().convert("L")
    return sum(value < 128 for value in picture.tobytes())


def test_the_same_content_gives_the_same_file() -> None:
    assert paper().to_pdf() == paper().to_pdf()


def test_demo_is_said_in_every_form_and_on_every_page() -> None:
    shown = paper(demo=True, words="a long word\n" * 300)
    document = pypdfium2.PdfDocument(shown.to_pdf())
    assert len(document) > 1
    assert all("DEMO" in document[number].get_textpage().get_text_range() for number in range(len(document)))
    assert "DEMO" in shown.to_text()
    assert shown.to_json()["demo"] is True


def test_hostile_words_stay_words() -> None:
    hostile = "[/] **bold** \x1b[31m \u202e \x00 " + "x" * 20_000
    shown = Paper(
        "note", hostile, hostile, AT, (Section(hostile, ((hostile, hostile),), ("a",), ((hostile,),), hostile),)
    )
    assert shown.to_pdf().startswith(b"%PDF")
    assert "\x1b" not in shown.to_text()
    assert "\u202e" not in shown.to_text()
