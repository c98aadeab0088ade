"""Legal forms, business words and numbers as papers of many countries write them; parties are invented."""

from __future__ import annotations

import subprocess
import sys

import pytest

from border_kit.screening.lexicon import meant
from border_kit.screening.model import ALERT, SHOWN
from border_kit.screening.parse import Name, parse
from border_kit.screening.score import compare, compare_names


def search(left: str, right: str, kind: str | None = "organisation") -> float:
    return compare_names(parse(left, kind), parse(right, kind), among_many=True).score


def telling(name: Name) -> list[str]:
    return [part.text for part in name.parts if part.role == "name"]


FORMS = """S.A.R.L.|S.à r.l.|K.S.C.|S.A.C.|S.A.C.I.F.|S.P.R. de R.L. de C.V.|S.A.P.I. de C.V.|SC de RL de CV|C. por A.|Ltda - ME|Y CIA LTDA
e.U.|OG|UG (haftungsbeschränkt)|s.p.|z.s.|o.p.s.|j.s.a.|d.n.o.|Designated Activity Company|società a responsabilità limitata|Societate cu răspundere limitată
Coöperatie U.A.|SELARL|SCI|SARL AU|ETS|sh.p.k.|ΛΤΔ|Ο.Ε.|בע"מ|בע״מ|ՍՊԸ|ЕТ|СООО|ЧУП|РУП|ТДВ|ДП|ПП|ФКП|ФГБОУ ВО|НКО|ЖШС|АҚ|МЧЖ|ЖЧК|ҶДММ|ХХК|ММС|предузетник
ش.ذ.م.م|ش.م.ك|ش.م.ع.ع|م.م.ح|محدودة المسؤولية|المساهمة المغفلة|مساهمة مقفلة|شركة شخص واحد|شرکت سهامی|لمیتد|PrJSC|LLC-FZ|L.L.C - O.P.C|SPC|BSC (c)
प्राइवेट लिमिटेड|লিমিটেড|பிரைவேட் லிமிடெட்|จำกัด|บมจ.|หจก.|CTCP|TNHH MTV|PLT|Sole Co., Ltd|(株)|㈱|㈲|(주)|㈜|一般社団法人|사단법인|有限合伙|个体工商户
(P) Ltd|(SMC-Pvt) Ltd|Share Company|Ltd/Gte|SU Lda|E.P.|Obschestvo s ogranichennoi otvetstvennostyu|Aktsionernoe Obschestvo"""


@pytest.mark.parametrize("form", [form for line in FORMS.split("\n") for form in line.split("|")])
def test_a_legal_form_is_set_apart_from_the_name(form: str) -> None:
    tried = [parse(text, "organisation") for text in (f"Quentilo {form}", f"{form} Quentilo")]
    assert any(telling(name) == ["quentilo"] and any(part.role == "legal" for part in name.parts) for name in tried)


@pytest.mark.parametrize(
    "text", ["QuentilInc", "QuentilPteLtd", "QuentilCo.,Ltd", "QUENTILFZCO", "QuentilSRL", "QuentilGmbH", "ОООКвентил"]
)
def test_a_form_written_together_with_the_name_is_cut_off(text: str) -> None:
    assert telling(parse(text, "organisation")) == ["quentil" if text.isascii() else "квентил"]


@pytest.mark.parametrize("text", ["gGmbH", "Franco", "Vasco", "McKay", "DeLuca", "Mexico"])
def test_a_word_that_ends_like_a_form_is_no_name_and_form(text: str) -> None:
    assert len(parse(f"{text} Quentil", "person").parts) == 2


@pytest.mark.parametrize(
    "plant",
    [
        "Továrna Quentil", "Quentil gyár", "Pabrik Quentil", "Nhà máy Quentil", "Quentil Tehdas", "Fabrikken Quentil", "Εργοστάσιο Quentil",
        "Quentil工場", "Quentil厂", "Quentil зауыты", "Quentil 공장", "कारखाना Quentil", "מפעל Quentil", "Kojo Quentil", "Завода Quentil",
    ],
)  # fmt: skip
def test_a_plant_is_a_plant_in_every_language(plant: str) -> None:
    assert search(plant, "Quentil Factory") >= ALERT


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Quentil Gen. Trdg. LLC", "Quentil General Trading LLC"),
        ("Quentil Eng. Svcs. Ltd", "Quentil Engineering Services Limited"),
        ("Quentil Dev. Corp.", "Quentil Development Corporation"),
        ("Quentil Bros", "Quentil Brothers"),
        ("Gebrüder Quentil", "Quentil Brothers"),
        ("Quentil et Fils", "Quentil & Sons"),
        ("Quentil Exim", "Quentil Import Export"),
        ("Торговый дом Квентил", "Kventil Trading House"),
        ("Судоходные линии Квентил", "Kventil Shipping Lines"),
        ("Квентилский университет", "Kventil University"),
        ("Quentil Real Estate", "Quentil Properties"),
        ("شرکت سرمایه گذاری Quentil", "Quentil Investment Company"),
        ("Quentil Dai Hoc", "Quentil University"),
    ],
)  # fmt: skip
def test_short_and_translated_words_stand_for_what_they_mean(left: str, right: str) -> None:
    assert search(left, right) >= ALERT


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("558 ARZ", "558th Aircraft Repair Plant"),
        ("558-й авиаремонтный завод", "558 Aviation Repair Plant"),
        ("0558 ARZ", "558 ARZ"),
        ("Quentil 121st Plant", "Plant No. 121 Quentil"),
        ("Quentil ٥", "Quentil 5"),
    ],
)
def test_any_number_agrees_with_its_ordinal_and_its_digits_of_other_scripts(left: str, right: str) -> None:
    assert compare(left, right, "organisation").score >= ALERT


