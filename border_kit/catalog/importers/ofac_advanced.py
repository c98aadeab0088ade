"""The advanced schema of OFAC's lists (SDN_ADVANCED.XML, CONS_ADVANCED.XML).

What a party is stands in several places, joined by numbers: words in `ReferenceValueSets`, places in `Locations`, papers in
`IDRegDocuments` (by identity), names and features in `DistinctParties`, lists and programmes in `SanctionsEntries` (by profile).
The file is read twice: first what is joined, then the parties one by one. A profile's id is the number of the CSV files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element

from border_kit.catalog.importers import dates, xml_stream
from border_kit.catalog.importers.base import MAX_CELL, Batch, Listing, Order, Skipped
from border_kit.catalog.importers.entry import Entry, kind_of
from border_kit.catalog.importers.ofac_remarks import take_remark
from border_kit.errors import InputError
from border_kit.text import clean_line

LISTS = {"SDN List": "OFAC-SDN"}
CONSOLIDATED = "OFAC-CONS"
"""Every list that is not the SDN list is part of the consolidated set, as its CSV files are."""
_META_LIST = "Consolidated List"
MAX_JOINED = 3_000_000
"""Places, papers and entries that are held while a file is read; real files have some 60,000 in all."""
MAX_WORDS = 40_000_000
"""Bytes of the reference values; real ones have some 2 MB."""

_QUALITIES = {"f.k.a.": "former"}
_STREET = ("ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "REGION", "POSTAL CODE", "Unknown")
_LATIN = {"latin", ""}


@dataclass(slots=True)
class _Joined:
    """What stands outside the parties: words by (kind, id), places, papers by identity, entries by profile."""

    words: dict[tuple[str, str], str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    papers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    lists: dict[str, list[tuple[str, str | None, tuple[str, ...]]]] = field(default_factory=lambda: defaultdict(list))
    issued: str | None = None

    def word(self, kind: str, number: str | None) -> str:
        """A reference value in words, empty where there is none."""
        return self.words.get((kind, number or ""), "")


def read(order: Order) -> Batch:
    """Read an advanced file; its date of issue is the edition. Raises InputError."""
    joined = _join(order)
    return Batch(joined.issued, LISTS["SDN List"], _rows(order.path, joined))


def _join(order: Order) -> _Joined:
    joined = _Joined()
    take = {"Location": _place, "IDRegDocument": _paper, "SanctionsEntry": _entry, "DateOfIssue": _issued}
    tags = {"ReferenceValueSets", *take}
    for number, element in enumerate(xml_stream.entries(order.path, tags, MAX_WORDS), 1):
        if number > MAX_JOINED:
            raise InputError("too_many_parts", f"{order.path.name} has more than {MAX_JOINED:,} parts.", "Is it whole?")
        if element.tag == "ReferenceValueSets":
            _words(element, joined)
        else:
            take[element.tag](element, joined)
        if number % 1_000 == 0:
            order.progress("reading", number, 0)
    return joined


def _text(element: Element, path: str) -> str:
    return clean_line(element.findtext(path) or "", MAX_CELL)


def _words(sets: Element, joined: _Joined) -> None:
    for values in sets:
        for value in values:
            number = value.get("ID", "")
            joined.words[value.tag, number] = clean_line(value.text or value.get("ISO2") or "", 500)
            if value.tag == "PartySubType":
                joined.parents[number] = value.get("PartyTypeID", "")
            if value.tag == "AreaCode":
                joined.words["AreaCountry", number] = clean_line(value.get("Description") or "", 200)


def _issued(element: Element, joined: _Joined) -> None:
    joined.issued = dates.day(_date(element) or "")


def _place(place: Element, joined: _Joined) -> None:
    parts = {
        joined.word("LocPartType", part.get("LocPartTypeID")): _text(part, "LocationPartValue/Value")
        for part in place.iterfind("LocationPart")
    }
    countries = [joined.word("Country", part.get("CountryID")) for part in place.iterfind("LocationCountry")]
    countries += [joined.word("AreaCountry", part.get("AreaCodeID")) for part in place.iterfind("LocationAreaCode")]
    country = next((name for name in countries if name and name != "undetermined"), "")
    joined.places[place.get("ID", "")] = (country, tuple(parts[key] for key in _STREET if parts.get(key)))


def _paper(paper: Element, joined: _Joined) -> None:
    number = _text(paper, "IDRegistrationNo")
    if number:
        kind = joined.word("IDRegDocType", paper.get("IDRegDocTypeID"))
        country = joined.word("Country", paper.get("IssuedBy-CountryID"))
        known = f" ({country})" if country and country != "undetermined" else ""
        joined.papers[paper.get("IdentityID", "")].append(f"{kind} {number}{known}")


def _entry(entry: Element, joined: _Joined) -> None:
    name = joined.word("List", entry.get("ListID"))
    days = [dates.day(_date(day) or "") for day in entry.iterfind("EntryEvent/Date")]
    programmes = [
        _text(measure, "Comment")
        for measure in entry.iterfind("SanctionsMeasure")
        if joined.word("SanctionsType", measure.get("SanctionsTypeID")) in {"Program", ""}
    ]
    first = min((day for day in days if day), default=None)
    joined.lists[entry.get("ProfileID", "")].append((name, first, tuple(part for part in programmes if part)))


def _date(element: Element | None) -> str | None:
    """A date as far as its parts say."""
    if element is None or not element.findtext("Year"):
        return None
    parts = [_text(element, name) for name in ("Year", "Month", "Day")]
    known = [part.zfill(4 if at == 0 else 2) for at, part in enumerate(parts) if part]
    return dates.born("-".join(known))


def _rows(path: Path, joined: _Joined) -> Iterator[Listing | Skipped]:
    for number, party in enumerate(xml_stream.entries(path, {"DistinctParty"}), 1):
        for profile in party.iterfind("Profile"):
            entry = _profile(number, profile, joined)
            entry.notes.append(_text(party, "Comment"))
            yield from _listed(entry, joined)


def _listed(party: Entry, joined: _Joined) -> Iterator[Listing | Skipped]:
    """A party once for each list that has it; without an entry it is listed nowhere, and said so."""
    found = joined.lists.get(party.ref)
    if not found:
        yield Skipped(party.row, f"the profile {party.ref!r} has no sanctions entry")
        return
    groups: dict[str, list[tuple[str, str | None, tuple[str, ...]]]] = defaultdict(list)
    for one in found:
        groups[LISTS.get(one[0], CONSOLIDATED) if one[0] else LISTS["SDN List"]].append(one)
    for list_id, entries in groups.items():
        named = [name for name, _, _ in entries if name not in {_META_LIST, "SDN List", ""}]
        party.programme = [*named, *(programme for _, _, programmes in entries for programme in programmes)]
        party.listed_on = min((day for _, day, _ in entries if day), default=None)
        yield party.listing(list_id)


def _profile(number: int, profile: Element, joined: _Joined) -> Entry:
    sub_type = profile.get("PartySubTypeID", "")
    words = (joined.word("PartySubType", sub_type), joined.word("PartyType", joined.parents.get(sub_type)))
    kinds = [kind_of(word) for word in words]
    party = Entry(number, profile.get("ID", ""), next((kind for kind in kinds if kind != "unknown"), "unknown"))
    for identity in profile.iterfind("Identity"):
        _names(identity, party, joined)
        for told in joined.papers.get(identity.get("ID", ""), ()):
            take_remark(told, party)
    for feature in profile.iterfind("Feature"):
        _feature(feature, party, joined)
    return party


def _names(identity: Element, party: Entry, joined: _Joined) -> None:
    groups = {
        group.get("ID"): joined.word("NamePartType", group.get("NamePartTypeID"))
        for group in identity.iterfind("NamePartGroups/MasterNamePartGroup/NamePartGroup")
    }
    for alias in identity.iterfind("Alias"):
        kind = joined.word("AliasType", alias.get("AliasTypeID")).casefold()
        main = alias.get("Primary") == "true"
        weak = alias.get("LowQuality") == "true"
        for name in alias.iterfind("DocumentedName"):
            text, latin = _name(name, groups, joined)
            quality = "primary" if main else "weak" if weak else _QUALITIES.get(kind, "alias")
            party.name(text, quality if latin else "original")


def _name(name: Element, groups: dict[str | None, str], joined: _Joined) -> tuple[str, bool]:
    """A name as `LAST, First`, and whether it is in Latin letters."""
    last: list[str] = []
    rest: list[str] = []
    latin = True
    for part in name.iterfind("DocumentedNamePart/NamePartValue"):
        latin = latin and joined.word("Script", part.get("ScriptID")).casefold() in _LATIN
        words = last if groups.get(part.get("NamePartGroupID")) == "Last Name" else rest
        words.append(clean_line(part.text or "", MAX_CELL))
    return ", ".join(" ".join(words) for words in (last, rest) if any(words)), latin


_FEATURES = {
    "title": "title", "place of birth": "place_of_birth", "vessel type": "vessel_type", "vessel owner": "owner",
    "aircraft type": "vessel_type", "aircraft operator": "operator", "aircraft model": "aircraft_model",
}  # fmt: skip


def _feature(feature: Element, party: Entry, joined: _Joined) -> None:
    label = joined.word("FeatureType", feature.get("FeatureTypeID")).strip(" :-")
    key = label.casefold()
    for version in feature.iterfind("FeatureVersion"):
        country, street = _where(version, joined)
        text = _detail(version, joined)
        if key in {"birthdate", "date of birth", "organization established date"}:
            kind = "established" if "established" in key else "born"
            for period in version.iterfind("DatePeriod"):
                party.born(_period(period), kind=kind)
        elif key == "location":
            party.country(country)
            party.place((*street, country))
        elif key.startswith(("nationality", "citizenship")):
            party.country(country or text)
        elif "call sign" in key:
            party.identifier("call_sign", text)
        elif key.endswith("flag") and "former" not in key:
            party.country(text or country, "flag")
        elif key in _FEATURES:
            party.fact(_FEATURES[key], text or ", ".join((*street, country)))
        elif "tonnage" not in key:
            take_remark(f"{label} {text or country}".strip(), party)


def _where(version: Element, joined: _Joined) -> tuple[str, tuple[str, ...]]:
    place = version.find("VersionLocation")
    return joined.places.get(place.get("LocationID", ""), ("", ())) if place is not None else ("", ())


def _detail(version: Element, joined: _Joined) -> str:
    detail = version.find("VersionDetail")
    if detail is None:
        return ""
    return joined.word("DetailReference", detail.get("DetailReferenceID")) or clean_line(detail.text or "", MAX_CELL)


def _period(period: Element) -> str:
    """A period as words that `dates` reads: a day, a whole year or month as such, else the years it spans."""
    first = _date(period.find("Start/From"))
    last = _date(period.find("End/To")) or _date(period.find("Start/To")) or first
    if not first or not last:
        return ""
    about = any(edge.get("Approximate") == "true" for edge in (*period.iterfind("Start"), *period.iterfind("End")))
    if first == last:
        found = first
    elif first[:4] != last[:4]:
        found = f"{first[:4]} to {last[:4]}"
    else:
        found = first[:7] if first[:7] == last[:7] else first[:4]
    return f"circa {found}" if about else found
