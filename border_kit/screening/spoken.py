"""A name in Chinese characters as it is read: in Mandarin by other readings, in Cantonese, Korean and Japanese.

`letters.word` reads a character as Mandarin most often does. One name is read in one language: each way to read it is a name of
its own, so that a Cantonese family name and a Korean given name never agree together.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from operator import itemgetter

from border_kit.screening.afar import of_characters
from border_kit.screening.letters import Word, keyed, script_of, word
from border_kit.screening.parse import Name
from border_kit.screening.parts import Part, part_of
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


@lru_cache(maxsize=1)
def _sections() -> dict[str, str]:
    """Each language's lines as one text, read at the first name in characters: as dictionaries they would take ten times the memory.

    Of a language a line is a reading with all its characters; of `family` and `given` a name with one reading, in order of names.
    """
    found: dict[str, list[str]] = {}
    for tongue, reading, chars in rows("han.tsv"):
        found.setdefault(tongue, []).append(f"{reading}\t{chars}")
    names: dict[str, list[tuple[str, str]]] = {}
    for kind, latin, cell in rows("kanji.tsv"):
        names.setdefault(kind, []).extend([(f"{text}\t", latin) for text in cell.split(";")])
    for kind, pairs in names.items():
        found[kind] = [text + latin for text, latin in sorted(pairs, key=itemgetter(0))]
    return {section: "\n".join(["", *lines]) for section, lines in found.items()}


def _lines_with(tongue: str, char: str) -> Iterator[str]:
    """The reading in every line of a language that has a character, in their order."""
    lines = _sections()[tongue]
    at = lines.find(char)
    while at >= 0:
        start = lines.rfind("\n", 0, at) + 1
        tab = lines.index("\t", start)
        if tab < at:
            yield lines[start:tab]
        end = lines.find("\n", at)
        at = lines.find(char, end) if end >= 0 else -1


@lru_cache(maxsize=2048)
def _readings(tongue: str, char: str) -> tuple[str, ...]:
    """How a language reads a character, in Latin letters, the usual way first; () for one that it does not know.

    zh is Mandarin, zh2 its less usual readings, yue Cantonese, ko Korean.
    """
    found = _lines_with(tongue, char)
    if tongue == "yue":
        return tuple(map(hong_kong, found))
    return tuple([word(reading).latin for reading in found] if tongue == "ko" else found)


@lru_cache(maxsize=512)
def _names_of(kind: str, text: str) -> tuple[str, ...]:
    """How a family name (`family`) or given name (`given`) of Japan is read."""
    lines, sought = _sections()[kind], f"{text}\t"

    def line_at(place: int) -> str:
        start = lines.rfind("\n", 0, place + 1) + 1
        return lines[start : start + len(sought)]

    start = bisect_left(range(len(lines)), sought, key=line_at) + 1
    found: list[str] = []
    while lines.startswith(sought, start):
        end = lines.find("\n", start) % (len(lines) + 1)
        found.append(lines[start + len(sought) : end])
        start = end + 1
    return tuple(found)


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
    if places and any(part.text in _FIRMS_OF_JAPAN for part in name.parts):
        return tuple(itertools.islice(_firms(name, places), _MOST))
    if not name.is_person:
        return _from_afar(name, places)
    if _DOTS.search(name.text):
        return _person_from_afar(name)
    if not places or sum(len(name.parts[at].text) for at in places) > _LONGEST:
        return ()
    found = [*_by_character(name, places, "yue"), *_by_character(name, places, "ko"), *_japanese(name, places)]
    return (*found[:_MOST], *itertools.islice(_mandarin(name, places), _MOST))


_FIRMS_OF_JAPAN = frozenset({"株式会社", "有限会社", "合同会社", "合資会社", "合名会社"})


_DOTS = re.compile("[·・‧•]")
"""What parts the words of a name from afar."""
_FIRM_FROM_AFAR = 3
"""Consonants of a word, and characters where no dot tells, from which it may be a firm's name from afar: less is as likely Chinese."""


