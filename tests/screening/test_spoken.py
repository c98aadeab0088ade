"""Names in Chinese characters meet what Mandarin, Cantonese, Korean and Japanese make of them in Latin letters."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from border_kit.catalog.volumes import Catalog
from border_kit.screening.engine import Screener
from border_kit.screening.letters import word
from border_kit.screening.model import ALERT, SHOWN, Query
from border_kit.screening.parse import parse
from border_kit.screening.score import compare
from border_kit.screening.spoken import hong_kong, spoken
from border_kit.screening.tongues import chinese
from tests.screening.conftest import MakeCatalog, Party


def score(left: str, right: str) -> float:
    return compare(left, right, "person").score


@pytest.mark.parametrize(
    ("characters", "latin"),
    [
        ("張國強", "Zhang Guoqiang"),
        ("张国强", "Zhang Guo Qiang"),
        ("張國強", "Chang Kuo-chiang"),
        ("張國強", "Cheung Kwok-keung"),
        ("陳嘉欣", "CHAN, Ka Yan"),
        ("許子雯", "Hsü Tzu-wen"),
        ("任贵兰", "Jen Kuei-lan"),
        ("吕瑜", "Lyu Yu"),
        ("單玉芬", "Shan Yufen"),
        ("曾志偉", "Zeng Zhiwei"),
        ("朴恩惠", "Pak Un-hye"),
        ("李承浩", "Rhee Seung-ho"),
        ("松本直子", "Matsumoto Naoko"),
        ("松本 直子", "NAOKO MATSUMOTO"),
        ("佐藤修一", "Satoh Shuichi"),
    ],
)
def test_one_name_in_every_reading(characters: str, latin: str) -> None:
    assert score(characters, latin) >= ALERT
    assert score(latin, characters) >= ALERT


@pytest.mark.parametrize(
    ("characters", "latin"),
    [
        ("張國強", "Zhang Kwok-ming"),
        ("張國強", "Cheung Kwok-ming"),
        ("王伟", "Zhou Lei"),
        ("李静", "Li Jingwei"),
        ("松本直子", "Matsumoto Keiko"),
        ("박정훈", "PAK, Jong Un"),
        ("박성호", "PAK, Sang-ho"),
    ],
)
def test_another_name_of_the_same_family_is_none(characters: str, latin: str) -> None:
    assert score(characters, latin) < ALERT


def test_readings_of_two_languages_are_not_mixed() -> None:
    for name in spoken(parse("張國強", "person")):
        keys = [part.keys.latin for part in name.parts]
        assert not ("cheung" in keys and "guoqiang" in keys)


@pytest.mark.parametrize(
    ("jyutping", "spelled"),
    [
        ("zoeng", "cheung"),
        ("gwok", "kwok"),
        ("jyun", "yuen"),
        ("jyu", "yu"),
        ("hoeng", "heung"),
        ("zeoi", "chui"),
        ("so", "so"),
        ("ng", "ng"),
        ("sou", "so"),
    ],
)
def test_jyutping_in_the_spelling_of_hong_kong(jyutping: str, spelled: str) -> None:
    assert hong_kong(jyutping) == spelled


@pytest.mark.parametrize(
    ("pinyin", "wade"),
    [
        ("guilan", "kueilan"),
        ("zi", "tzu"),
        ("si", "ssu"),
        ("ren", "jen"),
        ("er", "erh"),
        ("ge", "ko"),
        ("duo", "to"),
        ("xue", "hsueh"),
        ("rong", "jung"),
    ],
)
def test_pinyin_and_wade_giles_share_a_key(pinyin: str, wade: str) -> None:
    assert chinese(word(pinyin)) == chinese(word(wade))


@pytest.mark.parametrize(("left", "right"), [("jing", "jin"), ("wei", "wen"), ("min", "ming")])
def test_two_syllables_keep_two_keys(left: str, right: str) -> None:
    assert chinese(word(left)) != chinese(word(right))


def test_a_search_in_characters_finds_the_cantonese_listing(make_catalog: Callable[..., Catalog]) -> None:
    listed = [
        {"id": "A", "names": [("YEUNG, Kwok Wing", "primary")]},
        {"id": "B", "names": [("YANG, Guodong", "primary")]},
        {"id": "C", "names": [("MATSUMOTO, Naoko", "primary")]},
    ]
    screener = Screener(make_catalog(listed))
    first = screener.screen(Query("楊國榮")).hits[0]
    assert (first.party, first.alert) == ("A", True)
    assert [hit.party for hit in screener.screen(Query("松本直子", kind="person")).hits if hit.score >= SHOWN] == ["C"]


def test_a_name_in_other_letters_has_no_other_reading() -> None:
    assert spoken(parse("Wang Fang", "person")) == ()
    assert spoken(parse("Jan·Kantilensky", "person")) == ()


@pytest.mark.parametrize(
    ("characters", "latin", "kind"),
    [
        ("凯文·坎蒂伦斯基", "Kevin Kantilensky", "person"),
        ("詹姆斯·布伦纳", "James Brunner", "person"),
        ("凯文·麦克唐奈", "Kevin McDonnell", "person"),
        ("坎蒂伦斯公司", "Cantilens Corp.", "organisation"),
    ],
)
def test_a_name_from_afar_is_known_by_the_consonants_its_characters_spell(
    characters: str, latin: str, kind: str
) -> None:
    assert min(compare(characters, latin, kind).score, compare(latin, characters, kind).score) >= ALERT


@pytest.mark.parametrize(
    ("characters", "latin", "kind"),
    [
        ("托德·坎蒂伦斯基", "Todd Brunner", "person"),
        ("詹姆斯·布伦纳", "James Bartol", "person"),
        ("蓝石公司", "Lens Corp.", "organisation"),
        ("坎蒂伦斯公司", "Contarel Corp.", "organisation"),
    ],
)
def test_another_name_from_afar_is_not(characters: str, latin: str, kind: str) -> None:
    assert compare(characters, latin, kind).score < ALERT


@pytest.mark.parametrize(
    ("listed", "asked"),
    [
        ("陳大文", "Chan Tai Man"),
        ("陳大文", "Ch'en Ta-wen"),
        ("山田太郎", "Yamada Taro"),
        ("山田太郎", "Taro YAMADA"),
        ("王小明", "Wang Hsiao-ming"),
        ("홍길동", "Hong Kil-tong"),
        ("约翰·史密斯", "John Smith"),
    ],
)
def test_a_party_listed_in_characters_alone_is_found_as_its_language_romanises_it(
    make_catalog: MakeCatalog, listed: str, asked: str
) -> None:
    crowd: list[Party] = [
        {"id": f"DEMO:{number}", "names": [(f"Quentilov {name}", "primary")]}
        for number, name in enumerate(("Tai", "Ming"))
    ]
    catalog = make_catalog([{"id": "DEMO:one", "names": [(listed, "primary")]}, *crowd])
    (first, *_) = Screener(catalog).screen(Query(asked)).hits
    assert (first.party, first.alert) == ("DEMO:one", True)
