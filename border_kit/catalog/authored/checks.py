"""Cross-references: what one piece of knowledge says of another must hold, or the officer gets a dead end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from border_kit import text, units
from border_kit.catalog import codes
from border_kit.catalog.authored import criteria, ordinary
from border_kit.catalog.authored.knowledge import Item, Knowledge, full_reference, is_day, phrases
from border_kit.catalog.sources import Key, Problem, Severity

PRIMARY = "EU-DU"
"""The list whose codes are the kit's own (docs/catalog-sources.md: the default list)."""

ATOM = re.compile(r"\{([^{}]*)\}")
"""An atom in a pattern."""
GOODS_ATOM = re.compile(r"goods-[0-9a-z]+")
"""An atom that stands for every class that leads to entries whose code begins so (docs/catalog-sources.md)."""


def check(known: Knowledge) -> list[Problem]:
    """Every problem of the authored knowledge, errors and warnings."""
    found: list[Problem] = []
    for rule in _RULES:
        found += rule(known)
    return sorted(found)


def _duplicates(known: Knowledge) -> Iterator[Problem]:
    for section, items in known.sections.items():
        if section == "negatives":
            continue
        first: dict[str, Item] = {}
        for item in items:
            if item.id in first:
                other = first[item.id]
                where = f"{other.source.file}:{other.source.line(other.path)}"
                yield item.problem(f"{item.id!r} is already defined in {where}")
            first.setdefault(item.id, item)


def _dates(known: Knowledge) -> Iterator[Problem]:
    for items in known.sections.values():
        for item in items:
            for key in ("from", "to", "law_as_of"):
                if isinstance(item.data, dict) and isinstance(item.data.get(key), str) and not is_day(item.data[key]):
                    yield item.problem(f"{item.data[key]!r} is no day of the calendar", key)


def _parameters(known: Knowledge) -> Iterator[Problem]:
    for item in known.all("parameters"):
        dimension = item.data["dimension"]
        if dimension == "yesno":
            if "yes" not in item.data:
                yield item.problem(
                    "without words that say yes it is only ever asked (yes: {en: […]})", severity="warning"
                )
        elif dimension == "choice":
            if "values" not in item.data:
                yield item.problem("a choice needs its values (values: {fixed: {en: […]}, …})")
        elif dimension not in units.DIMENSIONS:
            yield item.problem(f"the dimension {dimension!r} is unknown (border_kit/units.py lists them)", "dimension")
        else:
            yield from _parameter_units(item, dimension)


def _parameter_units(item: Item, dimension: str) -> Iterator[Problem]:
    if "unit" not in item.data:
        yield item.problem("a parameter with a dimension needs its unit")
    elif units.find_unit(item.data["unit"], dimension) is None:
        yield item.problem(f"{item.data['unit']!r} is no unit of {dimension} that the kit knows", "unit")
    for index, unit in enumerate(item.data.get("units", ())):
        if units.find_unit(unit, dimension) is None:
            yield item.problem(f"{unit!r} is no unit of {dimension} that the kit knows", "units", index)
    low, high = item.data.get("plausible", ("0", "1"))
    if criteria.number(low) >= criteria.number(high):
        yield item.problem("the plausible range is empty: the lower bound comes first", "plausible")


def _entries(known: Knowledge) -> Iterator[Problem]:
    lists = known.by_id("lists")
    parameters = known.by_id("parameters")
    for item in known.all("entries"):
        if item.id.partition("/")[0] not in lists:
            yield item.problem(f"the list {item.data['list']!r} is not defined under lists", "list")
        for index, same in enumerate(item.data.get("equivalents", ())):
            reference = full_reference(same["code"] if isinstance(same, dict) else same)
            if reference.partition("/")[0] not in lists:
                yield item.problem(f"{reference} is on a list that is not defined", "equivalents", index)
            if reference == item.id:
                yield item.problem("an entry is no equivalent of itself", "equivalents", index)
        for index, release in enumerate(item.data.get("releases", ())):
            if "to" in release and full_reference(release["to"]).partition("/")[0] not in lists:
                yield item.problem(f"{release['to']} is on a list that is not defined", "releases", index, "to")
        yield from criteria.check(item, parameters)


def _concepts(known: Knowledge) -> Iterator[Problem]:
    entries = known.by_id("entries")
    atoms = known.by_id("atoms")
    for item in known.all("concepts"):
        yield from _routes(item, entries)
        if not any(item.data.get(key) for key in ("terms", "weak", "patterns", "weak_patterns")):
            yield item.problem("nothing leads here: give terms or patterns", severity="warning")
        for key in ("patterns", "weak_patterns"):
            for index, pattern in enumerate(item.data.get(key, ())):
                yield from _pattern(item, atoms, key, index, pattern)


