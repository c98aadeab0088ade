"""One listed party while it is being read: what every reader says of it, in the kit's own words, each thing once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from border_kit.catalog.importers import dates, embedded, nations
from border_kit.catalog.importers.base import MAX_CELL, Listing, Name, Skipped
from border_kit.text import clean, clean_line

MAX_PARTS = 5_000
"""Names, facts or identifiers of one party; the largest real ones have some three hundred."""

SEE = "see"
"""The fact that names the same party on another list: `un:KPe.001`, `ofac:12345`, `eu:EU.27.28`, `uk:12345`."""

KINDS = {
    "person": "person", "individual": "person", "natural person": "person", "p": "person",
    "organisation": "organisation", "organization": "organisation", "entity": "organisation", "company": "organisation",
    "legal entity": "organisation", "enterprise": "organisation", "legalentity": "organisation", "publicbody": "organisation",
    "e": "organisation", "vessel": "vessel", "ship": "vessel", "aircraft": "aircraft", "airplane": "aircraft",
}  # fmt: skip
"""How lists name the kinds of parties."""


def kind_of(text: str) -> str:
    """The kit's kind for a list's word; `unknown` where it is no kind of party."""
    return KINDS.get(text.strip().casefold(), "unknown")


_BESIDE = re.compile(
    r"\s*[(\[].*?(?:[)\]]|$)|\s*[,;:]?\s+(?:issued|date of issue|expir\w*|valid|dated|delivered|issuance)\b.*",
    re.IGNORECASE,
)
"""Words that lists write behind a number."""
_BEFORE = re.compile(
    r"\A(?:national )?(?:passport|id(?:entity)?(?: card)?|imo|mmsi|lei|tin|inn|ogrn|reg\w*|tax)?\s*(?:no|number|nr|num)?\.?\s*[:#]?\s+(?=\S*[0-9])",
    re.IGNORECASE,
)


def numbers(text: str) -> list[str]:
    """The numbers of a cell without the words beside them: `26722 (Trade Register), 7881 (TIN)` holds two."""
    bare = _BEFORE.sub("", _BESIDE.sub("", text).strip(" ,;."))
    parts = [part.strip(" ,;.") for part in re.split(r"[,;]\s+", bare)]
    if len(parts) > 1 and all(sum(char.isdigit() for char in part) > 3 for part in parts):  # a number of its own
        return [_BEFORE.sub("", part) for part in parts]
    kept = bare if any(char.isalnum() for char in bare) else text
    return [kept] if any(char.isalnum() for char in kept) else []


@dataclass(slots=True)
class Entry:
    """A party being read; what is empty is left out and what comes twice is kept once, in the order of the file."""

    row: int
    ref: str = ""
    kind: str = "unknown"
    programme: list[str] = field(default_factory=list)
    listed_on: str | None = None
    ends: str | None = None
    notes: list[str] = field(default_factory=list)
    _names: dict[str, Name] = field(default_factory=dict)
    _facts: dict[tuple[str, str], None] = field(default_factory=dict)
    _identifiers: dict[tuple[str, str], None] = field(default_factory=dict)

    def name(self, text: str, quality: str = "alias", language: str | None = None) -> None:
        """The names of a cell; the first one in this quality or better wins. What was printed otherwise is kept as a fact."""
        printed = clean_line(text, MAX_CELL)
        for at, (name, kind) in enumerate(embedded.names(printed, quality)):
            shown = " ".join(name.split()).strip(" ;,")
            if any(char.isalnum() for char in shown) and len(self._names) < MAX_PARTS:
                self._names.setdefault(shown, Name(shown, kind, language or None))
                if at == 0 and shown != printed.strip(" ;,"):
                    self.fact("name_as_printed", printed)

    def fact(self, kind: str, text: str) -> None:
        """Something the list says of the party."""
        shown = clean_line(text, MAX_CELL)
        if shown and len(self._facts) < MAX_PARTS:
            self._facts[kind, shown] = None

    def identifier(self, kind: str, text: str) -> None:
        """The numbers of a cell that identify the party; where words stand beside them the whole is kept as a fact too."""
        shown = clean_line(text, 500)
        for number in numbers(shown):
            if len(self._identifiers) < MAX_PARTS:
                self._identifiers[kind, number] = None
            if number not in {shown, ""} and _BESIDE.search(shown):
                self.fact(f"{kind}_text", shown)

    def country(self, text: str, kind: str = "country") -> None:
        """The countries of a cell; `kind` names a second fact beside `country` (flag)."""
        if not text.strip():
            return
        for code, words in nations.countries(text):
            self.fact("country" if code else "country_text", code or words)
        if kind != "country":
            self.fact(kind, text)

    def born(self, text: str, order: str = "", kind: str = "born") -> None:
        """The dates of birth of a cell (`kind` established: of founding); what cannot be read is kept as text."""
        found = dates.births(text, order)
        for day in found:
            self.fact(kind, day)
        if not found and text.strip():
            self.fact(f"{kind}_text", text)

    def gender(self, text: str) -> None:
        """Male or female, by any list's letter or word."""
        word = {"m": "male", "f": "female"}.get(text.strip().casefold(), text.strip().casefold())
        if word in {"male", "female"}:
            self.fact("gender", word)

    def place(self, parts: Iterable[str | None], kind: str = "address") -> None:
        """An address or a place from its parts."""
        shown = ", ".join(
            kept for part in parts if part and (kept := clean_line(part, 500).strip(" ,")) not in {"", "-"}
        )
        self.fact(kind, shown)

    def listing(self, list_id: str = "") -> Listing | Skipped:
        """The finished listing; a row without an id or a name says so."""
        names = list(self._names.values())
        if not self.ref or not names:
            return Skipped(self.row, f"the {'name' if self.ref else 'id'} is empty")
        main = next((name for name in names if name.quality == "primary"), names[0])
        ordered = [Name(main.text, "primary", main.language), *(name for name in names if name is not main)]
        return Listing(
            list=list_id,
            ref=clean_line(self.ref, 200),
            kind=self.kind,
            caption=main.text,
            names=tuple(ordered),
            facts=tuple(self._facts),
            identifiers=tuple(self._identifiers),
            programme="; ".join(dict.fromkeys(part for part in self.programme if part)) or None,
            listed_on=self.listed_on,
            note=clean("; ".join(dict.fromkeys(note for note in self.notes if note)), MAX_CELL) or None,
            ends=self.ends,
            row=self.row,
        )
