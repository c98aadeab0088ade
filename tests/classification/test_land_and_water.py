"""Vehicles and detectors that share words and stand under different entries, on the catalog that ships."""

from __future__ import annotations

import pytest

from border_kit.desk.desk import Desk


def rated(desk: Desk, text: str) -> dict[str, str]:
    """Every candidate that counts, with its band."""
    return {item.code: item.band for item in desk.classify(text).candidates if item.band != "weak"}


@pytest.mark.parametrize(
    "text",
    [
        "Remotely operated vehicle for disposal of improvised explosive devices",
        "Remotely operated vehicle, wheeled, with manipulator for IED disposal",
    ],
)
def test_a_vehicle_for_bomb_disposal_is_not_one_for_under_water(desk: Desk, text: str) -> None:
    found = rated(desk, text)
    assert found["1A006.a"] == "likely"
    assert not any(code.startswith("8A001") for code in found)


def test_a_remotely_operated_vehicle_that_says_nothing_of_water_may_be_one(desk: Desk) -> None:
    assert rated(desk, "Remotely operated vehicle") == {"8A001.c.2": "possible", "8A001.c.1": "possible"}


def test_disposal_under_water_keeps_its_vehicle(desk: Desk) -> None:
    assert "8A001.c.2" in rated(desk, "Underwater remotely operated vehicle for UXO disposal")


@pytest.mark.parametrize(
    "text",
    ["Mine detector", "Detector de minas", "Minensuchgerät", "миноискатель", "探雷器", "Metal detector for demining",
     "металлоискатель для разминирования", "Metalldetektor für die Minenräumung"],
)  # fmt: skip
def test_a_mine_detector_stands_on_the_military_list_alone(desk: Desk, text: str) -> None:
    assert rated(desk, text) == {"ML4.b": "possible"}


@pytest.mark.parametrize("text", ["Metal detector", "Hand-held metal detector for security", "Ручной металлоискатель"])
def test_a_metal_detector_alone_is_ordinary(desk: Desk, text: str) -> None:
    assert desk.classify(text).verdict == "none"
