"""Cutting what is written together: legal forms glued to names, letters and digits, Arabic compounds, unspaced scripts."""

from __future__ import annotations

import re

from border_kit.screening.letters import folded, script_of, word
from border_kit.screening.lexicon import Lexicon, lexicon
from border_kit.screening.tables import rows

_CASE_BREAK = re.compile(
    r"(?<=[a-zа-я])(?=[A-ZА-Я]{2})|(?<=[A-ZА-Я])(?=[A-ZА-Я][a-zа-я])|(?<=[a-zа-я])(?=[A-ZА-Я][a-zа-я])"
    r"|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"
)
ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|er|ere|eme|nci|inci|uncu)?", re.IGNORECASE)
"""A number, or one with its ending in letters (English, French, Turkish)."""
_SCANNED = re.compile(r"([^\W\d_]+)([0158])([^\W\d_]+)")
"""A digit alone inside a word stands for the letter that it looks like (`Petr0v`)."""
_LETTER_OF = {"0": "o", "1": "i", "5": "s", "8": "b"}
_LEAST_SCANNED = 5
SYLLABIC = frozenset({"han", "hangul", "kana"})
"""Scripts that part no words by spaces."""
ARTICLES = frozenset({"ال"})
_ALLAH = "الله"
# `-ullah`, `-eddine` and their like at the end of a romanised Arabic name.
_OF_ALLAH = re.compile(r"(.{3,}?)(?:(?:ou?|u|a|e|i)l{1,2}ah|ou?lla|ulla)$")
_OF_DIN = re.compile(r"(.{3,}?)(?:[aeou]{1,2}(?:d|l)?|[aeou]l)d(?:in|ine|een|ein|eyn|yn)$")
_DINS = ("din", "dine", "deen", "dein", "deyn", "dyn")
_SERVANTS = frozenset({"abdul", "abdel", "abdal", "abdol", "abdoul", "abdool", "abdu", "abdou", "abdur", "abdus"})
_SERVANT = re.compile(r"abd+(?:[aeiou]{1,2})?([a-z]{4,})$")


_SYLLABIC_RUN = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+)")


def cut(text: str) -> list[str]:
    """The words in one written word, before folding; where East Asian characters meet letters, a word ends."""
    runs = [] if text.isascii() else [run for run in _SYLLABIC_RUN.split(text) if run]
    return [piece for run in runs for piece in _cut(run)] if len(runs) > 1 else _cut(text)


def _cut(text: str) -> list[str]:
    if _is_of_one_case(text):  # no syllables: they have no case
        return _unglued(text)
    if script_of(text) in SYLLABIC:
        return _unspaced(text, lexicon())
    if ORDINAL.fullmatch(text):
        return [text]
    if len(text) >= _LEAST_SCANNED and (scanned := _SCANNED.fullmatch(text)):
        text = scanned.group(1) + _LETTER_OF[scanned.group(2)] + scanned.group(3)
    if _is_of_one_case(text) or _is_one_small(text):
        return _unglued(text)
    found = [piece for piece in _CASE_BREAK.split(text) if piece]
    if len(found) > 1 and (not text.isalpha() or _legal_at_edge(found) or _camel(found)):
        return found
    return _unglued(text)


def _is_of_one_case(text: str) -> bool:
    return text.isalpha() and (text.islower() or text.isupper() or text.istitle())


def _is_one_small(text: str) -> bool:
    """Whether a word is in capitals but for one letter inside, which is a slip of hand or eye and begins nothing (`QUENTlLOV`)."""
    return text[:2].isupper() and text[-1].isupper() and text.isalpha() and sum(map(str.islower, text)) == 1


def _camel(found: list[str]) -> bool:
    """Whether capitals inside a word begin words of their own (`TransKomplekt`, `SkyWay`; not McKay or DeLuca)."""
    return all(len(piece) >= 4 and piece[1:].islower() for piece in found)  # Mc, De, Al, Van are particles


def _legal_at_edge(found: list[str]) -> bool:
    """Whether a change of case sets a legal form (`AG`, `Inc`, `PteLtd`) or `Co` apart from the name before or behind it."""
    table = lexicon()
    for at in range(1, len(found)):
        for some, name in ((found[at:], found[:at]), (found[:at], found[at:])):
            if max(map(len, name)) < 4:  # no name, but letters
                continue
            form = tuple([folded(piece) for piece in some])
            long = sum(map(len, some)) > 2 or some[0].isupper()  # two letters in small ones are the end of a word
            if form == ("co",) or (long and table.entry(form, "legal")):
                return True
    return False


