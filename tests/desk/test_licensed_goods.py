"""Licensed goods with the real classification: the same goods in other words pass, other goods under the code do not."""

from __future__ import annotations

import pytest

from border_kit.certificates.claims import LicenceLine
from border_kit.desk.desk import Desk
from border_kit.licensing.goods import Reading, compare_goods
from border_kit.shipment.model import Line

CAMERA = LicenceLine(1, "6A003.b.4.b", "852589", "Thermal imaging camera, uncooled 640x512")
UAV = LicenceLine(1, "9A012.a", "880622", "Unmanned aerial vehicle with GPS autopilot, endurance 3 h")
PUMP = LicenceLine(1, None, "841410", "Vacuum pump with 500 mm inlet")


def agreement(desk: Desk, licensed: LicenceLine, text: str) -> str:
    reading = Reading(
        desk.classify(text, licensed.hs),
        lambda: desk.classify(licensed.description or "", licensed.hs),
        licensed.control_code is not None and desk.registry.knows_code(licensed.control_code),
        desk.assessor.understood,
    )
    return compare_goods(Line(1, text, hs=licensed.hs), licensed, reading).agreement.value


@pytest.mark.parametrize(
    ("licensed", "text"),
    [
        (CAMERA, "Wärmebildkamera, ungekühlt, 640x512"),
        (CAMERA, "caméra thermique non refroidie 640x512"),
        (CAMERA, "тепловизионная камера неохлаждаемая 640x512"),
        (CAMERA, "كاميرا حرارية غير مبردة 640x512"),
        (UAV, "drone sans pilote avec autopilote GPS, autonomie 3 h"),
        (UAV, "беспилотный летательный аппарат с автопилотом, 3 часа"),
        (PUMP, "Vakuumpumpe 500 mm"),
        (PUMP, "pompe à vide 500 mm"),
    ],
)
def test_the_same_goods_in_other_words_are_the_licensed_goods(desk: Desk, licensed: LicenceLine, text: str) -> None:
    assert agreement(desk, licensed, text) == "agree"


@pytest.mark.parametrize(
    ("licensed", "text"),
    [
        (CAMERA, "Webcam with clip for office monitors"),
        (CAMERA, "Dashboard camera for cars 1080p"),
        (UAV, "paper kite with string"),
        (PUMP, "Hand pump for bicycle tyres"),
        (PUMP, "Food vacuum sealer pump for kitchen"),
    ],
)
def test_other_goods_under_the_same_commodity_code_are_not(desk: Desk, licensed: LicenceLine, text: str) -> None:
    assert agreement(desk, licensed, text) == "differ"


def test_words_that_nobody_here_knows_are_a_question(desk: Desk) -> None:
    assert agreement(desk, PUMP, "xkurrim vebbel tasdoq") == "unknown"