def _routes(item: Item, entries: dict[str, Item]) -> Iterator[Problem]:
    """A class leads to entries that are written: those of the primary list must be, a code of another list is left out.

    A class of ordinary goods says `entries: []`: it covers its words and leads nowhere.
    """
    led = [full_reference(reference) for reference in item.data["entries"]]
    for index, reference in enumerate(led):
        if reference not in entries:
            primary = reference.startswith(f"{PRIMARY}/")
            note = "" if primary else ": this route is left out"
            severity: Severity = "error" if primary else "warning"
            yield item.problem(f"there is no entry {reference}{note}", "entries", index, severity=severity)
    if led and not any(reference in entries for reference in led):
        yield item.problem("the class leads to no entry that is written", "entries")


def _pattern(item: Item, atoms: dict[str, Item], key: str, index: int, pattern: str) -> Iterator[Problem]:
    for atom in ATOM.findall(pattern):
        if atom not in atoms and not GOODS_ATOM.fullmatch(atom):
            yield item.problem(f"there is no atom {{{atom}}}", key, index)
    rest = ATOM.sub(" ", pattern)
    if "{" in rest or "}" in rest:
        yield item.problem("a brace is not closed", key, index)
    if len(ATOM.findall(pattern)) + len(text.tokens(rest)) < 2:  # a pattern joins at least two ideas
        yield item.problem("a pattern joins at least two atoms or words", key, index, severity="warning")


def _terms(known: Knowledge) -> Iterator[Problem]:
    for section, keys in (("concepts", ("terms", "weak")), ("negatives", ("terms",))):
        for item in known.all(section):
            for key in keys:
                yield from _phrases(item, item.data.get(key), key)
    for item in [*known.all("atoms"), *known.all("vague")]:
        yield from _phrases(item, item.data)
    for item in known.all("concepts"):
        strong = {(language, text.fold(phrase)) for language, _, phrase in phrases(item.data.get("terms"))}
        for language, index, phrase in phrases(item.data.get("weak")):
            if (language, text.fold(phrase)) in strong:
                message = f"{phrase!r} is a strong term of this class already"
                yield item.problem(message, "weak", language, index, severity="warning")


def _phrases(item: Item, block: dict[str, list[str]] | None, *below: str) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for language, index, phrase in phrases(block):
        where: Key = (*below, language, index)
        if not text.tokens(phrase):
            yield item.problem(f"{phrase!r} holds no word", *where)
        if phrase != phrase.lower() and language != "tr":
            yield item.problem(f"{phrase!r} is not in lower case", *where, severity="warning")
        if (language, phrase) in seen:
            yield item.problem(f"{phrase!r} stands twice", *where, severity="warning")
        seen.add((language, phrase))


def _models(known: Knowledge) -> Iterator[Problem]:
    concepts = known.by_id("concepts")
    parameters = known.by_id("parameters")
    for item in known.all("models"):
        if item.data["concept"] not in concepts:
            yield item.problem(f"there is no class {item.data['concept']!r}", "concept")
        for name, value in item.data.get("facts", {}).items():
            if name not in parameters:
                yield item.problem(f"there is no parameter {name!r}", "facts", name)
            elif (wrong := criteria.fact_problem(parameters[name].data, value)) is not None:
                yield item.problem(wrong, "facts", name)


def _negatives(known: Knowledge) -> Iterator[Problem]:
    concepts = known.by_id("concepts")
    for item in known.all("negatives"):
        for index, name in enumerate(item.data.get("concepts", ())):
            if name not in concepts:
                yield item.problem(f"there is no class {name!r}", "concepts", index)


def _chemicals(known: Knowledge) -> Iterator[Problem]:
    entries = known.by_id("entries")
    for item in known.all("chemicals"):
        if "cas" in item.data and not is_cas(item.data["cas"]):
            yield item.problem(f"the check digit of {item.data['cas']} is wrong", "cas")
        for index, reference in enumerate(item.data["entries"]):
            if full_reference(reference) not in entries:
                yield item.problem(f"there is no entry {full_reference(reference)}", "entries", index)


