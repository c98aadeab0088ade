"""Every command as the contract (docs/interfaces.md) has it: one document, its schema, its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from border_kit import store
from border_kit.text import clean_line
from tests.command import MOMENT, ROOT, Answer, call, every_command, follows

SHIRTS = ROOT / "examples/green-release-shirts.json"
LISTED = ROOT / "examples/red-detain-listed-party.json"
LICENSED = ROOT / "examples/blue-release-licensed-camera.json"
REVOKED = ROOT / "examples/red-detain-licence-revoked.json"
UNIT = ROOT / "examples/yellow-cannot-tell-unit.json"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A casebook with two cases, both undecided."""
    path = tmp_path / "casebook.sqlite"
    for file in (SHIRTS, LISTED):
        assert call("case", "new", file, "--casebook", path).code in {0, 1}
    return path


def test_classify_names_the_goods_and_exits_1(shipped: Path) -> None:
    answer = call("classify", "thermal imaging camera core 640x512, 60 Hz", "--catalog", shipped, "--json")
    assert (answer.code, answer.json["verdict"], answer.json["candidates"][0]["root"]) == (1, "likely", "6A003")
    assert follows("classify", answer.json)


def test_classify_of_ordinary_goods_exits_0_and_says_that_the_catch_all_applies(shipped: Path) -> None:
    answer = call("classify", "men's cotton T-shirts", "--catalog", shipped)
    assert answer.code == 0
    assert "catch-all still applies" in answer.out


def test_classify_exits_1_on_a_finding_alone(shipped: Path) -> None:
    answer = call("classify", "plastic terminal blocks", "--hs", "853690", "--catalog", shipped, "--json")
    assert (answer.code, answer.json["verdict"]) == (1, "none")
    assert [row["code"] for row in answer.json["findings"]] == ["watch_hs"]


def test_screen_finds_a_listed_party_and_exits_1(shipped: Path) -> None:
    answer = call("screen", "Orvald Brumovitch", "--catalog", shipped, "--json")
    assert (answer.code, answer.json["hits"][0]["source_ref"], answer.json["demo"]) == (1, "A001", True)
    assert follows("screen", answer.json)


def test_screen_of_nobody_listed_is_a_line_and_exits_0(shipped: Path) -> None:
    answer = call("screen", "Bright Harbour Clothing Ltd", "--catalog", shipped)
    assert answer.code == 0
    assert answer.out.startswith("NOTHING FOUND in a demo list")


def test_compare_exits_1_from_070_on_and_needs_no_catalog(tmp_path: Path) -> None:
    alike = call("compare", "Acme Trading FZE", "ACME Trading F.Z.E.", "--catalog", tmp_path / "none", "--json")
    other = call("compare", "Acme Trading FZE", "Northmill Garden Ltd", "--catalog", tmp_path / "none", "--json")
    assert alike.json["score"] >= 0.7
    assert other.json["score"] < 0.7
    assert (alike.code, other.code) == (1, 0)
    assert follows("compare", alike.json)


@pytest.mark.parametrize(("file", "code"), [(SHIRTS, 0), (LISTED, 1), (UNIT, 3), (Path("nowhere.json"), 4)])
def test_check_exits_by_its_verdict(shipped: Path, file: Path, code: int) -> None:
    assert call("check", file, "--catalog", shipped, "--now", MOMENT).code == code


def test_check_with_a_rejected_row_exits_1_even_when_nothing_was_found(shipped: Path, tmp_path: Path) -> None:
    file = tmp_path / "two.json"
    shirts = json.loads(SHIRTS.read_text(encoding="utf-8"))
    file.write_text(json.dumps([shirts, {**shirts, "id": "EX-2", "direction": "sideways"}]), encoding="utf-8")
    answer = call("check", file, "--catalog", shipped, "--now", MOMENT, "--json")
    assert [row["verdict"] for row in answer.json["assessments"]] == ["nothing_found"]
    assert answer.json["rejected"][0]["field"] == "direction"
    assert answer.code == 1


