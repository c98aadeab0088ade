"""A goods line as the engine reads it: words with offsets into the original, clauses, and what stands behind "for".

A *segment* ends at a comma, a bracket or a stronger mark; a *clause* only at a strong one (semicolon, line break, full stop).
Words are cut where letters meet digits, so that `boson640`, `Boson 640` and `BOSON-640` are the same two words.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from border_kit.classification.words.grammar import Grammar
from border_kit.text import MAX_FIELD, fold

_PART = re.compile(r"[^\W\d_]+|\d+", re.UNICODE)
_TOKEN = re.compile(r"[^\W_]+", re.UNICODE)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_STRONG = re.compile(r"[;\n\r|。•]|\.\s|\.$|[!?](?:\s|$)")
_SOFT = re.compile(r"[,()\[\]{}:،]")
_ABBREVIATION = 4
"""A full stop behind a word of up to this many letters is taken for an abbreviation ("incl. GPS")."""


class Word(NamedTuple):
    """A folded word and where it stands in the original; `glued` when no gap parts it from the word before it."""

    text: str
    start: int
    end: int
    glued: bool
    gap: str
    """What stands between the word before and this one."""
    corrected: bool = False
    """Whether it was read as another word than stands there."""


@dataclass(slots=True)
class Line:
    """A line cut into words; `segment`, `clause` and `role` have one value a word.

    `role` is `""` for what the goods are, `for`, `with`, `without` or `of` for what stands behind such a word, and `mark` for
    that word itself.
    """

    original: str
    words: list[Word]
    segment: list[int]
    clause: list[int]
    place: list[float]
    """Where a word stands, counted in words; a CJK character counts half."""
    role: list[str] = field(default_factory=list)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The offsets in the original of the words `first` to `last` (the last one excluded)."""
        return self.words[first].start, self.words[last - 1].end


def safe(text: str) -> str:
    """The text without lone surrogates, cut to what is looked at; characters keep their places."""
    return _SURROGATE.sub("\ufffd", text[:MAX_FIELD])


def fold_placed(text: str) -> tuple[str, list[int] | range]:
    """Fold a text; the second value says which original character each folded one came from.

    Characters that show nothing (zero width, direction marks) go, so that they cannot cut a word in two.
    """
    if text.isascii():
        return text.lower(), range(len(text))
    pieces: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        if char < "\x80":
            folded = char.lower()
        elif char == "\u0306" and pieces and pieces[-1] == "и":
            pieces[-1] = "й"
            continue
        elif unicodedata.category(char) == "Cf":
            continue
        else:
            folded = fold(char)
        pieces.append(folded)
        origin.extend([index] * len(folded))
    return "".join(pieces), origin


def cut(text: str, grammar: Grammar) -> Line:
    """Cut a (safe) text into a `Line` with clauses and roles."""
    words = _words(text, grammar)
    segment, clause = _borders(words)
    line = Line(text, words, segment, clause, _places(words))
    line.role = _roles(line, grammar)
    return line


def recut(line: Line, words: list[Word], grammar: Grammar) -> Line:
    """The same line with other words (compounds split, spelling corrected)."""
    segment, clause = _borders(words)
    again = Line(line.original, words, segment, clause, _places(words))
    again.role = _roles(again, grammar)
    return again


def words_of(text: str, grammar: Grammar) -> list[Word]:
    """The words of a phrase, cut as those of a line."""
    return _words(text, grammar)


def _words(text: str, grammar: Grammar) -> list[Word]:
    folded, origin = fold_placed(text)
    found: list[Word] = []
    behind = 0
    for match in _TOKEN.finditer(folded):
        token = _one_script(match.group(), grammar)
        for start, end in _pieces(token):
            first, last = match.start() + start, match.start() + end
            found.append(
                Word(
                    token[start:end],
                    origin[first],
                    origin[last - 1] + 1,
                    first == behind and bool(found),
                    folded[behind:first],
                )
            )
            behind = last
    return _in_full(found, grammar)


