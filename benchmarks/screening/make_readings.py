"""Write how Chinese characters are read: data/han.tsv from Unihan, data/kanji.tsv from the names of IPADIC.

    apt-get download unicode-data mecab-ipadic   # and unpack them with dpkg-deb -x
    python benchmarks/screening/make_readings.py --unihan Unihan_Readings.txt.bz2 --names Noun.name.csv

Of Unihan (Unicode licence): the characters of the Chinese standard list, of Korean readings and of frequency counts; Mandarin without tones,
the first of them what a name is usually read as, Cantonese in Jyutping without tones, Korean in Hangul. Of IPADIC (NAIST licence): all family and given
names, in the romanisation of Hepburn without long vowels.
"""

from __future__ import annotations

import argparse
import bz2
import csv
import re
import unicodedata
from collections import defaultdict
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "border_kit/screening/data"
_HAN_HEAD = """# How Chinese characters are read. Columns: language (zh Mandarin, zh2 its other readings, yue Cantonese in Jyutping, ko Korean), reading, characters.
# Made by benchmarks/screening/make_readings.py from Unihan_Readings.txt 15.0 (Copyright 1991-2022 Unicode, Inc., Unicode licence); tones left out.
"""
_KANJI_HEAD = """# How Japanese names in Chinese characters are read. Columns: family or given, Hepburn romanisation, names.
# Made by benchmarks/screening/make_readings.py from mecab-ipadic 2.7.0 (Copyright 2000-2003 Nara Institute of Science and Technology, free licence, no warranty).
"""
_TONE = re.compile(r"\d")
_KANA_SIGNS = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴ"
_SOUNDS = (
    "a i u e o ka ki ku ke ko sa shi su se so ta chi tsu te to na ni nu ne no ha hi fu he ho ma mi mu me mo ya yu yo ra ri ru re ro wa o n "
    "ga gi gu ge go za ji zu ze zo da ji zu de do ba bi bu be bo pa pi pu pe po vu"
)
_KANA = dict(zip(_KANA_SIGNS, _SOUNDS.split(), strict=True))
_SMALL = {"ャ": "ya", "ュ": "yu", "ョ": "yo"}


def plain(pinyin: str) -> str:
    """Pinyin without tone marks; ü is u as in passports and in machines, v apart."""
    return "".join(char for char in unicodedata.normalize("NFD", pinyin) if char.isalpha() and char.isascii())


def readings(path: Path) -> dict[str, dict[str, str]]:
    """The fields of each character."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with bz2.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            if line.startswith("U+"):
                code, field, value = line.rstrip("\n").split("\t")
                found[chr(int(code.removeprefix("U+"), base=16))][field] = value
    return found


def spoken(fields: dict[str, str]) -> dict[str, list[str]]:
    """The readings of one character by language, most usual first."""
    mandarin = [plain(item) for item in fields.get("kMandarin", "").split()[:1]]
    others = re.findall(
        r"[^\s,:()\d.]+",
        fields.get("kHanyuPinlu", "") + " " + fields.get("kTGHZ2013", "") + " " + fields.get("kXHC1983", ""),
    )
    more = [item for item in dict.fromkeys(plain(text) for text in others) if item and item not in mandarin]
    yue = dict.fromkeys(_TONE.sub("", item) for item in fields.get("kCantonese", "").split())
    korean = dict.fromkeys(item.split(":")[0] for item in fields.get("kHangul", "").split())
    return {"zh": mandarin, "zh2": more[:2], "yue": list(yue)[:2], "ko": list(korean)[:2]}


def han(path: Path) -> str:
    """The table of characters."""
    table: dict[tuple[str, str], list[str]] = defaultdict(list)
    for char, fields in sorted(readings(path).items()):
        if len(char.encode("utf-16-le")) == 2 and fields.keys() & {"kHangul", "kTGHZ2013", "kHanyuPinlu"}:
            for tongue, found in spoken(fields).items():
                for reading in found:
                    table[tongue, reading].append(char)
    return _HAN_HEAD + "".join(
        f"{tongue}\t{reading}\t{''.join(chars)}\n" for (tongue, reading), chars in sorted(table.items())
    )


def romaji(kana: str) -> str:
    """Hepburn without long vowels."""
    text = ""
    double = False
    for char in kana:
        if char == "ッ":
            double = True
            continue
        if char in _SMALL and text:
            stem = text[:-1]
            text = stem + (_SMALL[char][1:] if stem.endswith(("sh", "ch", "j")) else _SMALL[char])
            continue
        sound = _KANA.get(char, "")
        text += (sound[:1] if double else "") + sound
        double = False
    return re.sub(r"ou|oo", "o", text.replace("uu", "u"))


def kanji(path: Path) -> str:
    """The table of Japanese names."""
    best: dict[str, dict[tuple[str, str], int]] = {"姓": {}, "名": {}}
    with path.open(encoding="euc-jp", newline="") as stream:
        for row in csv.reader(stream):
            if row[7] in best and all("\u4e00" <= char <= "\u9fff" or char == "々" for char in row[0]):
                key = (row[0], romaji(row[11]))
                best[row[7]][key] = min(int(row[3]), best[row[7]].get(key, 99999))
    rows: list[str] = []
    for kind, name in (("姓", "family"), ("名", "given")):
        table: dict[str, list[str]] = defaultdict(list)
        for (text, reading), _ in sorted(best[kind].items(), key=lambda item: (item[1], item[0])):
            table[reading].append(text)
        rows += [f"{name}\t{reading}\t{';'.join(texts)}\n" for reading, texts in sorted(table.items())]
    return _KANJI_HEAD + "".join(rows)


def main() -> None:
    """Write both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--unihan", type=Path, required=True)
    parser.add_argument("--names", type=Path, required=True)
    options = parser.parse_args()
    (DATA / "han.tsv").write_text(han(options.unihan), encoding="utf-8")
    (DATA / "kanji.tsv").write_text(kanji(options.names), encoding="utf-8")


if __name__ == "__main__":
    main()