def _unglued(text: str) -> list[str]:
    if len(text) < 7:  # a form of three letters and a name of four
        return [text]
    plain = folded(text)
    if len(plain) != len(text):
        return [text]
    table = lexicon()
    for form in table.glued_before if plain.startswith(table.glued_before) else ():
        if plain.startswith(form) and len(plain) >= len(form) + 4:
            return [text[: len(form)], text[len(form) :]]
    for form in table.glued_after if plain.endswith(table.glued_after) else ():
        if plain.endswith(form) and len(plain) >= len(form) + 4:
            return [text[: -len(form)], text[-len(form) :]]
    return [text]


def _unspaced(text: str, table: Lexicon) -> list[str]:
    """Words of a text without spaces: those the tables know, and what stands between; a short rest is family and given."""
    title = next((title for title in table.titles if text.endswith(title) and len(text) > len(title) + 1), "")
    if title:
        return [*_unspaced(text[: -len(title)], table), title]
    found: list[str] = []
    rest = ""
    index = 0
    while index < len(text):
        known = next((form for form in table.unspaced.get(text[index], ()) if text.startswith(form, index)), None)
        if known is None:
            rest += text[index]
            index += 1
            continue
        found.extend([rest] if rest else [])
        found.append(known)
        rest = ""
        index += len(known)
    if not found and 2 <= len(rest) <= 4 and script_of(rest) != "kana":  # a family and a given name
        family = 2 if len(rest) > 2 and rest[:2] in _double_families() else 1  # something is left
        return [rest[:family], rest[family:]]
    return [*found, rest] if rest else found


def _double_families() -> frozenset[str]:
    """Chinese and Korean family names of two characters."""
    return frozenset(
        {"欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "东方", "東方", "慕容", "皇甫", "尉迟", "公孙", "夏侯", "司徒", "令狐",
         "남궁", "황보", "제갈", "선우", "독고"}
    )  # fmt: skip


def compound(text: str) -> tuple[str, ...]:
    """The words that an Arabic or Persian name holds: article, `servant of`, `of God`, `of the faith`; () if it holds none."""
    if text.isascii():
        return _romanised(text) if len(text) > 5 or text in _SERVANTS else ()  # nothing shorter holds two
    return _arabic(text) if len(text) > 3 and script_of(text) == "arabic" else ()  # as above


def _arabic(text: str) -> tuple[str, ...]:
    if text.startswith("عبدال") and len(text) > 7:  # abd and the word it serves
        return ("عبد", _ALLAH) if text == "عبدالله" else ("عبد", "ال", text[5:])
    if text.startswith("عبد") and len(text) > 5 and text[3:] in _served():  # as above
        return ("عبد", text[3:])
    if text.endswith(_ALLAH) and len(text) > 6:  # a word of three letters before it
        return (text[:-4], _ALLAH)
    if text.endswith("الدين") and len(text) > 7:  # as above
        return (text[:-5], "ال", "دين")
    if text.startswith(("ال", "لل")) and len(text) > 4 and text != _ALLAH:  # an article and a word
        return ("ال", text[2:])
    return ()


def _romanised(text: str) -> tuple[str, ...]:
    if text in _SERVANTS:
        return ("abd",)
    if text.startswith("abd"):
        match = _SERVANT.match(text)
        if match:
            rest = match.group(1)
            for at in (0, 1):
                if word(rest[at:]).sound in _served():
                    return ("abd", rest[at:])
    match = _OF_ALLAH.match(text) if text.endswith(("lah", "lla")) else None
    if match:
        return (match.group(1), "allah")
    match = _OF_DIN.match(text) if text.endswith(_DINS) else None
    if match and (
        text[-5:-2].count("d") > 1 or text.endswith(("eddine", "edine", "ddine", "ddin", "ldin", "ddeen", "aldeen"))
    ):
        return (match.group(1), "din")
    return ()


_SERVED: list[frozenset[str]] = []


def _served() -> frozenset[str]:
    """Names that stand behind abd, by their sound and as written in Arabic."""
    if not _SERVED:
        found: set[str] = set()
        for _, arabic, latin in rows("served.tsv"):
            found |= {folded(arabic), *(word(form).sound for form in latin.split(";"))}
        _SERVED.append(frozenset(found))
    return _SERVED[0]