def _in_full(words: list[Word], grammar: Grammar) -> list[Word]:
    """Trade abbreviations read in full: `s/w`, `m/c`, `pdr`, `assy.`; the full stop behind one ends no sentence."""
    found: list[Word] = []
    for each in words:
        word, before, full = each, found[-1] if found else None, None
        if before is not None and word.gap == "/" and len(word.text) + len(before.text) <= _LONGEST_STROKE:
            full = grammar.abbreviations.get(f"{before.text}/{word.text}")
        if full is not None and before is not None:
            found[-1] = Word(full, before.start, word.end, before.glued, before.gap)
            continue
        if before is not None and word.gap[:1] == "." and before.text in grammar.abbreviations:
            word = word._replace(gap=word.gap[1:])
        found.append(word)
    return [word._replace(text=grammar.abbreviations.get(word.text, word.text)) for word in found]


def _pieces(token: str) -> list[tuple[int, int]]:
    if token.isalpha() and (token.isascii() or not _CJK.search(token)):
        return [(0, len(token))]
    found: list[tuple[int, int]] = []
    for part in _PART.finditer(token):
        if part.group().isascii() or not _CJK.search(part.group()):
            found.append(part.span())
            continue
        run = part.start()
        for index in range(part.start(), part.end()):
            if _CJK.match(token[index]):
                if run < index:
                    found.append((run, index))
                found.append((index, index + 1))
                run = index + 1
        if run < part.end():
            found.append((run, part.end()))
    return found or [(0, len(token))]


def _one_script(token: str, grammar: Grammar) -> str:
    """A word that mixes Latin letters with Cyrillic look-alikes is meant to be Latin (UTS 39, mixed-script detection)."""
    if token.isascii() or not any("a" <= char <= "z" for char in token):
        return token
    latin = "".join(grammar.confusable.get(char, char) for char in token)
    return latin if latin.isascii() else token


def _borders(words: list[Word]) -> tuple[list[int], list[int]]:
    segment = clause = 0
    segments: list[int] = []
    clauses: list[int] = []
    for index, word in enumerate(words):
        if index and not word.glued:
            before = words[index - 1]
            if _is_strong(word.gap, before):
                clause += 1
                segment += 1
            elif _SOFT.search(word.gap) and not _is_decimal(word, before):
                segment += 1
        segments.append(segment)
        clauses.append(clause)
    return segments, clauses


def _is_strong(gap: str, before: Word) -> bool:
    found = _STRONG.search(gap)
    if found is None:
        return False
    return found.group()[0] != "." or (len(before.text) > _ABBREVIATION and gap.strip() == ".")


def _is_decimal(word: Word, before: Word) -> bool:
    return word.gap == "," and word.text[0].isdigit() and before.text[-1].isdigit()


def _places(words: list[Word]) -> list[float]:
    places: list[float] = []
    now = 0.0
    for index, word in enumerate(words):
        places.append(now)
        following = words[index + 1] if index + 1 < len(words) else None
        if len(word.text) == 1 and _CJK.match(word.text):
            now += 0.5
        elif following is None or not following.glued:
            now += 1.0
    return places


_LONGEST_MARK = 3
_LONGEST_STROKE = 4
_FOR_THE = "لل"
"""The Arabic "for the" is written into its word."""


def reread(line: Line, grammar: Grammar, named: frozenset[int]) -> None:
    """Read the roles again, where words at `named` places are part of a name and govern nothing."""
    line.role = _roles(line, grammar, named)


