"""Scripts of India, the mainland and Korea, and what Slavs and Greeks write otherwise; parties are invented, names are common ones."""

from __future__ import annotations

import pytest

from border_kit.screening.letters import word
from border_kit.screening.model import ALERT, SHOWN
from border_kit.screening.parse import parse
from border_kit.screening.score import compare_names


def search(left: str, right: str, kind: str = "person") -> float:
    return compare_names(parse(left, kind), parse(right, kind), among_many=True).score


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("राजेश", "rajesh"), ("शर्मा", "sharma"), ("कृष्ण", "krishna"), ("ज़फ़र", "zafar"), ("চন্দ্র", "chandra"), ("সিংহ", "sinh"),
        ("ਗੁਰਪ੍ਰੀਤ", "guraprit"), ("પટેલ", "patel"), ("முருகன்", "murukan"), ("சிவம்", "sivam"), ("వెంకట", "venkata"), ("ಮೂರ್ತಿ", "murti"),
        ("ഗോപാലൻ", "gopalan"), ("සුනිල්", "sunil"),
    ],
)  # fmt: skip
def test_letters_of_india_are_read_with_the_vowels_they_hold(text: str, latin: str) -> None:
    assert word(text).latin == latin


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("राजेश कुमार शर्मा", "Rajesh Kumar Sharma"), ("मोहम्मद इब्राहिम", "Mohammed Ibrahim"), ("মোহাম্মদ রহমান", "Mohammad Rahman"),
        ("முருகன் வேலு", "Murugan Velu"), ("ഗോപാലകൃഷ്ണൻ നായർ", "Gopalakrishnan Nair"), ("ಕೃಷ್ಣಮೂರ್ತಿ ರಾವ್", "Krishnamurthy Rao"),
        ("ગીતા પટેલ", "Gita Patel"), ("ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ", "Gurpreet Singh"), ("සුනිල් පෙරේරා", "Sunil Perera"), ("ทักษิณ วงศ์สวัสดิ์", "Thaksin Wongsawat"),
        ("ສົມພອນ", "Somphon"), ("Ђорђе Живковић", "Đorđe Živković"), ("Ђорђе Живковић", "Djordje Zivkovic"),
        ("Αντώνης Μπακογιάννης", "Antonis Bakoyannis"),
    ],
)  # fmt: skip
def test_a_person_is_found_across_these_scripts_both_ways(native: str, latin: str) -> None:
    assert min(search(native, latin), search(latin, native)) >= ALERT


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("राजेश कुमार वर्मा", "Rakesh Kumar Sharma"),
        ("สมศักดิ์ ใจเย็น", "Thaksin Wongsawat"),
        ("Живко Марковић", "Đorđe Živković"),
    ],
)
def test_another_person_of_these_scripts_is_not(native: str, latin: str) -> None:
    assert search(native, latin) < SHOWN


@pytest.mark.parametrize(("text", "latin"), [("빛", "bit"), ("꽃", "kkot"), ("값", "gap"), ("앞", "ap")])
def test_a_syllable_of_hangul_ends_as_it_is_heard(text: str, latin: str) -> None:
    assert word(text).latin == latin


def test_two_characters_of_a_firm_are_one_word_and_of_a_person_two() -> None:
    assert [part.keys.latin for part in parse("蓝石科技有限公司", "organisation").parts if part.role == "name"] == [
        "lanshi"
    ]
    assert [part.keys.latin for part in parse("주식회사 한빛", "organisation").parts if part.role == "name"] == [
        "hanbit"
    ]
    assert len(parse("蓝石", "person").parts) == 2


def test_a_firm_of_japan_is_read_in_japanese() -> None:
    assert search("株式会社山本製作所", "Yamamoto Seisakusho KK", "organisation") >= ALERT


def test_a_french_spelling_of_a_russian_letter_sounds_as_the_english_one() -> None:
    assert word("chtcherbak").sound == word("shcherbak").sound


@pytest.mark.parametrize(
    ("accents", "other"),
    [("scerbakov", "shcherbakov"), ("dukic", "djukic"), ("cernov", "chernov"), ("zukov", "zhukov"), ("wahab", "ouahab"), ("sostakovic", "shostakovich")],
)  # fmt: skip
def test_a_latin_word_is_also_read_as_lost_accents_and_a_french_w_have_it(accents: str, other: str) -> None:
    assert word(accents).skeleton in word(other).readings


@pytest.mark.parametrize("name", ["bashir", "hashim", "richard", "oumar"])
def test_a_name_of_other_tongues_is_read_as_it_is_written(name: str) -> None:
    assert word(name).readings == ()
