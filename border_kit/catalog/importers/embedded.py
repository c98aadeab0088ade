"""Names that lists print inside one cell: `Riad (a.k.a. Riyad) X`, `A B / C D`, `X (original script: …)`, `X (previously listed as)`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_SUCCESSORS = re.compile(r"[;,]?\s*\b(?:and|or) any (?:successor|sub-?unit)s?\b.*$", re.IGNORECASE)
_LISTED = re.compile(r"\s*\((?:as )?(?:formerly|previously) listed(?: as)?[^():]*\)", re.IGNORECASE)
_SCRIPT = re.compile(
    r"\s*\((?:as (?:formerly|previously) listed,? )?(?:(?:in )?(?:Arabic|Persian|Chinese|Cyrillic|Russian|Ukrainian|Belarusian|Korean|Hebrew)|original script)\s*:\s*([^()]+)\)?",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\s*\((?:born(?=[^()]*\d)|d\.?o\.?b|national|passport|identification|id |issued|nationality|deceased|date of)\b[^()]*\)?",
    re.IGNORECASE,
)
_FORMERLY = re.compile(r"\s*\(formerly:?\s+([^()]+)\)", re.IGNORECASE)
_ALSO = re.compile(r"\s*\(\s*(?:also known as|a\.?\s?k\.?\s?a\.?):?\s*([^()]+)\)", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:(a\.?\s?k\.?\s?a|f\.?\s?k\.?\s?a|n\.?\s?k\.?\s?a)\b\.?)\s*:?\s*", re.IGNORECASE)
_LANGUAGE = re.compile(r"\s*\b(?:Belarusian|Russian|Ukrainian|Chinese|Arabic|Persian|Korean|English)\s*:\s*")
_APART = re.compile(r"\s+/\s+")
_OR = re.compile(r"\s*(?:[,;]|\bor\b)\s*")
_QUOTES = " \"'“”‘’«»„"
_WORDS = 2


def names(text: str, quality: str) -> Iterator[tuple[str, str]]:
    """The single names of a cell with their quality, the main one first; a plain name is itself."""
    bare = _SUCCESSORS.sub("", text)
    if not bare.strip() or (bare.isascii() and not any(char in bare for char in "(/:.")):
        yield bare, quality
        return
    former = _LISTED.sub("", bare)
    quality = "former" if former != bare and quality != "primary" else quality
    beside: list[tuple[str, str]] = [(match.group(1), "original") for match in _SCRIPT.finditer(former)]
    base = _NOTE.sub("", _SCRIPT.sub("", former))
    beside += [(name, "former") for match in _FORMERLY.finditer(base) for name in _OR.split(match.group(1))]
    base = _FORMERLY.sub("", base)
    begins = _BEFORE.match(base)
    if begins and begins.end() < len(base):
        quality = "former" if begins.group(1)[:1].casefold() == "f" else quality
        base = base[begins.end() :]
    yield from _several(base, quality)
    yield from ((name.strip(_QUOTES), kind) for name, kind in beside)


def _several(base: str, quality: str) -> Iterator[tuple[str, str]]:
    """Whole names beside each other: by language, or parted by a stroke between names of several words."""
    alias = "alias" if quality == "primary" else quality
    for at, part in enumerate(piece for piece in _LANGUAGE.split(base) if piece.strip()):
        pieces = _APART.split(part)
        whole = all(len(piece.split()) >= _WORDS for piece in pieces)
        single = [name for piece in (pieces if whole else [part]) for name in _by_script(piece)]
        for number, name in enumerate(single):
            yield from _variants(name, quality if at == number == 0 else alias, alias)


def _by_script(name: str) -> list[str]:
    """A name that is printed in Latin letters and then again in others, or the other way round, as two; else the name."""
    words = name.split()
    latin = [_latin(word) for word in words]
    told = [flag for flag in latin if flag is not None]
    turns = [
        at for at in range(1, len(words)) if latin[at] is not None and latin[at] != _last(latin[:at], default=latin[at])
    ]
    if len(turns) != 1 or min(told.count(True), told.count(False)) < _WORDS:
        return [name]
    return [" ".join(words[: turns[0]]), " ".join(words[turns[0] :])]


def _latin(word: str) -> bool | None:
    """Whether a word is in Latin letters; None where it has no letter."""
    letter = next((char for char in word if char.isalpha()), None)
    return None if letter is None else "LATIN" in unicodedata.name(letter, "")


def _last(flags: list[bool | None], *, default: bool | None) -> bool | None:
    return next((flag for flag in reversed(flags) if flag is not None), default)


def _variants(name: str, quality: str, alias: str) -> Iterator[tuple[str, str]]:
    """A name, and what `(a.k.a. …)` in it stands for: other spellings of the word before it, or whole other names."""
    base = _ALSO.sub("", name)
    yield base, quality
    for match in _ALSO.finditer(name):
        head, tail = _ALSO.sub("", name[: match.start()]), _ALSO.sub("", name[match.end() :])
        for variant in (part.strip(_QUOTES) for part in _OR.split(match.group(1))):
            if len(variant.split()) >= _WORDS:
                yield variant, alias
            elif variant:
                yield f"{head.rpartition(' ')[0]} {variant}{tail}", alias
