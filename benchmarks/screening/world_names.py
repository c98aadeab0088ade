"""Print ordinary names of the world at large: input of alerts.py, in an environment of its own.

    python3 -m venv names && names/bin/pip install Faker mimesis
    names/bin/python benchmarks/screening/world_names.py [--each 40] [--seed 5] > world.tsv

A line: source and language, kind (person, organisation), name. Faker (MIT) knows some eighty languages and countries, mimesis (MIT)
some thirty-five; both put given and family names together as the language does.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator

_TITLES = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Miss|Prof|Ing|Mgr|Bc|PhDr|JUDr|MUDr|Dipl|Univ)\b\.?|\s{2,}")


def faker_names(each: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """So many names of persons and firms of each language of Faker."""
    faker = importlib.import_module("faker")
    people = importlib.import_module("faker.providers.person")
    for module in sorted(pkgutil.iter_modules(people.__path__), key=lambda item: item.name):
        if not re.fullmatch(r"[a-z]{2,3}_[A-Z]{2}", module.name):
            continue
        made = faker.Faker(module.name)
        made.seed_instance(seed)
        for _ in range(each):
            yield (
                f"faker:{module.name}",
                "person",
                f"{made.first_name()} {made.last_name()}" if seed % 2 else made.name(),
            )
        for _ in range(each // 2):
            yield f"faker:{module.name}", "organisation", made.company()


def mimesis_names(each: int, seed: int) -> Iterator[tuple[str, str, str]]:
    """So many names of persons of each language of mimesis, and brands."""
    mimesis = importlib.import_module("mimesis")
    for locale in importlib.import_module("mimesis.locales").Locale:
        person = mimesis.Person(locale, seed=seed)
        for _ in range(each):
            yield f"mimesis:{locale.value}", "person", person.full_name()
        finance = mimesis.Finance(locale, seed=seed)
        for _ in range(each // 2):
            yield f"mimesis:{locale.value}", "organisation", finance.company()


def main() -> None:
    """Write each name once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=40)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    seen: set[str] = set()
    for source, kind, text in (*faker_names(options.each, options.seed), *mimesis_names(options.each, options.seed)):
        name = " ".join(_TITLES.sub(" ", text).split())
        if name not in seen and len(name) > 1:
            seen.add(name)
            sys.stdout.write(f"{source}\t{kind}\t{name}\n")


if __name__ == "__main__":
    main()
