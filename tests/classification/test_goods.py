"""A pattern may name the goods by the entry that they lead to: drawings of whatever the catalog knows as 7A."""

from __future__ import annotations

import pytest

from border_kit.classification.engine import Classifier


@pytest.mark.parametrize(
    ("text", "code", "band"),
    [
        ("technical drawings of fibre optic gyroscopes", "7E001", "likely"),
        ("Faserkreisel know-how", "7E001", "likely"),
        ("technical drawings of accelerometers", "7E001", "possible"),
        ("thermal imaging camera core, know-how", "6E001", None),
        ("know-how for a thermal camera", "6E001", "possible"),
        ("чертежи тепловизионной камеры", "6E001", "possible"),
    ],
)
def test_technology_follows_the_goods_by_phrase_and_by_pattern(
    classifier: Classifier, text: str, code: str, band: str | None
) -> None:
    found = {candidate.code: candidate.band for candidate in classifier.classify(text).candidates}
    assert found.get(code) == band


@pytest.mark.parametrize(
    "text",
    ["fibre optic gyroscope with technical drawings", "fibre optic gyroscope incl. know-how", "fog gyro, know-how"],
)
def test_papers_that_come_with_the_goods_do_not_hide_them(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text).candidates[0].code == "7A002"


def test_a_name_inside_a_longer_name_of_other_goods_is_not_the_goods(classifier: Classifier) -> None:
    assert classifier.classify("technical drawing of accelerometer glue").verdict == "none"
