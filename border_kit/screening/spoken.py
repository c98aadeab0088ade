"""A name in Chinese characters as it is read: in Mandarin by other readings, in Cantonese, Korean and Japanese.

`letters.word` reads a character as Mandarin most often does. One name is read in one language: each way to read it is a name of
its own, so that a Cantonese family name and a Korean given name never agree together.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from border_kit.screening.letters import Word, keyed, script_of, word
from border_kit.screening.parse import Name, Part
from border_kit.screening.tables import rows

_MOST = 8
"""Ways to read one name in Mandarin, and in other languages, at most."""
_LONGEST = 6
"""Characters of a family name and a given name together."""

# Jyutping in the spelling of Hong Kong's passports: how a syllable begins, and how it goes on (longest first).
_BEGINS = {"gw": "kw", "kw": "kw", "ng": "ng", "b": "p", "d": "t", "g": "k", "z": "ch", "c": "ch", "j": "y"}
_GOES_ON = {
    "oeng": "eung", "oek": "euk", "oe": "euh", "eoi": "ui", "eon": "un", "eot": "ut", "yun": "uen", "yut": "uet", "yu": "u",
    "aa": "a", "eng": "ing", "ek": "ik", "ou": "o",
}  # fmt: skip


Table = dict[str, tuple[str, ...]]
"""Characters, or names, with their readings in Latin letters."""


@lru_cache(maxsize=1)
def _characters() -> dict[str, Table]:
    """Characters by language; read at the first name in characters."""
    found: dict[str, Table] = {"zh": {}, "zh2": {}, "yue": {}, "ko": {}}
    for tongue, reading, chars in rows("han.tsv"):
        latin = hong_kong(reading) if tongue == "yue" else word(reading).latin if tongue == "ko" else reading
        table = found[tongue]
        for char in chars:
            table[char] = (*table.get(char, ()), latin)
    return found


@lru_cache(maxsize=1)
def _names() -> dict[str, Table]:
    """Family and given names of Japan."""
    found: dict[str, Table] = {"family": {}, "given": {}}
    for kind, latin, cell in rows("kanji.tsv"):
        table = found[kind]
        for name in cell.split(";"):
            table[name] = (*table.get(name, ()), latin)
    return found


def hong_kong(jyutping: str) -> str:
    """A syllable of Jyutping as Hong Kong's passports commonly spell it."""
    begin = next((letters for letters in _BEGINS if jyutping.startswith(letters)), "")
    rest = jyutping[len(begin) :]
    if begin == "j" and rest.startswith("yu"):
        rest = rest[1:] if rest == "yu" else rest
    for ending, spelled in _GOES_ON.items():
        place = rest.find(ending)
        if place in {0, 1}:
            rest = rest[:place] + spelled + rest[place + len(ending) :]
            break
    return _BEGINS.get(begin, "") + rest


@lru_cache(maxsize=512)
def spoken(name: Name) -> tuple[Name, ...]:
    """The other ways to read a person's name in Chinese characters; () for one that is none, or too long to be (a name from afar)."""
    places = [at for at, part in enumerate(name.parts) if part.is_name and part.keys.tongue == "zh"]
    if not (places and name.is_person) or sum(len(name.parts[at].text) for at in places) > _LONGEST:
        return ()
    found = [*_by_character(name, places, "yue"), *_by_character(name, places, "ko"), *_japanese(name, places)]
    return (*found[:_MOST], *itertools.islice(_mandarin(name, places), _MOST))


def _mandarin(name: Name, places: list[int]) -> Iterator[Name]:
    """Each character that is also read otherwise, read so."""
    table = _characters()
    for at in places:
        text = name.parts[at].text
        usual = [table["zh"].get(char, ("",))[0] for char in text]
        for index, char in enumerate(text):
            for other in table["zh2"].get(char, ()) if all(usual) else ():
                yield _read(name, {at: "".join([*usual[:index], other, *usual[index + 1 :]])}, "zh")


def _by_character(name: Name, places: list[int], tongue: str) -> Iterator[Name]:
    """The name with each character read as a language does; the second reading of the first character too."""
    table = _characters()[tongue]
    texts = {at: name.parts[at].text for at in places}
    if not all(char in table for text in texts.values() for char in text):
        return
    usual = {at: "".join([table[char][0] for char in text]) for at, text in texts.items()}
    yield _read(name, usual, tongue)
    first, family = places[0], texts[places[0]]
    if len(table[family[0]]) > 1:
        yield _read(
            name, usual | {first: table[family[0]][1] + "".join([table[char][0] for char in family[1:]])}, tongue
        )


def _japanese(name: Name, places: list[int]) -> Iterator[Name]:
    """The name as family and given name of Japan, where the tables know both."""
    text = "".join([name.parts[at].text for at in places])
    if len(places) != len(name.parts):
        return
    known = _names()
    for cut in range(1, len(text)):
        for one, other in (
            ((text[:cut], text[cut:]), (text[cut:], text[:cut])) if len(places) > 1 else ((text[:cut], text[cut:]),)
        ):
            for family in known["family"].get(one, ())[:2]:
                for given in known["given"].get(other, ())[:3]:
                    yield _of_two(name, (one, family), (other, given))


def _of_two(name: Name, family: tuple[str, str], given: tuple[str, str]) -> Name:
    first, last = name.parts[0], name.parts[-1]
    parts = (
        replace(first, text=family[0], keys=_word(family[1], "ja"), role="name"),
        replace(last, text=given[0], keys=_word(given[1], "ja"), role="family" if len(name.parts) > 1 else "name"),
    )
    return replace(name, parts=parts)


def _read(name: Name, latin: dict[int, str], tongue: str) -> Name:
    parts: list[Part] = [
        replace(part, keys=_word(latin[at], tongue)) if at in latin else part for at, part in enumerate(name.parts)
    ]
    return replace(name, parts=tuple(parts))


def _word(latin: str, tongue: str) -> Word:
    return keyed(latin, foreign=True, tongue=tongue)


def in_characters(name: Name) -> bool:
    """Whether any word of a name is in Chinese characters."""
    return any(part.keys.tongue == "zh" and script_of(part.text) == "han" for part in name.parts)