def _roles(line: Line, grammar: Grammar, named: frozenset[int] = frozenset()) -> list[str]:
    """Give each word the role of the preposition that governs it; a new segment starts afresh."""
    words = line.words
    roles = [""] * len(words)
    current = ""
    index = 0
    while index < len(words):
        if index and line.segment[index] != line.segment[index - 1] and not _opens_bracket(words[index]):
            current = ""
        role, length = ("", 1) if index in named else _mark(words, index, grammar)
        if words[index].text.startswith(_FOR_THE) and len(words[index].text) > len(_FOR_THE) + 1:
            current = "for"
        if role and not (role == "of" and _is_first(line, roles, index)):
            current = role
            for offset in range(length):
                roles[index + offset] = "mark"
        else:
            roles[index] = current
        index += length
    _mark_for_after(line, roles, grammar)
    return roles


def _is_first(line: Line, roles: list[str], index: int) -> bool:
    """Whether nothing of a segment stands before a word: an article or a preposition there governs nothing."""
    return not index or line.segment[index - 1] != line.segment[index] or roles[index - 1] == "mark"


def _opens_bracket(word: Word) -> bool:
    return "(" in word.gap and "," not in word.gap


def _mark(words: list[Word], index: int, grammar: Grammar) -> tuple[str, int]:
    for length in range(min(_LONGEST_MARK, len(words) - index), 0, -1):
        sequence = tuple(word.text for word in words[index : index + length])
        role = grammar.roles.get(sequence)
        if role and not _is_no_mark(words, index, length):
            return role, length
    return "", 1


def _is_no_mark(words: list[Word], index: int, length: int) -> bool:
    """`w` is watts unless a stroke follows; `no` is a number's sign before a digit or a dot; `a` and `in` beside digits."""
    word = words[index]
    following = words[index + length] if index + length < len(words) else None
    if length == 1 and word.text == "w":
        return following is None or "/" not in following.gap
    if length == 1 and word.text == "no":
        return following is None or "." in following.gap or following.text[0].isdigit()
    return length == 1 and len(word.text) <= 2 and word.glued and word.text.isascii()  # unit letters


def _mark_for_after(line: Line, roles: list[str], grammar: Grammar) -> None:
    for index in range(1, len(line.words)):
        for length in (1, 2):
            sequence = tuple(word.text for word in line.words[index : index + length])
            if len(sequence) == length and sequence in grammar.for_after and not _runs_on(line, index + length):
                for back in range(_governed_from(line, index, index + length, grammar), index):
                    if roles[back] == "":
                        roles[back] = "for"
                roles[index : index + length] = ["mark"] * length


def _runs_on(line: Line, end: int) -> bool:
    """Whether a CJK word goes on behind a mark that ends at a place: `用` of `用户` is none."""
    return end < len(line.words) and line.words[end].glued and bool(_CJK.match(line.words[end - 1].text))


def _governed_from(line: Line, mark: int, end: int, grammar: Grammar) -> int:
    """From which word on a mark that stands behind governs: from its segment's first where the goods follow.

    Where nothing follows ("termal kamera 640x512 av için", "碳纤维 自行车用"), the goods stand before what they are for: from
    behind the last figure, or the last gap of a CJK text, or the last word alone.
    """
    words, segment = line.words, line.segment
    first = mark
    while first and segment[first - 1] == segment[mark]:
        first -= 1
    follows = (
        place for place in range(end, len(words)) if segment[place] == segment[mark] and words[place].text.isalpha()
    )
    if any(words[place].text not in grammar.trailing for place in follows):
        return first
    if _CJK.match(words[mark].text):
        while mark > first and words[mark].glued:
            mark -= 1
        return mark
    figures = [place for place in range(first, mark) if words[place].text.isdigit()]
    return figures[-1] + 1 if figures and figures[-1] + 1 < mark else mark - 1


def neighbours(words: list[Word]) -> list[tuple[int, str]]:
    """Joins of two words that a space or hyphen parts (`multi rotor` → `multirotor`), with the first one's place."""
    return [
        (index, left.text + right.text)
        for index, (left, right) in enumerate(pairwise(words))
        if right.gap in (" ", "-", "'", "’")
        and left.text.isalpha()
        and right.text.isalpha()
        and len(left.text + right.text) > 4
    ]
