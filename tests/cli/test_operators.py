"""Operators from the command line: PINs come from a descriptor, never from an argument."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from border_kit.casework.case import Casebook
from border_kit.casework.operators import Enrolment
from border_kit.clock import parse_moment
from tests.command import MOMENT, call, follows
from tests.conftest import EXAMPLES


@contextmanager
def secret(text: str) -> Iterator[str]:
    """A descriptor from which one PIN can be read."""
    reading, writing = os.pipe()
    os.write(writing, f"{text}\n".encode())
    os.close(writing)
    try:
        yield str(reading)
    finally:
        os.close(reading)


def test_an_office_is_enrolled_signs_its_events_and_carries_its_head_out(tmp_path: Path) -> None:
    book = ("--casebook", tmp_path / "casebook.sqlite")
    nobody = call("operator", "list", *book, "--json")
    assert follows("office", nobody.json)
    assert nobody.json["operators"] == []
    enrol = ("operator", "enrol", "B-01", "--name", "A. Ruhe", "--role", "supervisor", "--office", "XA-BOR-01")
    with secret("428913") as pin:
        first = call(*enrol, *book, "--new-pin-fd", pin, "--json")
    assert (first.code, first.json["office"]) == (0, "XA-BOR-01")
    with secret("428913") as pin:
        again = call(*enrol, *book, "--new-pin-fd", pin)
    assert again.code == 2
    with secret("428913") as pin, secret("771204") as new:
        call(
            "operator", "enrol", "B-12", "--name", "K. Adeyo", "--new-pin-fd", new,
            "--operator", "B-01", "--pin-fd", pin, *book,
        )  # fmt: skip
    listed = call("operator", "list", *book, "--json")
    assert follows("office", listed.json)
    assert [(row["badge"], row["role"]) for row in listed.json["operators"]] == [
        ("B-01", "supervisor"),
        ("B-12", "officer"),
    ]
    sample = EXAMPLES / "green-release-shirts.json"
    assert call("case", "new", sample, *book).code == 2
    assert call("case", "new", sample, *book, "--operator", "B-12").code == 2
    with secret("wrong pin") as pin:
        assert call("case", "new", sample, *book, "--operator", "B-12", "--pin-fd", pin).code == 2
    with secret("771204") as pin:
        assert call("case", "new", sample, *book, "--operator", "B-12", "--pin-fd", pin).code == 0
    head = tmp_path / "head.txt"
    with secret("771204") as pin:
        taken = call("case", "checkpoint", *book, "--operator", "B-12", "--pin-fd", pin, "--out", head, "--json")
    assert follows("checkpoint", taken.json["checkpoint"])
    assert taken.json["checkpoint"]["signed"] is True
    proof = call("case", "verify-log", *book, "--checkpoint", head, "--json")
    assert follows("log_check", proof.json)
    assert (proof.code, proof.json["signed_events"], proof.json["checkpoints"]) == (0, 4, 1)
    with secret("428913") as pin:
        assert call("operator", "retire", "B-12", *book, "--operator", "B-01", "--pin-fd", pin).code == 0
    with secret("428913") as pin:
        assert call("operator", "rotate", *book, "--operator", "B-01", "--pin-fd", pin).code == 0
    with secret("428913") as pin, secret("new pin 9") as new:
        assert call("operator", "pin", *book, "--operator", "B-01", "--pin-fd", pin, "--new-pin-fd", new).code == 0
    proof = call("case", "verify-log", *book, "--checkpoint", head, "--json")
    assert (proof.code, proof.json["events"]) == (0, 8)


def test_a_checkpoint_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    book = ("--casebook", tmp_path / "casebook.sqlite")
    assert call("case", "verify-log", *book, "--checkpoint", tmp_path / "none.txt").code == 4
    assert call("case", "verify-log", *book, "--checkpoint", "BKCP1;nonsense").code == 4
    with secret("x") as pin:
        refused = call("operator", "enrol", "B 1\x00", "--name", " ", "--new-pin-fd", pin, *book)
    assert refused.code in (2, 4)


def test_a_second_supervisor_confirms_whom_the_first_enrolled(tmp_path: Path) -> None:
    path = tmp_path / "casebook.sqlite"
    book = Casebook.at(path)
    for badge in ("B-01", "B-02", "B-12"):
        role = "officer" if badge == "B-12" else "supervisor"
        book.enrol(Enrolment(badge, f"Person {badge}", role, "428913"), office="XA-BOR-01", at=parse_moment(MOMENT))
    book.close()
    text = call("operator", "list", "--casebook", path).out
    assert text.count("on the word of B-01 alone") == 1
    for by, code in (("B-01", 2), ("B-02", 0), ("B-02", 2)):
        with secret("428913") as pin:
            done = call("operator", "confirm", "B-12", "--casebook", path, "--operator", by, "--pin-fd", pin, "--json")
        assert done.code == code
        if code == 0:
            assert follows("office", done.json)
            assert [row["on_word_of"] for row in done.json["operators"]] == [None, None, None]
    assert call("case", "verify-log", "--casebook", path).code == 0