def _un_numbers(known: Knowledge) -> Iterator[Problem]:
    targets = {"chemical": known.by_id("chemicals"), "concept": known.by_id("concepts")}
    for item in known.all("un_numbers"):
        for kind, there in targets.items():
            if kind in item.data and item.data[kind] not in there:
                yield item.problem(f"there is no {kind} {item.data[kind]!r}", kind)


def _systems(known: Knowledge) -> Iterator[Problem]:
    entries = known.by_id("entries")
    for item in known.all("systems"):
        parts = item.data["parts"]
        for index, name in enumerate(item.data["must"]):
            if name not in parts:
                yield item.problem(f"{name!r} is none of the parts", "must", index)
        if item.data["needs"] > len(parts):
            yield item.problem("more parts are needed than there are", "needs")
        for index, reference in enumerate(item.data["entries"]):
            if full_reference(reference) not in entries:
                yield item.problem(f"there is no entry {full_reference(reference)}", "entries", index)
        yield from _parts(item, known)


def _parts(system: Item, known: Knowledge) -> Iterator[Problem]:
    targets = {"concepts": known.by_id("concepts"), "atoms": known.by_id("atoms")}
    for name, part in system.data["parts"].items():
        for kind, there in targets.items():
            for index, one in enumerate(part.get(kind, ())):
                if one not in there:
                    yield system.problem(f"there is no {kind[:-1]} {one!r}", "parts", name, kind, index)


def is_cas(number: str) -> bool:
    """Whether a CAS registry number's check digit is right (CAS: the sum of digits times place from the right, mod 10)."""
    digits = [int(char) for char in number if char.isdigit()]
    return sum(place * digit for place, digit in enumerate(reversed(digits))) % 10 == digits[-1]


def _reachable(known: Knowledge) -> Iterator[Problem]:
    """An entry that no class leads to, neither itself nor a paragraph below it, is found by its code alone."""
    led = {
        full_reference(one)
        for section in ("concepts", "chemicals")
        for item in known.all(section)
        for one in item.data["entries"]
    }
    above = {f"{name}/{code}" for name, code in map(codes.split, led) for code in codes.ancestors(code)}
    named = {
        full_reference(same["code"] if isinstance(same, dict) else same)
        for item in known.all("entries")
        for same in item.data.get("equivalents", ())
    }
    for item in known.all("entries"):
        if item.id not in led | above | named:
            yield item.problem(f"no class leads to {item.id}", severity="warning")


def _asked_only(known: Knowledge) -> Iterator[Problem]:
    """A quantity that no words on a paper can bind."""
    for item in known.all("parameters"):
        if (
            item.data["dimension"] not in {"yesno", "choice"}
            and item.data.get("label_only")
            and not item.data.get("cues")
        ):
            yield item.problem("bound by its label alone, but without cues: it is only ever asked", severity="warning")


def _unused(known: Knowledge) -> Iterator[Problem]:
    """An atom that no pattern and no system uses: its words point nowhere."""
    used = {
        atom
        for item in known.all("concepts")
        for key in ("patterns", "weak_patterns")
        for pattern in item.data.get(key, ())
        for atom in ATOM.findall(pattern)
    }
    used |= {
        atom for item in known.all("systems") for part in item.data["parts"].values() for atom in part.get("atoms", ())
    }
    for item in known.all("atoms"):
        if item.id not in used:
            yield item.problem(
                f"no pattern and no system uses {{{item.id}}}: its words point nowhere", severity="warning"
            )


_NO_CITATION = re.compile(r"(?:to ?do|tbd|xxx|fixme|none|n/?a|unknown|source|citation|\W+)\W*", re.IGNORECASE)


def _citations(known: Knowledge) -> Iterator[Problem]:
    """A citation that says nowhere. That there is one, the schema asks."""
    for items in known.sections.values():
        for item in items:
            for path, cite in _cites(item.data):
                if _NO_CITATION.fullmatch(cite.strip()):
                    yield item.problem(f"{cite!r} cites nothing: say where the rule stands", *path)


def _cites(data: object, path: Key = ()) -> Iterator[tuple[Key, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "cite" and isinstance(value, str):
                yield (*path, key), value
            else:
                yield from _cites(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _cites(value, (*path, index))


_RULES: tuple[Callable[[Knowledge], Iterator[Problem]], ...] = (
    _duplicates,
    _dates,
    _parameters,
    _entries,
    _concepts,
    _terms,
    _models,
    _negatives,
    _chemicals,
    _un_numbers,
    _systems,
    _reachable,
    _asked_only,
    _unused,
    _citations,
    ordinary.check,
)
