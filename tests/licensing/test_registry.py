"""Reading licences out of a catalog, whatever authority keeps them and however the number was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from border_kit.errors import CatalogError
from border_kit.licensing.codes import code_root, same_root, within
from border_kit.licensing.page import page
from border_kit.licensing.registry import Registry

Json = dict[str, Any]
MakeRegistry = Callable[..., Registry]


def test_a_licence_is_read_with_its_lines_usage_and_authority(
    make_registry: MakeRegistry, authority: Json, licence: Json
) -> None:
    found = make_registry(authority | {"licences": [licence]}).find("IND-22-0071")
    assert found is not None
    assert (found.type, found.valid_to, found.destinations) == ("individual", date(2026, 3, 2), ("YY",))
    assert (found.lines[0].quantity, found.usage[0].quantity) == (Decimal(20), Decimal(8))
    assert (found.authority.phone, found.authority.run, found.authority.as_of) == ("+00 555 0100", 42, date(2026, 3, 1))


def test_a_licence_page_shows_what_is_left(make_registry: MakeRegistry, authority: Json, licence: Json) -> None:
    found = make_registry(authority | {"licences": [licence]}).find("IND-22-0071")
    assert found is not None
    document: Any = page(found)
    (line,) = document["lines"]
    assert (line["drawn"], line["left"], line["value_left"]) == ("8", "12", "30000")


@pytest.mark.parametrize("typed", ["ind-22-0071", "IND 22 0071", "IND220071", " IND–22–0071 ", "ind.22_0071"])
def test_case_spaces_and_dashes_do_not_hide_a_licence(
    make_registry: MakeRegistry, authority: Json, licence: Json, typed: str
) -> None:
    found = make_registry(authority | {"licences": [licence]}).look_up(typed)
    assert found is not None
    assert (found.licence.number, found.exact) == ("IND-22-0071", False)


@pytest.mark.parametrize("typed", ["", " ", "IND-22-007", "IND-22-00711", "%", "' OR 1=1 --", "\ud800"])
def test_another_number_finds_nothing(make_registry: MakeRegistry, authority: Json, licence: Json, typed: str) -> None:
    assert make_registry(authority | {"licences": [licence]}).find(typed) is None


def test_two_authorities_with_the_same_number_are_noticed(
    make_registry: MakeRegistry, authority: Json, licence: Json
) -> None:
    other = authority | {"authority": "XB/LA-07", "licences": [licence]}
    found = make_registry(authority | {"licences": [licence]}, other).look_up("IND-22-0071")
    assert found is not None
    assert (found.licence.authority.id, found.others) == ("XA/LA-01", 1)


def test_the_oldest_registry_gives_the_date_of_all(make_registry: MakeRegistry, authority: Json) -> None:
    older = authority | {"authority": "XB/LA-07", "as_of": "2025-12-01", "licences": []}
    registry = make_registry(authority | {"licences": []}, older)
    assert registry.as_of == date(2025, 12, 1)
    assert make_registry().as_of is None


def test_the_phone_is_the_registrys(make_registry: MakeRegistry, authority: Json, licence: Json) -> None:
    registry = make_registry(authority | {"licences": [licence]})
    found = registry.find("IND-22-0071")
    assert found is not None
    assert found.authority.phone == "+00 555 0100"


@pytest.mark.parametrize(("field", "value"), [("valid_to", "soon"), ("valid_from", "2026-02-30")])
def test_a_damaged_licence_is_an_error_and_not_a_guess(
    make_registry: MakeRegistry, authority: Json, licence: Json, field: str, value: str
) -> None:
    registry = make_registry(authority | {"licences": [licence | {field: value}]})
    with pytest.raises(CatalogError) as caught:
        registry.find("IND-22-0071")
    assert caught.value.code == "volume_damaged"


def test_an_amount_that_is_none_is_damage_too(make_registry: MakeRegistry, authority: Json, licence: Json) -> None:
    licence["lines"][0]["quantity"] = "NaN"
    with pytest.raises(CatalogError):
        make_registry(authority | {"licences": [licence]}).find("IND-22-0071")


def test_codes_are_known_by_their_root(make_registry: MakeRegistry) -> None:
    registry = make_registry()
    assert registry.knows_code("EU-DU/6a003.b.4.b")
    assert not registry.knows_code("PL5001.c")
    assert not registry.knows_code("")


@pytest.mark.parametrize(
    ("one", "other", "inside", "root"),
    [
        ("6A003.b.4.b", "6A003", True, True),
        ("6A003.b.4.b", "US-CCL/6A003.b.4", True, True),
        ("6A003.b.4.a", "6A003.b.4.b", False, True),
        ("6A003", "6A002", False, False),
        ("ML1", "ML10.c", False, False),
        ("ML10", "ML10.c", True, True),
        ("VIII(h)(12)", "VIII(h)", True, True),
        ("VIII(h)(12)", "VIII(h)(1)", False, True),
    ],
)
def test_codes_are_compared_by_paragraph(one: str, other: str, *, inside: bool, root: bool) -> None:
    assert within(one, other) is inside
    assert within(other, one) is inside
    assert same_root(one, other) is root


@pytest.mark.parametrize(
    ("code", "root"),
    [("6A003.b.4.b", "6A003"), ("ML10.c", "ML10"), ("USML/VIII(a)(5)", "VIII"), ("1C350.d.1", "1C350")],
)
def test_the_root_is_the_entry(code: str, root: str) -> None:
    assert code_root(code) == root
