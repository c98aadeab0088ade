"""Free text of transport becomes parties to screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.shipment.conveyance import MOST, conveyances
from border_kit.shipment.model import Identifier, Party, Shipment, Transport


def told(vessel: str | None, imo: str | None = None) -> list[tuple[str, str]]:
    """Names, each with its number."""
    found = conveyances(Shipment("T-1", transport=Transport(vessel, imo=imo)))
    return [(party.name, " ".join(f"{item.type}:{item.value}" for item in party.identifiers)) for party in found]


@pytest.mark.parametrize(
    ("vessel", "imo", "expected"),
    [
        ("MV Skerry", None, [("MV Skerry", "")]),
        ("MV Skerry / 0123W", None, [("MV Skerry", "")]),
        ("Skerry V.12", None, [("Skerry", "")]),
        ("Skerry voy. no. 7A", None, [("Skerry", "")]),
        ("Skerry 7", None, [("Skerry 7", "")]),
        ("Skerry IMO 9074729", None, [("Skerry", "imo:9074729")]),
        ("SKERRY (IMO No: 9074729) / 12", None, [("SKERRY", "imo:9074729")]),
        ("IMO 9074729", None, [("IMO 9074729", "imo:9074729")]),
        ("Skerry 9074729", None, [("Skerry 9074729", "")]),
        ("Skerry", "IMO 9074729", [("Skerry", "imo:IMO 9074729")]),
        ("Skerry; Tern", "9074729; 9319466", [("Skerry", "imo:9074729"), ("Tern", "imo:9319466")]),
        ("Skerry IMO 9074729; Tern", "9319466", [("Skerry", "imo:9074729"), ("Tern", "imo:9319466")]),
        (None, "9074729", [("IMO 9074729", "imo:9074729")]),
        ("XA-GOM", None, [("XA-GOM", "tail_number:XA-GOM")]),
        ("XA 12-34 BC", None, [("XA 12-34 BC", "")]),
        ("Skerry; Skerry", None, [("Skerry", "")]),
        (" - ; ;", " ", []),
        (None, None, []),
    ],
)  # fmt: skip
def test_ships_are_told_apart_with_their_numbers(
    vessel: str | None, imo: str | None, expected: list[tuple[str, str]]
) -> None:
    assert told(vessel, imo) == expected


@given(st.none() | st.text(max_size=80), st.none() | st.text(max_size=80))
def test_any_text_gives_few_vessels_with_names(vessel: str | None, imo: str | None) -> None:
    found = conveyances(Shipment("T-1", transport=Transport(vessel, imo=imo)))
    assert len(found) <= MOST
    assert all(party.role == "vessel" and party.name for party in found)


def test_a_ship_that_stands_among_the_parties_is_screened_there_alone_unless_it_states_a_number() -> None:
    carrier = Party("carrier", "MV SKERRY", identifiers=(Identifier("imo", "9074729"),))
    by_name = Shipment("T-1", parties=(carrier,), transport=Transport("MV Skerry; Tern"))
    assert [party.name for party in conveyances(by_name)] == ["Tern"]
    by_number = Shipment("T-1", parties=(carrier,), transport=Transport("MV Skerry", imo="9319466"))
    assert [party.identifiers[0].value for party in conveyances(by_number)] == ["9319466"]
