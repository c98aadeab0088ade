"""Countries as papers write them."""

from __future__ import annotations

import pytest

from border_kit.shipment.countries import country_code, place_country


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("de", "DE"), ("DEU", "DE"), ("Germany", "DE"), ("Deutschland", "DE"), ("UK", "GB"), ("Great  Britain", "GB"), ("Россия", "RU"),
        ("Cote d'Ivoire", "CI"), ("中国", "CN"), ("XA", "XA"), ("Atlantis", None), ("", None), ("D", None), ("12", None),
    ],
)  # fmt: skip
def test_a_country_is_its_alpha_2_code(text: str, code: str | None) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("text", "code"), [("NLRTM", "NL"), ("NL RTM", "NL"), ("Chile", "CL"), ("QQRTM", None), ("YY", "YY")]
)
def test_a_place_code_names_its_country(text: str, code: str | None) -> None:
    assert place_country(text) == code