def _syllables(text: str) -> tuple[str, ...]:
    """A word in characters, by syllables; () if it has other signs."""
    read = [_readings("zh", char)[:1] for char in text]
    return tuple(itertools.chain.from_iterable(read)) if all(read) else ()


def _afar(text: str) -> Word:
    syllables = _syllables(text)
    made = keyed("".join(syllables), foreign=True, tongue="afar")
    return made._replace(readings=(of_characters(syllables),))


def _person_from_afar(name: Name) -> tuple[Name, ...]:
    """A person's name whose words are parted by dots (马可·卢比奥): each is one word, not a family's and a given name."""
    words = [word for text in _DOTS.split(name.text) if (word := text.strip())]
    if not words or not all(map(_syllables, words)):
        return ()
    last = len(words) - 1
    parts = [
        part_of(text, _afar(text), "family" if at == last > 0 else "name", person=True) for at, text in enumerate(words)
    ]
    return (replace(name, parts=tuple(parts)),)


def _from_afar(name: Name, places: list[int]) -> tuple[Name, ...]:
    """A firm's name with the words in it that may spell a foreign one."""
    read = {at: _afar(name.parts[at].text) for at in places}
    dotted = _DOTS.search(name.text) is not None
    long = {
        at: made
        for at, made in read.items()
        if len(made.readings[0]) >= _FIRM_FROM_AFAR <= (_FIRM_FROM_AFAR if dotted else len(name.parts[at].text))
    }
    parts = [replace(part, keys=long[at]) if at in long else part for at, part in enumerate(name.parts)]
    return (replace(name, parts=tuple(parts)),) if long else ()


def _firms(name: Name, places: list[int]) -> Iterator[Name]:
    """A Japanese firm's name with the family names in it as they are read."""
    read = {at: _names_of("family", name.parts[at].text)[:2] for at in places}
    known = [at for at in places if read[at]]
    for chosen in itertools.product(*(read[at] for at in known)) if known else ():
        yield _read(name, dict(zip(known, chosen, strict=True)), "ja")


def _mandarin(name: Name, places: list[int]) -> Iterator[Name]:
    """Each character that is also read otherwise, read so."""
    for at in places:
        text = name.parts[at].text
        usual = ["".join(_readings("zh", char)[:1]) for char in text]
        for index, char in enumerate(text):
            for other in _readings("zh2", char) if all(usual) else ():
                yield _read(name, {at: "".join([*usual[:index], other, *usual[index + 1 :]])}, "zh")


def _by_character(name: Name, places: list[int], tongue: str) -> Iterator[Name]:
    """The name with each character read as a language does; the second reading of the first character too."""
    read = {at: [_readings(tongue, char) for char in name.parts[at].text] for at in places}
    if not all(itertools.chain.from_iterable(read.values())):
        return
    usual = {at: "".join([ways[0] for ways in chars]) for at, chars in read.items()}
    yield _read(name, usual, tongue)
    first, *others = read[places[0]]
    if len(first) > 1:
        yield _read(name, usual | {places[0]: first[1] + "".join([ways[0] for ways in others])}, tongue)


def _japanese(name: Name, places: list[int]) -> Iterator[Name]:
    """The name as family and given name of Japan, where the tables know both."""
    text = "".join([name.parts[at].text for at in places])
    if len(places) != len(name.parts):
        return
    for cut in range(1, len(text)):
        for one, other in (
            ((text[:cut], text[cut:]), (text[cut:], text[:cut])) if len(places) > 1 else ((text[:cut], text[cut:]),)
        ):
            for family in _names_of("family", one)[:2]:
                for given in _names_of("given", other)[:3]:
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
    if name.folded.isascii():
        return False
    return any(part.keys.tongue == "zh" and script_of(part.text) == "han" for part in name.parts)
