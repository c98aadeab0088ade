"""The common options, what stands where, and the languages of shells."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import MOMENT, ROOT, call, follows, lines, start, unsafe

SHIRTS = ROOT / "examples/green-release-shirts.json"
SHELL = Path(shutil.which("bash") or "/nowhere")
needs_bash = pytest.mark.skipif(not SHELL.exists(), reason="no bash here")


@pytest.mark.parametrize(
    "words",
    [
        ("classify", "cotton shirts"),
        ("screen", "Northmill Textiles Ltd"),
        ("check", str(SHIRTS)),
        ("licence", "check", str(SHIRTS)),
        ("licence", "show", "IND-22-0071"),
        ("case", "list"),
        ("catalog", "info"),
        ("catalog", "show", "6A003"),
        ("catalog", "search", "camera"),
    ],
    ids=" ".join,
)
def test_common_options_stand_before_or_after_the_sub_command(shipped: Path, words: tuple[str, ...]) -> None:
    options = ("--catalog", str(shipped), "--now", MOMENT, "--json")
    before, after = call(*options, *words), call(*words, *options)
    assert before.code == after.code
    assert before.json["now"] == after.json["now"] == MOMENT
    assert before.json.keys() == after.json.keys()
    if len(words) > 2 or words[0] in {"case", "catalog"}:
        assert call(words[0], *options, *words[1:]).json.keys() == before.json.keys()


def test_of_an_option_given_twice_the_later_place_counts(shipped: Path) -> None:
    answer = call(
        "--catalog", "nowhere", "--now", "2020-01-01", "catalog", "info", "--catalog", shipped, "--now", MOMENT
    )
    assert answer.code == 0
    assert MOMENT in answer.out


@pytest.mark.parametrize(
    "words",
    [
        ("classify", "--", "--json"),
        ("screen", "--", "--kind"),
        ("compare", "--", "-h", "--help"),
        ("catalog", "search", "--", "--limit"),
    ],
    ids=" ".join,
)
def test_two_dashes_end_the_options(shipped: Path, words: tuple[str, ...]) -> None:
    answer = call("--catalog", shipped, *words)
    assert answer.code in {0, 1}
    assert not answer.out.startswith(("{", "Usage"))


@pytest.mark.parametrize(
    "words",
    [
        ("classify", "cotton shirts"),
        ("screen", "nobody"),
        ("compare", "a", "b"),
        ("catalog", "lint", "nowhere"),
        ("catalog", "info"),
        ("train", "list"),
        ("case", "show", "2026-0001"),
    ],
    ids=" ".join,
)
def test_a_set_clock_is_echoed_in_every_output(shipped: Path, words: tuple[str, ...]) -> None:
    options = ("--catalog", str(shipped), "--now", "2026-11-25T10:30:00+01:00")
    assert call(*words, *options, "--json").json["now"] == MOMENT
    text = call(*words, *options)
    assert not text.out or text.out.startswith(f"Clock set by hand: {MOMENT}\n")


def test_a_set_clock_is_echoed_in_every_row_of_a_batch(shipped: Path) -> None:
    rows = call("screen", "--batch", "-", "--catalog", shipped, "--now", MOMENT, stdin=b'{"id":1,"name":"x"}\n3\n').rows
    assert [row["now"] for row in rows] == [MOMENT, MOMENT]


@pytest.mark.parametrize(
    "words",
    [
        ("check", str(SHIRTS), "--save"),
        ("case", "new", str(SHIRTS)),
        ("case", "answer", "2026-0001", "q", "yes"),
        ("case", "decide", "2026-0001", "release"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_set_clock_writes_no_casebook(shipped: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    book = tmp_path / "casebook.sqlite"
    assert call("case", "new", SHIRTS, "--casebook", book).code == 0
    before = book.read_bytes()
    assert call(*words, "--catalog", shipped, "--casebook", book, "--now", MOMENT).code == 2
    assert book.read_bytes() == before
    listed = call("case", "list", "--casebook", book, "--now", MOMENT, "--json")
    assert (listed.code, len(listed.json["cases"])) == (0, 1)


def test_reading_under_a_set_clock_makes_no_file(tmp_path: Path) -> None:
    answer = call("case", "list", "--casebook", tmp_path / "none.sqlite", "--now", MOMENT)
    assert (answer.code, list(tmp_path.glob("none*"))) == (0, [])
    assert "No cases." in answer.out


@pytest.mark.parametrize(
    "moment", ["yesterday", "2026-13-01", "0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00", ""]
)
def test_a_clock_outside_the_calendar_is_wrong_usage(moment: str) -> None:
    assert call("screen", "x", "--now", moment).code == 2


def test_as_of_asks_what_applied_on_a_day(shipped: Path) -> None:
    long_ago = call("screen", "Orvald Brumovich", "--as-of", "1990-01-01", "--catalog", shipped, "--json")
    today = call("screen", "Orvald Brumovich", "--catalog", shipped, "--json")
    assert (long_ago.code, long_ago.json["hits"]) == (0, [])
    assert today.json["hits"]
    assert call("screen", "x", "--as-of", "2026-02-30").code == 2


def test_the_operator_stands_in_every_event(tmp_path: Path) -> None:
    book = tmp_path / "book.sqlite"
    assert call("--operator", "XA-117", "case", "new", SHIRTS, "--casebook", book).code == 0
    number = call("case", "list", "--casebook", book, "--json").json["cases"][0]["case"]
    (event,) = call("case", "show", number, "--casebook", book, "--json").json["events"]
    assert (event["operator"], event["signed"]) == ("XA-117", False)


def test_stdout_is_data_and_stderr_is_talk(shipped: Path) -> None:
    answer = call("check", ROOT / "examples/manifest.csv", "--catalog", shipped, "--json")
    assert answer.json["assessments"]
    assert "Columns" in answer.err


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (("check", "nowhere.json"), 4, "no_file"),
        (("catalog", "info", "--catalog", "nowhere"), 5, "catalog_missing"),
        (("classify",), 2, "usage"),
        (("licence", "show", "NONE-1"), 4, "licence_unknown"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_with_json_an_error_is_one_document_too(words: tuple[str, ...], code: int, name: str) -> None:
    answer = call(*words, "--json")
    assert follows("error", answer.json)
    assert (answer.code, answer.json["error"]["code"]) == (code, name)
    assert answer.json["error"]["message"] in answer.err


def test_version_is_one_line() -> None:
    answer = start("--version")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("border-kit ")


@needs_bash
@pytest.mark.parametrize(("end", "code"), [("| head -1", 0), (">&-", 0), ("2>&-", 0), ("> /dev/full", 4)])
def test_a_closed_or_full_output_is_no_internal_error(tmp_path: Path, end: str, code: int) -> None:
    rows = tmp_path / "pairs.jsonl"
    rows.write_bytes(lines([{"id": number, "left": "Orvald", "right": "Brum"} for number in range(2_000)]))
    command = f"'{sys.executable}' -m border_kit compare --batch '{rows}' {end}"
    done = subprocess.run(
        [SHELL, "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == code
    assert "Internal" not in done.stderr
    assert bool(done.stderr) is bool(code)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_printed(shell: str) -> None:
    answer = call("completion", shell)
    assert (answer.code, unsafe(answer.out)) == (0, [])
    assert "_BORDER_KIT_COMPLETE" in answer.out


@needs_bash
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["border-kit", "c"], {"check", "classify", "compare", "case", "catalog", "certificate", "completion"}),
        (["border-kit", "case", "ver"], {"verify-log"}),
        (["border-kit", "screen", "--k"], {"--kind"}),
        (["border-kit", "screen", "--kind", "v"], {"vessel"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_the_bash_script_completes(tmp_path: Path, typed: list[str], expected: set[str]) -> None:
    tool = tmp_path / "border-kit"
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m border_kit "$@"\n', encoding="utf-8")
    tool.chmod(0o700)
    script = tmp_path / "completion.bash"
    script.write_text(call("completion", "bash").out, encoding="utf-8")
    words = " ".join(f"'{word}'" for word in typed)
    ask = (
        f"cd '{ROOT}'; export PATH='{tmp_path}':$PATH; source '{script}'; COMP_WORDS=({words}); COMP_CWORD={len(typed) - 1}; "
        '_border_kit_completion border-kit; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run([SHELL, "-c", ask], capture_output=True, text=True, check=False)
    assert set(done.stdout.split()) == expected
