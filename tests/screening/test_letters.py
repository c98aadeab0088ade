from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from border_kit.screening.letters import unmix, word


@pytest.mark.parametrize(
    "forms",
    [
        ("mohammed", "muhammad", "mohamad", "muhamed"),
        ("youssouf", "yusuf"),
        ("müller".replace("ü", "u"), "mueller"),
        ("sergei", "sergey", "сергей"),
        ("yevgeny", "evgeniy", "евгений"),
        ("wladimir", "vladimir", "владимир"),
    ],
)
def test_spellings_of_one_name_sound_alike(forms: tuple[str, ...]) -> None:
    assert len({word(form).sound for form in forms}) == 1


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [("طارق", "tariq"), ("قذافي", "qadhafi"), ("قذافي", "gaddafi"), ("شويغو", "shoigu"), ("بوتين", "putin")],
)
def test_consonants_bridge_what_is_written_without_vowels(arabic: str, latin: str) -> None:
    keys = word(arabic)
    assert word(latin).skeleton in {keys.skeleton, *keys.readings}


def test_different_names_do_not_sound_alike() -> None:
    assert word("hasan").sound != word("husayn").sound
    assert word("ivanov").sound != word("ivanin").sound


@given(st.text(max_size=80))
def test_any_word_has_bounded_ascii_keys(text: str) -> None:
    keys = word(text)
    assert keys.latin.isascii()
    assert len(keys.latin) <= 48


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=30))
def test_a_latin_word_is_never_mixed(text: str) -> None:
    assert unmix(text) == (text, False)


@pytest.mark.parametrize(
    ("german", "cyrillic"),
    [("worschenko", "ворженко"), ("schukow", "жуков"), ("jakowlewa", "яковлева"), ("schestakow", "шестаков"),
     ("tschernow", "чернов"), ("zwetkow", "цветков")],
)  # fmt: skip
def test_a_german_spelling_is_also_read_as_the_russian_name_that_it_stands_for(german: str, cyrillic: str) -> None:
    found = word(german)
    assert word(cyrillic).skeleton in (found.skeleton, *found.readings)


@pytest.mark.parametrize("name", ["martin", "wilson", "zimmer", "jansen"])
def test_ordinary_names_get_no_german_reading(name: str) -> None:
    assert word(name).readings == ()
