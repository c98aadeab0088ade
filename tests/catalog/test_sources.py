from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from border_kit.catalog import sources

SCHEMA = sources.schema_named("controls")


def problems(text: str) -> list[sources.Problem]:
    try:
        return list(sources.check(sources.parse(text, "x.yaml"), SCHEMA))
    except sources.SourceError as error:
        return list(error.problems)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("entries:\n  - code: 6A003\n    titel: x\n    title: y\n    cite: abc\n", 3, "did you mean 'title'"),
        ("entries:\n  - code: 6A003\n    title: 5\n    cite: abc\n", 3, "put 5 in quotes"),
        ("watch_hs:\n  - {hs: '85258', tier: T1, list: CHPL, cite: abc}\n", 2, "HS code of 2, 4 or 6 digits"),
        ("atoms:\n  uav:\n    xx: [drone]\n", 3, "'xx' is not known here"),
        ("atoms: {a: {en: [x]}}\natoms: {}\n", 2, "stands twice"),
        ("atoms:\n  a: {en: [x]}\n  b: &b {en: [y]}\n", 3, "anchors and aliases"),
        ("atoms: !!python/object/apply:os.system [ls]\n", 1, "tags are not used"),
        ("atoms:\n  a: [1, 2\n", 3, "no YAML"),
        ("---\natoms: {}\n---\natoms: {}\n", 3, "one document a file"),
        ("concepts: [{patterns: [{uav} {camera}]}]\n", 1, "no YAML"),
        ("negatives: [{scope: head, terms: {en: [x]}, why: cups, mugs}]\n", 1, "goes in quotes"),
        ("[" * 10_000, 1, "nested deeper"),
        ("atoms: \x00\n", 1, "no YAML"),
        ("", 1, "not of type"),
    ],
)
def test_every_mistake_is_told_with_its_line_and_a_word_on_how_to_mend_it(text: str, line: int, words: str) -> None:
    found = problems(text)
    assert found
    assert found[0].line == line
    assert words in " ".join(problem.message for problem in found)


def test_words_that_yaml_once_mangled_stay_words() -> None:
    data = sources.parse(
        "yes: no\non: 2022-10-24\ncode: 8E10\nhs: 0501\nreal: true\nn: 3\nx: 0.5\nnothing:\n", "x"
    ).data
    assert data == {
        "yes": "no", "on": "2022-10-24", "code": "8E10", "hs": "0501", "real": True, "n": 3, "x": 0.5, "nothing": None,
    }  # fmt: skip


def test_a_part_of_a_document_knows_its_line() -> None:
    source = sources.parse("entries:\n  - code: A\n    hs:\n      - '01'\n      - '02'\n", "x.yaml")
    assert source.line(("entries", 0, "hs", 1)) == 5
    assert source.line(("entries", 0, "hs", 9, "deeper")) == 3
    assert str(source.problem(("entries", 0, "hs", 1), "wrong")) == "x.yaml:5 at entries[0].hs[1] wrong"


def test_a_file_that_is_missing_large_or_not_utf8_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.yaml"
    with pytest.raises(sources.SourceError, match=r"a\.yaml:1: there is no such file"):
        sources.load(path)
    path.write_bytes(b"a: \xff\n")
    with pytest.raises(sources.SourceError, match="not UTF-8"):
        sources.load(path)
    monkeypatch.setattr(sources, "MAX_BYTES", 3)
    with pytest.raises(sources.SourceError, match="larger than"):
        sources.load(path)


values = st.recursive(
    st.text(
        alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"),
        max_size=12,
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc_ё水", min_size=1, max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(values)
def test_quoted_text_is_read_back_as_it_was_written(value: Any) -> None:
    text = yaml.safe_dump(value, default_style='"', allow_unicode=True)
    assert sources.parse(text, "x").data == value
