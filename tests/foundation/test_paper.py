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
    "devanagari": "उदाहरण व्यापार लिमिटेड",
    "bengali": "উদাহরণ ট্রেডিং",
    "gurmukhi": "ਉਦਾਹਰਨ ਵਪਾਰ",
    "gujarati": "ઉદાહરણ વેપાર",
    "oriya": "ଉଦାହରଣ ବାଣିଜ୍ୟ",
    "tamil": "எடுத்துக்காட்டு வணிகம்",
    "telugu": "ఉదాహరణ వ్యాపారం",
    "kannada": "ಉದಾಹರಣೆ ವ್ಯಾಪಾರ",
    "malayalam": "ഉദാഹരണ വ്യാപാരം",
    "sinhala": "උදාහරණ වෙළඳාම",
    "thai": "บริษัท ตัวอย่าง จำกัด",
    "lao": "ບໍລິສັດ ຕົວຢ່າງ",
    "myanmar": "ဥပမာ ကုန်သွယ်မှု",
    "khmer": "ក្រុមហ៊ុន ឧទាហរណ៍",
    "ethiopic": "ምሳሌ ንግድ ድርጅት",
    "thaana": "މިސާލު ވިޔަފާރި",
    "armenian": "Օրինակ առևտուր",
    "georgian": "მაგალითი სავაჭრო",
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
    """A letter that the fonts lack would be a box."""
    page = pypdfium2.PdfDocument(Paper("note", NAMES[script], "1", AT, ()).to_pdf())[0]
    assert "▯" not in page.get_textpage().get_text_range()
    assert _dark(page) > 200


def _dark(page: pypdfium2.PdfPage) -> int:
    picture = page.render(scale=1, crop=(0, 700, 0, 0)).to_pil().convert("L")
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


def test_a_sign_that_no_font_has_is_printed_as_a_box_and_never_vanishes() -> None:
    page = pypdfium2.PdfDocument(Paper("note", "\U00010a00" * 9, "1", AT, ()).to_pdf())[0]
    assert "▯" * 9 in page.get_textpage().get_text_range()
    assert _dark(page) > 200


def test_values_over_many_pages_fill_each_page() -> None:
    values = tuple((f"Parameter {number}", "not stated: not met") for number in range(200))
    document = pypdfium2.PdfDocument(Paper("note", "T", "1", AT, (Section("Line", values),)).to_pdf())
    shown = [page.get_textpage().get_text_range() for page in document]
    assert "\n".join(shown).count("not stated") == 200
    assert [text.count("not stated") > 40 for text in shown[:-1]] == [True] * (len(shown) - 1)


def test_a_value_longer_than_a_page_runs_on_and_the_next_one_follows_it() -> None:
    values = (("Reason", "word " * 3_000), ("Until", "tomorrow"))
    document = pypdfium2.PdfDocument(Paper("note", "T", "1", AT, (Section("S", values),)).to_pdf())
    assert len(document) == 2
    assert "tomorrow" in document[1].get_textpage().get_text_range()


def test_a_long_label_and_what_follows_never_overlap() -> None:
    label = "Licensing Office of a Country with a very long Name (fictional)"
    section = Section("Whom to call", ((label, "+999 555 0101"),), words="Never call another number.")
    page = pypdfium2.PdfDocument(Paper("note", "T", "1", AT, (section,)).to_pdf())[0].get_textpage()
    text = page.get_text_range()
    last_of_label, follows = (page.get_charbox(text.index(word)) for word in ("(fictional)", "Never"))
    assert follows[3] < last_of_label[1]
