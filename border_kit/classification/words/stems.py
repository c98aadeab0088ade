"""Light stems: plural and case endings away, so that a term written in the singular meets the word on the invoice.

A stem belongs to a language: `fr:camera` and `en:camera` never meet. The endings are those of the light stemmers of
Savoy ("Light stemming approaches for the French, Portuguese, German and Hungarian languages", SAC 2006; Russian and Spanish
likewise) and of Larkey's light10 for Arabic, shortened to what trade words need. Term and line pass through the same
function, so a stem need not be a word.
"""

from __future__ import annotations

from functools import lru_cache

LATIN_LANGUAGES = ("en", "fr", "es", "de", "tr")
EXACT = "*"
"""The language of what is never stemmed: models, codes, words of another script than the phrase's own."""

_SHORTEST = 3


def script(word: str) -> str:
    """`latin`, `cyrillic`, `arabic`, `digit` or `other`, by the first character."""
    char = word[:1]
    if char.isdigit():
        return "digit"
    if char < "\u0250":
        return "latin"
    if "\u0400" <= char <= "\u052f":
        return "cyrillic"
    if "\u0600" <= char <= "\u06ff":
        return "arabic"
    return "other"


@lru_cache(maxsize=16384)
def stem(word: str, language: str) -> str:
    """The stem of a folded word in a language; words of three letters and less stay."""
    if len(word) <= _SHORTEST or not word.isalpha():
        return word
    return _STEMMERS[language](word) if language in _STEMMERS else word


@lru_cache(maxsize=16384)
def keys(word: str) -> tuple[str, ...]:
    """Every key under which a folded word of a line may stand in the index."""
    kind = script(word)
    if kind == "latin":
        return (f"{EXACT}:{word}", *(f"{language}:{stem(word, language)}" for language in LATIN_LANGUAGES))
    own = {"cyrillic": "ru", "arabic": "ar", "other": "zh"}.get(kind)
    return (f"{EXACT}:{word}", f"{own}:{stem(word, own)}") if own else (f"{EXACT}:{word}",)


def phrase_key(word: str, language: str) -> str:
    """The one key of a folded word of an authored phrase in a language."""
    kind = script(word)
    at_home = {"cyrillic": ("ru",), "arabic": ("ar",), "other": ("zh",), "latin": LATIN_LANGUAGES}.get(kind, ())
    return f"{language}:{stem(word, language)}" if language in at_home else f"{EXACT}:{word}"


def _strip(word: str, endings: tuple[str, ...], shortest: int) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            return word[: -len(ending)]
    return word


def _english(word: str) -> str:
    for ending in ("isation", "ising", "ised", "iser", "ise"):
        if word.endswith(ending) and len(word) >= len(ending) + 4:
            word = word[: -len(ending)] + "iz" + ending[2:]
            break
    if word.endswith(("fibre", "fibres")):
        word = word.replace("fibre", "fiber")
    if word.endswith("ies") and len(word) > 4:  # "dies" and "ties" stay
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _french(word: str) -> str:
    if word.endswith("aux") and len(word) > 5:  # "taux" stays
        return word[:-2] + "l"
    word = _strip(word, ("s", "x"), _SHORTEST)
    word = _strip(word, ("ee", "e"), _SHORTEST)
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word  # "personnel(le)"


def _spanish(word: str) -> str:
    return _strip(word, ("os", "as", "es", "o", "a", "e", "s"), _SHORTEST)


def _german(word: str) -> str:
    plain = word.replace("ae", "a").replace("oe", "o").replace("ue", "u") if len(word) > 4 else word
    return _strip(
        _strip(plain, ("ern", "em", "en", "er", "es", "e", "n", "s"), 4), ("em",), 4
    )  # "systeme" and "system" alike


_RUSSIAN = (
    "иями", "ями", "ами", "ого", "его", "ому", "ему", "ыми", "ими", "иях", "иям", "ией", "ях", "ах", "ый", "ий", "ой", "ая",
    "яя", "ое", "ее", "ые", "ие", "ых", "их", "ую", "юю", "ом", "ем", "ам", "ям", "ов", "ев", "ей", "ью", "ым", "им", "ия",
    "ии", "ию", "а", "я", "о", "е", "ы", "и", "у", "ю", "ь", "й",
)  # fmt: skip


def _russian(word: str) -> str:
    """What looks like an ending may belong to the stem ("систем" of "система"): it goes from every case alike."""
    return _strip(_strip(word, _RUSSIAN, _SHORTEST), ("ем", "ом", "ам", "ов", "ев", "ей"), _SHORTEST)


_ARABIC_LETTERS = ("ل", "ب", "و")


def _arabic(word: str) -> str:
    for prefix in ("وال", "بال", "كال", "فال", "لل", "ال"):
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST:
            word = word[len(prefix) :]
            break
    else:
        if word[:1] in _ARABIC_LETTERS and len(word) > _SHORTEST + 1:  # "لمفاعل", for a reactor
            word = word[1:]
    return _strip(word, ("ات", "ون", "ين", "ان", "ها", "يه", "ه", "ي"), _SHORTEST)


_TURKISH = (
    "larinin", "lerinin", "larin", "lerin", "lari", "leri", "lar", "ler", "sinin", "nin", "nun", "inin", "dan", "den", "tan",
    "ten", "si", "su", "yi", "yu", "i", "u",
)  # fmt: skip


def _turkish(word: str) -> str:
    return _strip(_strip(word, _TURKISH, _SHORTEST + 1), ("lar", "ler", "i", "u"), _SHORTEST + 1)


_STEMMERS = {
    "en": _english, "fr": _french, "es": _spanish, "de": _german, "ru": _russian, "ar": _arabic, "tr": _turkish,
}  # fmt: skip
