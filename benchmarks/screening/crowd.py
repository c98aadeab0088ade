"""A crowd of invented names with the shape of real lists: a few words in very many names, and a long tail of rare ones.

Words are drawn by Simon's process (Simon 1955): a new word with some probability, else one of the words drawn so far, so that
their counts follow Zipf's law with a heavy head, and the vocabulary keeps growing as real ones do (Heaps). The common words are
those of `ordinary`; rare ones are put together from syllables of a script. Persons, firms, ships and aircraft, in the shares and
scripts of official lists.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from benchmarks.screening import ordinary

SYLLABLES = {
    "latin": "ka lo mi ra to ne shi va du pe gor han tel mar bek zu fi lan dra os ul ter win sa be kha zad jan ov ri no el qu as "
    "tan rov mi sul mak hu rei gha bou dji al nas far om yar dar ber sto vic lin mon cas per ro",
    "cyrillic": "ка ло ми ра то не ши ва ду пе гор хан тел мар бек зу фи лан дра ос ул тер ви са бе жа зад ян ов ри но ел",
    "arabic": "كا لو مي را تو ني شي فا دو بي جر هن تل مر بك زو في لن در وس ول سا به خا زد جن وف ري نو حم عب",
    "han": "明 国 建 文 志 玉 春 海 云 龙 平 永 新 德 金 光 荣 东 红 宝 成 学 立 林 山 江 清 华 军 福",
    "hangul": "민 준 서 연 지 훈 수 빈 현 우 영 은 성 호 미 숙 철 진 경 태 동 희 정 상 용",
    "kana": "タ カ ハ シ サ ト ミ ヤ マ モ リ ナ キ ノ ス ズ ワ イ",
}  # fmt: skip
GENERIC = [
    "Trading",
    "International",
    "General",
    "Group",
    "Industries",
    "Company",
    "Import",
    "Export",
    "Shipping",
    "Services",
    "Holding",
    "Investment",
    "Construction",
    "Technology",
    "Engineering",
    "Petroleum",
    "Oil",
    "Gas",
    "Transport",
    "Maritime",
    "Electronics",
    "Development",
    "Management",
    "Foundation",
    "Bank",
    "Industrial",
    "Commercial",
    "Global",
    "Enterprises",
    "Research",
    "Institute",
    "University",
    "Machinery",
    "Chemical",
    "Steel",
    "Aviation",
    "Logistics",
    "Marine",
    "Energy",
]
FORMS = [*ordinary.FORM, "Company", "Limited", "Co", "Corporation", "LLC", "JSC", "GmbH", "S.A.", "Ltd"]
_CYRILLIC = {"russian"}
_ARABIC = {"arabic"}


class Pool:
    """Words drawn by Simon's process; `new` is the probability of a new one."""

    def __init__(self, seeds: Sequence[str], script: str, new: float, draw: random.Random) -> None:
        self.script, self.new, self.draw = script, new, draw
        self.syllables = SYLLABLES[script].split()
        self.past = [word for rank, word in enumerate(seeds) for _ in range(1 + 60 // (rank + 1))]

    def word(self) -> str:
        """The next word."""
        draw = self.draw
        if draw.random() < self.new:
            size = draw.choice((2, 2, 3, 3, 3, 4)) if self.script not in {"han", "hangul"} else draw.choice((1, 2, 2))
            found = "".join(draw.choices(self.syllables, k=size)).capitalize()
        else:
            found = self.past[int(draw.random() * len(self.past))]
        self.past.append(found)
        return found


def crowd(count: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """So many pairs of name and kind."""
    draw = random.Random(seed)
    makers = [_persons(draw), _firms(draw), _ships(draw), _aircraft(draw)]
    for _ in range(count):
        share = draw.random()
        yield next(makers[(share > 0.60) + (share > 0.91) + (share > 0.98)])


def _persons(draw: random.Random) -> Iterator[tuple[str, str]]:
    cultures: list[tuple[Pool, Pool, bool, str]] = []
    for table, first in ((ordinary.GIVEN_FAMILY, False), (ordinary.FAMILY_FIRST, True)):
        for culture, (one, other) in table.items():
            given, family = (other, one) if first else (one, other)
            script = _script(culture)
            cultures.append(
                (Pool(given.split(), script, 0.07, draw), Pool(family.split(), script, 0.3, draw), first, culture)
            )
    # Lists hold some cultures far more often than others.
    weights = [8 if "arabic" in item[3] or item[3] in {"persian", "russian_latin"} else 2 for item in cultures]
    while True:
        given, family, first, culture = draw.choices(cultures, weights)[0]
        words = [given.word(), *([given.word()] if draw.random() < 0.45 else [])]
        if culture == "arabic_latin":
            words = [
                *words,
                draw.choice(("bin", "al", "")),
                family.word(),
                *([family.word()] if draw.random() < 0.3 else []),
            ]
        elif first:
            words = [family.word(), words[0]]
        else:
            words = [*words, family.word()]
        gap = "" if given.script in {"han", "hangul"} else " "
        name = gap.join(word for word in words if word)
        if gap and draw.random() < 0.5:
            name = f"{words[-1].upper()}, {' '.join(word for word in words[:-1] if word)}"
        yield name, "person"


def _script(culture: str) -> str:
    if culture == "chinese_han":
        return "han"
    return "cyrillic" if culture in _CYRILLIC else "arabic" if culture in _ARABIC else "latin"


def _firms(draw: random.Random) -> Iterator[tuple[str, str]]:
    core = Pool([*ordinary.FIRST, *ordinary.SECOND], "latin", 0.25, draw)
    generic = Pool([*GENERIC, *ordinary.SECTOR], "latin", 0.004, draw)
    cyrillic = Pool(["ПРОМ", "ТЕХ", "СТРОЙ", "ГАЗ", "НЕФТЬ", "ЗАВОД", "БАНК", "ЦЕНТР"], "cyrillic", 0.15, draw)
    arabic = Pool(["شركة", "التجارة", "مؤسسة", "النور", "العامة", "الدولية"], "arabic", 0.12, draw)
    while True:
        share = draw.random()
        if share < 0.06:
            yield f"ООО {cyrillic.word()}{cyrillic.word().lower()}", "organisation"
        elif share < 0.11:
            yield f"شركة {arabic.word()} {arabic.word()}", "organisation"
        else:
            words = [core.word(), *([core.word()] if draw.random() < 0.5 else [])]
            words += [generic.word() for _ in range(draw.choice((0, 1, 1, 2, 2, 3)))]
            words += [str(draw.randrange(1, 60))] if draw.random() < 0.05 else []
            name = " ".join([*words, draw.choice(FORMS)] if draw.random() < 0.75 else words)
            yield (name.upper() if draw.random() < 0.5 else name), "organisation"


def _ships(draw: random.Random) -> Iterator[tuple[str, str]]:
    pool = Pool(["Star", "Sea", "Ocean", "Queen", "Pearl", *ordinary.FIRST], "latin", 0.15, draw)
    while True:
        words = [pool.word(), *([pool.word()] if draw.random() < 0.7 else [])]
        words += [str(draw.randrange(1, 30))] if draw.random() < 0.15 else []
        yield " ".join(words).upper(), "vessel"


def _aircraft(draw: random.Random) -> Iterator[tuple[str, str]]:
    while True:
        prefix = draw.choice(("EP", "YV", "RA", "P", "UR", "T7"))
        yield f"{prefix}-{''.join(draw.choices('ABCDEFGHIKLMNOPRST', k=3))}", "aircraft"