def test_columns_and_date_order_answer_what_a_file_leaves_open(shipped: Path, tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_text("Datum;Zeug\n03/04/2026;Cotton shirts\n03/04/2026;Garden hoses\n", encoding="utf-8")
    open_question = call("check", file, "--catalog", shipped, "--columns", "description=Zeug,date=Datum")
    assert open_question.code == 4
    assert "--date-order" in open_question.err
    answered = ("--columns", "description=Zeug,date=Datum", "--date-order", "dmy")
    assert call("check", file, "--catalog", shipped, *answered, "--now", MOMENT).code == 0


@pytest.mark.parametrize(
    ("file", "code", "verdict"), [(LICENSED, 0, "pass"), (REVOKED, 1, "fail"), (UNIT, 3, "cannot_tell")]
)
def test_licence_check_exits_by_its_verdict(shipped: Path, file: Path, code: int, verdict: str) -> None:
    answer = call("licence", "check", file, "--catalog", shipped, "--now", MOMENT, "--json")
    assert (answer.code, [row["verdict"] for row in answer.json["licences"]]) == (code, [verdict])
    assert follows("licence_check", answer.json)


def test_licence_check_without_a_licence_says_so(shipped: Path) -> None:
    answer = call("licence", "check", SHIRTS, "--catalog", shipped)
    assert (answer.code, answer.out) == (0, "No licence is declared.\n")


def test_licence_show_tells_what_is_left(shipped: Path) -> None:
    answer = call("licence", "show", "IND-22-0071", "--catalog", shipped)
    assert answer.code == 0
    assert "IND-22-0071" in answer.out
    assert call("licence", "show", "NONE-1", "--catalog", shipped).code == 4


def test_case_new_opens_a_case_a_shipment_and_exits_as_check_does(tmp_path: Path) -> None:
    answer = call("case", "new", LISTED, "--casebook", tmp_path / "book.sqlite", "--json")
    assert answer.code == 1
    (row,) = answer.json["cases"]
    assert follows("case_row", row)
    assert (row["shipment"], row["lane"], row["decision"]) == ("EX-26-1008", "red", None)


def test_case_list_shows_the_newest_first_and_filters(book: Path) -> None:
    whole = call("case", "list", "--casebook", book, "--json")
    assert follows("case_list", whole.json)
    assert [row["shipment"] for row in whole.json["cases"]] == ["EX-26-1008", "EX-26-1001"]
    red = call("case", "list", "--lane", "red", "--casebook", book, "--json")
    assert [row["shipment"] for row in red.json["cases"]] == ["EX-26-1008"]
    words = call("case", "list", "t-shirts", "--casebook", book, "--json")
    assert [row["shipment"] for row in words.json["cases"]] == ["EX-26-1001"]
    second = call("case", "list", "--limit", "1", "--offset", "1", "--casebook", book, "--json")
    assert [row["shipment"] for row in second.json["cases"]] == ["EX-26-1001"]
    assert call("case", "list", "%", "--casebook", book).out == "No cases.\n"


def test_case_show_holds_the_shipment_as_declared_and_every_event(book: Path) -> None:
    number = call("case", "list", "--casebook", book, "--json").json["cases"][0]["case"]
    answer = call("case", "show", number, "--casebook", book, "--json")
    assert follows("case_show", answer.json)
    assert [event["kind"] for event in answer.json["events"]] == ["opened"]
    assert answer.json["shipment_as_declared"]["parties"][1]["name"] == "Orvald Brumovich"
    assert "EVENTS" in call("case", "show", number, "--casebook", book).out


def test_case_decide_against_the_advice_needs_a_reason(book: Path) -> None:
    number = call("case", "list", "--lane", "red", "--casebook", book, "--json").json["cases"][0]["case"]
    refused = call("case", "decide", number, "release", "--casebook", book)
    assert refused.code == 2
    assert "reason" in refused.err
    taken = call("case", "decide", number, "release", "--reason", "another birth date", "--casebook", book, "--json")
    assert taken.code == 0
    assert follows("event", taken.json["event"])
    assert taken.json["event"]["data"]["reason"] == "another birth date"


def test_an_unknown_case_or_decision_is_refused(book: Path) -> None:
    assert call("case", "show", "2026-9999", "--casebook", book).code == 4
    assert call("case", "answer", "2026-9999", "x", "yes", "--casebook", book).code == 4
    assert call("case", "decide", "2026-0001", "burn", "--casebook", book).code == 2


def test_case_verify_log_tells_an_intact_log_from_a_broken_one(book: Path) -> None:
    intact = call("case", "verify-log", "--casebook", book, "--json")
    assert follows("log_check", intact.json)
    assert (intact.code, intact.json["intact"], intact.json["events"]) == (0, True, 2)
    connection = store.open_office(book)
    for trigger in ("event_is_final", "content_is_final"):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("UPDATE content SET data = replace(data, 'Orvald', 'Gerald')")
    connection.close()
    broken = call("case", "verify-log", "--casebook", book, "--json")
    assert (broken.code, broken.json["intact"], broken.json["first_bad"]) == (1, False, 2)


def test_catalog_info_names_volumes_dates_and_demo(shipped: Path) -> None:
    answer = call("catalog", "info", "--catalog", shipped, "--json")
    assert follows("catalog_info", answer.json)
    assert {row["name"]: row["demo"] for row in answer.json["volumes"]}["parties"] is True
    assert answer.json["terms_by_language"]["en"] > 0
    assert "DEMO" in call("catalog", "info", "--catalog", shipped).out


@pytest.mark.parametrize("what", ["6A003.b.4.b", "852589", "IND-22-0071"])
def test_catalog_show_has_a_page(shipped: Path, what: str) -> None:
    answer = call("catalog", "show", what, "--catalog", shipped)
    assert answer.code == 0
    assert what in answer.out
    assert call("catalog", "show", what, "--catalog", shipped, "--json").json["kind"]


def test_catalog_show_of_nothing_known_exits_4(shipped: Path) -> None:
    assert call("catalog", "show", "9Z999.z", "--catalog", shipped).code == 4


def test_catalog_search_finds_by_code_and_by_word(shipped: Path) -> None:
    codes = [row["code"] for row in call("catalog", "search", "6A003", "--catalog", shipped, "--json").json["found"]]
    assert "6A003" in codes
    words = call("catalog", "search", "thermal", "camera", "--limit", "3", "--catalog", shipped, "--json")
    assert 0 < len(words.json["found"]) <= 3
    nothing = call("catalog", "search", "qqqqzzzz", "--catalog", shipped)
    assert (nothing.code, nothing.out) == (0, "Nothing found.\n")


def test_catalog_diff_exits_1_when_catalogs_differ(shipped: Path, only_controls: Path) -> None:
    same = call("catalog", "diff", shipped, shipped, "--json")
    assert (same.code, same.json["differs"]) == (0, False)
    assert call("catalog", "diff", shipped, shipped).out
    assert call("catalog", "diff", shipped, only_controls, "--json").code == 1


def test_train_list_names_the_shipped_scenarios() -> None:
    rows = call("train", "list", "--json").json["scenarios"]
    assert {"signal", "noise"} >= {row["class"] for row in rows}
    assert {"id", "title", "class", "difficulty", "objectives"} <= set(rows[0])


def test_open_without_a_terminal_prints_the_answer_and_exits_0_whatever_the_lane(shipped: Path) -> None:
    answer = call("open", LISTED, "--catalog", shipped, "--now", MOMENT)
    assert answer.code == 0
    assert "STOP" in answer.out
    assert follows("check", call("open", LISTED, "--catalog", shipped, "--json").json)


def test_without_arguments_and_terminal_the_command_says_what_it_needs() -> None:
    answer = call()
    assert (answer.code, answer.out) == (2, "")
    assert "terminal" in answer.err


def _shown(answer: Answer) -> str:
    return clean_line(answer.out)


@pytest.mark.parametrize("words", list(every_command()), ids=" ".join)
def test_every_command_has_help_with_an_example(words: tuple[str, ...]) -> None:
    answer = call(*words, "--help")
    assert answer.code == 0
    assert f"border-kit {' '.join(words)}".strip() in _shown(answer)
    assert "Example" in answer.out
    assert not [line for line in answer.out.splitlines() if len(line) > 120]


def test_an_unknown_command_option_or_value_is_wrong_usage() -> None:
    for words in (
        ["nonsense"],
        ["classify"],
        ["check"],
        ["screen", "x", "--kind", "tree"],
        ["classify", "x", "--nope"],
    ):
        answer = call(*words)
        assert (answer.code, answer.out) == (2, "")
        assert "--help" in answer.err


def test_a_casebook_that_was_damaged_is_said_in_words_and_does_not_keep_a_post_from_screening(book: Path) -> None:
    for table, command in (("event", ("case", "show", "2026-0001")), ("case_row", ("case", "list"))):
        copy = book.with_name(f"{table}.sqlite")
        connection = store.open_office(book)
        store.settle(connection)
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        connection.close()
        content = bytearray(book.read_bytes())
        content[(root - 1) * 4096 : root * 4096] = bytes(4096)
        copy.write_bytes(content)
        answer = call(*command, "--casebook", copy, "--json")
        assert (answer.code, set(answer.json)) == (4, {"error"})
        assert call("case", "verify-log", "--casebook", copy).code == 1
        assert call("screen", "Nobody Whatsoever", "--casebook", copy).code in (0, 1)
