"""The weighted edit distance skips what it may, and still is the least that any way of reading one word for another costs."""

from __future__ import annotations

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from border_kit.screening.distance import costs, weighted_distance

_SIGNS = "aeiouyhvjlkgXCSsztdbpfmnr"
_TURNED = 0.8
_HOPELESS = 0.4


def plainly(left: str, right: str) -> float:
    """The distance by its definition: every way tried."""
    table = costs()

    def gap(sign: str) -> float:
        return table.gaps.get(sign, table.other)

    @cache
    def least(i: int, j: int) -> float:
        ways = [0.0] if i == j == 0 else []
        if i:
            ways.append(least(i - 1, j) + gap(left[i - 1]))
        if j:
            ways.append(least(i, j - 1) + gap(right[j - 1]))
        if i and j:
            one, other = left[i - 1], right[j - 1]
            ways.append(
                least(i - 1, j - 1) + (0.0 if one == other else table.swap.get(one, {}).get(other, table.other))
            )
            if i > 1 < j and one != other and left[i - 2 : i] == right[j - 2 : j][::-1]:
                ways.append(least(i - 2, j - 2) + _TURNED)
        return min(ways)

    return least(len(left), len(right))


words = st.text(_SIGNS, min_size=1, max_size=5)


@given(words, st.text(_SIGNS, max_size=2), st.text(_SIGNS, max_size=2), words)
def test_signs_in_common_at_either_end_may_be_left_out(head: str, left: str, right: str, tail: str) -> None:
    """Words of one beginning and one ending: where both are not hopelessly apart, nothing costs less."""
    one, other = head + left + tail, head + right + tail
    known = plainly(one, other)
    found = weighted_distance(one, other)
    limit = _HOPELESS * max(len(one), len(other))
    if known + _TURNED <= limit:
        assert abs(found - known) < 1e-9
    else:
        assert found > limit - _TURNED


def test_a_sign_that_is_cheaply_read_for_another_is_never_skipped() -> None:
    """An i in common is better left out than kept where an l is read for the other one."""
    assert "i" not in costs().plain
    assert abs(weighted_distance("imamatama", "ilmamatama") - 0.9) < 1e-9
