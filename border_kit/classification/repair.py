"""Words that the vocabulary does not know: compounds are cut, typing errors corrected. Known words are never touched."""

from __future__ import annotations

from border_kit.classification.lookup import CONTROL, LIST_TEXT, Lookup
from border_kit.classification.words.line import Line, Word
from border_kit.classification.words.stems import LATIN_LANGUAGES, script, stem

_SHORTEST_COMPOUND = 8
_SHORTEST_PART = 3
_LONGEST_WORD = 40
_LINKS = ("", "s", "n", "en", "es", "-")
"""Letters that join the parts of a German compound."""
_MOST_REPAIRED = 60


def repaired(line: Line, lookup: Lookup) -> list[Word] | None:
    """The words of a line with unknown ones repaired, or None where there is nothing to repair."""
    forms = {
        word.text: _forms(word.text)
        for word in line.words
        if word.text.isalpha() and len(word.text) > _SHORTEST_PART + 1
    }
    known = lookup.words({form for group in forms.values() for form in group})
    unknown = [
        word for word, group in forms.items() if not any(form in known for form in group) and len(word) <= _LONGEST_WORD
    ]
    repairs = {word: parts for word in unknown[:_MOST_REPAIRED] if (parts := _repair(word, lookup)) is not None}
    if not repairs:
        return None
    return [piece for word in line.words for piece in _applied(word, repairs.get(word.text))]


def _forms(word: str) -> tuple[str, ...]:
    kind = script(word)
    languages = LATIN_LANGUAGES if kind == "latin" else {"cyrillic": ("ru",), "arabic": ("ar",)}.get(kind, ())
    return (word, *dict.fromkeys(stem(word, language) for language in languages))


def _repair(word: str, lookup: Lookup) -> tuple[str, ...] | None:
    if script(word) not in ("latin", "cyrillic"):
        return None
    parts = _compound(word, lookup)
    if parts is not None:
        return parts
    corrected = lookup.correct(word)
    return (corrected,) if corrected else None


def _compound(word: str, lookup: Lookup) -> tuple[str, str] | None:
    """The two control words that make a compound, the longest first part preferred."""
    if len(word) < _SHORTEST_COMPOUND:
        return None
    cuts: list[tuple[str, str]] = []
    for place in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        for link in _LINKS:
            head = word[:place]
            if head.endswith(link) and len(head) - len(link) >= _SHORTEST_PART:
                cuts.append((head[: len(head) - len(link)], word[place:]))
    known = lookup.words({part for head, tail in cuts for part in (head, *_forms(tail))})
    for head, tail in cuts:
        if len(head) + len(tail) < _SHORTEST_COMPOUND - 1 or min(len(head), len(tail)) < _SHORTEST_PART:
            continue
        if min(len(head), len(tail)) == _SHORTEST_PART and max(len(head), len(tail)) < _SHORTEST_COMPOUND - 2:
            continue
        found = next((form for form in _forms(tail) if known.get(form, 0) & CONTROL), None)
        if known.get(head, 0) & CONTROL and found is not None:
            return head, tail
    return None


def _applied(word: Word, parts: tuple[str, ...] | None) -> list[Word]:
    if parts is None:
        return [word]
    if len(parts) == 1:
        return [word._replace(text=parts[0], corrected=True)]
    middle = word.end - len(parts[1])
    return [
        word._replace(text=parts[0], end=max(word.start + 1, middle)),
        Word(parts[1], max(word.start, middle), word.end, glued=True, gap=""),
    ]


__all__ = ["CONTROL", "LIST_TEXT", "repaired"]