def test_ordinals_that_differ_are_told_apart() -> None:
    assert compare("558th Quentil Plant", "559th Quentil Plant", "organisation").score < SHOWN


@pytest.mark.parametrize(
    "text",
    [
        "Quent1lov",
        "Quentil0v",
        "QUENT1LOV",
        "ΚVENTILOV",
        "QUΕNTILOV",
        "Quen\u200dtilov",
        "Quen\u200ctilov",
        "КVЕNTILОV",
    ],
)
def test_what_looks_like_a_letter_is_read_as_one(text: str) -> None:
    listed = "Kventilov" if text[1] == "V" else "Quentilov"
    assert search(f"Orvo {text}", f"Orvo {listed}", "person") >= ALERT


def test_a_persian_joiner_still_parts_words() -> None:
    assert [part.keys.latin for part in parse("علی\u200cرضا", "person").parts] == ["ali", "rida"]


def test_a_word_of_a_longer_form_is_not_taken_for_another_one_misspelt() -> None:
    assert meant("limitata") == "limitata"
    assert meant("limted") == "limited"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("El Hadj Orvo Quentil", "Orvo Quentil"), ("Maj. Gen. (Ret.) Orvo Quentil", "Orvo Quentil"), ("Tan Sri Orvo Quentil", "Orvo Quentil"),
        ("Sr. D. Orvo Quentil", "Orvo Quentil"), ("генерал-лейтенант Орво Квентил", "Орво Квентил"), ("господин Орво Квентил", "Орво Квентил"),
        ("الأستاذ زروان كويلتو", "زروان كويلتو"), ("سعادة الدكتور زروان كويلتو", "زروان كويلتو"), ("王小明先生", "王小明"), ("山田太郎様", "山田太郎"),
        ("김정호 씨", "김정호"),
    ],
)  # fmt: skip
def test_a_form_of_address_is_set_aside_before_and_behind_the_name(left: str, right: str) -> None:
    assert search(left, right, "person") >= ALERT


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Саша Квентил", "Александр Квентил"), ("Коля Квентил", "Nikolai Kventil"), ("Lyosha Quentil", "Aleksey Quentil"),
        ("Wojtek Quentil", "Wojciech Quentil"), ("Fco. Quentil", "Francisco Quentil"), ("Gigi Quentil", "Luigi Quentil"),
    ],
)  # fmt: skip
def test_a_short_form_stands_for_its_name_in_any_script(left: str, right: str) -> None:
    assert search(left, right, "person") >= ALERT


def test_the_tables_are_read_without_what_only_rare_scripts_need() -> None:
    """Transliterating every script takes 13 ms to load, which a Latin name need not pay."""
    code = "import sys; from border_kit.screening.score import compare; compare('Orvo Quentil', 'Orvald Q'); print('anyascii' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("DP World", "DP World Ltd"),
        ("SPC Trading", "SPC Trading Co"),
        ("ETS Shipping", "ETS Shpg Ltd"),
        ("JP Energy", "JP Energy Partners"),
    ],
)
def test_letters_that_could_be_a_form_are_the_name_where_nothing_else_is(left: str, right: str) -> None:
    assert search(left, right) >= ALERT


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("PLT Trading Ltd", "SPC Trading Ltd"),
        ("OOO Torgovyy dom", "OOO Stroitelnaya kompaniya"),
        ("PT Bank Negara", "PT Bank Mandiri"),
        ("JSC Bank", "JSC Insurance"),
    ],
)
def test_a_form_before_common_words_is_no_name_in_common(left: str, right: str) -> None:
    assert max(search(left, right), compare(left, right, "organisation").score) < SHOWN
