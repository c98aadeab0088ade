from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.screening.parse import Name, parse


def roles(name: Name) -> list[tuple[str, str]]:
    return [(part.text, "name" if part.role == "family" else part.role) for part in name.parts]


@pytest.mark.parametrize("text", ["JSCQUENTIL", "QUENTILJSC", "Quentil JSC", "QuentilJSC", "J.S.C. Quentil"])
def test_a_legal_form_is_seen_apart_however_it_is_attached(text: str) -> None:
    found = dict(roles(parse(text)))
    assert found["quentil"] == "name"
    assert [role for word, role in found.items() if word != "quentil"] == ["legal"]


@pytest.mark.parametrize("text", ["Quentil LIMITTED", "Quentil Limted", "Quentil Gmhb"])
def test_a_misspelt_legal_form_is_still_one(text: str) -> None:
    assert roles(parse(text))[1][1] == "legal"


def test_a_family_name_before_a_comma_is_put_behind() -> None:
    name = parse("QUENTIL, Orvo")
    assert [part.text for part in name.parts] == ["orvo", "quentil"]
    assert name.parts[-1].role == "family"


@pytest.mark.parametrize("text", ["QUENTlLOV", "QUENTILeCA", "QUENTIMlSH", "КВЕНТИлОВ"])
def test_a_small_letter_inside_capitals_begins_no_word(text: str) -> None:
    assert [part.text for part in parse(text).parts] == [text.casefold()]


def test_initials_of_a_person_stay_and_of_a_firm_make_one_word() -> None:
    assert roles(parse("J. P. Quentil", "person"))[:2] == [("j", "initial"), ("p", "initial")]
    assert roles(parse("A-B-C Company"))[0] == ("abc", "name")


def test_generations_count_patronymic_particles() -> None:
    assert [part.generation for part in parse("Orvo bin Tamil bin Radu").parts] == [0, 1, 1, 2, 2]


def test_roman_numerals_and_ordinals_of_firms_are_numbers() -> None:
    assert [part.canon for part in parse("Plant II", "organisation").parts if part.role == "number"] == ["2"]
    assert [part.canon for part in parse("3rd Plant", "organisation").parts if part.role == "number"] == ["3"]


def test_a_ship_prefix_is_set_apart() -> None:
    name = parse("M/V Quentil Star")
    assert name.kind == "vessel"
    assert name.parts[0].role == "vessel"


def test_letters_of_two_scripts_are_told_and_folded() -> None:
    name = parse("Quеntil")  # the e is Cyrillic
    assert name.mixed == ("Quеntil",)
    assert name.parts[0].text == "quentil"


def test_a_chinese_name_is_family_and_given() -> None:
    assert [part.keys.latin for part in parse("王小明").parts] == ["wang", "xiaoming"]


def test_words_that_only_look_like_particles_are_names_where_nothing_else_is() -> None:
    assert roles(parse("Di An", "person")) == [("di", "name"), ("an", "name")]
    assert roles(parse("Major", "person")) == [("major", "name")]


@given(st.text(max_size=300), st.sampled_from([None, "person", "organisation", "vessel", "aircraft", "unknown"]))
def test_any_text_is_parsed_and_its_weights_are_positive(text: str, kind: str | None) -> None:
    name = parse(text, kind)
    assert all(part.weight > 0 and part.text for part in name.parts)


@pytest.mark.parametrize("text", ["Wuhan", "Joshi"])
def test_a_short_word_that_begins_with_another_letter_is_no_misspelt_form(text: str) -> None:
    assert parse(f"{text} Trading", "organisation").parts[0].text == text.lower()


def test_a_name_near_a_business_word_stays_a_name_where_nothing_else_says_firm() -> None:
    assert [part.role for part in parse("Orvo Tradin").parts] == ["name", "family"]
    assert [part.canon for part in parse("Quentil Tradin LLC").parts][1:2] == ["trading"]


def test_an_abbreviation_that_is_all_of_a_name_is_a_name() -> None:
    assert [(part.text, part.role) for part in parse("NPO", "organisation").parts] == [("npo", "name")]
    assert [part.text for part in parse("NPO Quentil", "organisation").parts][-1] == "quentil"
    assert len(parse("NPO Quentil", "organisation").parts) > 2
