"""The key that signs packs: under a PIN, asked for only where something is signed, and never lost by choosing another PIN."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from border_kit import signing
from border_kit.errors import StoreError, UsageError
from border_kit.signing import Key
from border_kit.training.classes import trainer
from border_kit.training.classes.holding import Class
from border_kit.training.classes.pack import Pack
from tests.command import Answer, call, follows

PIN, OTHER = "orange-7", "\u0628\u0631\u062a\u0642\u0627\u0644-12"


@pytest.fixture
def file(office: Path) -> Path:
    return office / "training" / "trainer.key"


@contextmanager
def piped(*texts: str) -> Iterator[list[str]]:
    """File descriptors from which each text can be read once."""
    ends = []
    for text in texts:
        out, into = os.pipe()
        os.write(into, f"{text}\n".encode())
        os.close(into)
        ends.append(out)
    try:
        yield [str(end) for end in ends]
    finally:
        for end in ends:
            os.close(end)


def start(stick: Path, name: str, *options: str) -> Answer:
    return call(
        *options, "train", "session", "start", name, "--learners", "ana", "--warm-up", "2", "--exam", "0", "--into", stick, "--json"
    )  # fmt: skip


def test_the_secret_half_lies_under_the_pin_and_the_public_one_in_the_open(file: Path) -> None:
    key = trainer.make(PIN)
    text = file.read_text(encoding="ascii")
    assert signing.text(key.seed) not in text
    assert trainer.kept() == trainer.Kept(key.public, json.loads(text)["sealed"])
    assert trainer.unlocked(PIN) == key
    assert sys.platform == "win32" or file.stat().st_mode & 0o777 == 0o600


def test_a_wrong_pin_unlocks_nothing(file: Path) -> None:
    trainer.make(PIN)
    with pytest.raises(UsageError) as refused:
        trainer.unlocked("orange-8")
    assert refused.value.code == "pin_wrong"
    assert "train key new" in (refused.value.hint or "")
    assert file.exists()


def test_a_short_pin_is_refused_and_nothing_changes(file: Path) -> None:
    key = trainer.make(PIN)
    with pytest.raises(UsageError, match="fewer than 6"):
        trainer.protect(key, "12345")
    assert trainer.unlocked(PIN) == key
    assert [path.name for path in file.parent.iterdir()] == ["trainer.key"]


def test_another_pin_keeps_the_key(file: Path) -> None:
    key = trainer.make(PIN)
    trainer.protect(key, OTHER)
    assert trainer.unlocked(OTHER) == key
    with pytest.raises(UsageError):
        trainer.unlocked(PIN)
    assert file.exists()


def test_a_key_of_an_earlier_version_works_and_is_sealed_in_place(file: Path) -> None:
    key = Key.new()
    file.parent.mkdir(parents=True)
    file.write_text(signing.text(key.seed) + "\n", encoding="ascii")
    assert trainer.unlocked("") == key
    assert trainer.first(PIN) == key
    assert signing.text(key.seed) not in file.read_text(encoding="ascii")
    assert trainer.unlocked(PIN) == key


@pytest.mark.parametrize(
    "content",
    [
        "no key",
        "AAAA",
        "{}",
        "[" * 5_000,
        '{"kind": "training key", "format": 2, "public": "", "sealed": {}}',
        '{"kind": "training key", "format": 1, "public": 3, "sealed": {}}',
        '{"kind": "training key", "format": 1, "public": "AAAA", "sealed": {"kdf": "scrypt", "n": 1e99}}',
        "\u00e9",
    ],
)
def test_a_damaged_file_is_told_in_words(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(content, encoding="utf-8")
    with pytest.raises(StoreError) as refused:
        trainer.unlocked(PIN)
    assert refused.value.code == "key_unusable"


def test_halves_that_do_not_belong_together_are_noticed(file: Path) -> None:
    trainer.make(PIN)
    row = json.loads(file.read_text(encoding="ascii")) | {"public": signing.text(Key.new().public)}
    file.write_text(json.dumps(row), encoding="ascii")
    with pytest.raises(StoreError, match="belong together"):
        trainer.unlocked(PIN)


# By command


def test_a_class_is_signed_with_the_pin_that_made_the_key_and_with_no_other(office: Path, tmp_path: Path) -> None:
    with piped(PIN) as (pin,):
        begun = start(tmp_path, "Spring", "--pin-fd", pin)
    assert (begun.code, "no PIN" in begun.err) == (0, False)
    assert follows("session_start", begun.json, "training")
    with piped("orange-8") as (pin,):
        refused = start(tmp_path, "Autumn", "--pin-fd", pin)
    assert (refused.code, refused.json["error"]["code"]) == (2, "pin_wrong")
    assert start(tmp_path, "Autumn").json["error"]["code"] == "pin_missing"
    assert not (office / "training" / "classes" / "autumn").exists()
    with piped(PIN) as (pin,):
        assert start(tmp_path, "Autumn", "--pin-fd", pin).json["trainer"] == begun.json["trainer"]


def test_results_are_taken_in_without_the_pin(office: Path, tmp_path: Path) -> None:
    with piped(PIN) as (pin,):
        start(tmp_path, "Spring", "--pin-fd", pin)
    pack = Pack.load(tmp_path / "spring-ana.pack.json")
    assert Class.load("Spring").learners == {"ana": pack.key.public}
    assert office.exists()


def test_a_script_without_a_pin_gets_a_key_without_one_and_is_told_so_each_time(file: Path, tmp_path: Path) -> None:
    begun, again = start(tmp_path, "Spring"), start(tmp_path, "Autumn")
    for answer in (begun, again):
        assert answer.code == 0
        assert "The trainer's key has no PIN" in answer.err
    shown = call("train", "key", "show", "--json")
    assert (shown.code, shown.json) == (1, {"trainer": begun.json["trainer"], "pin": False} | shown.json)
    assert follows("trainer_key", shown.json, "training")
    assert file.exists()


def test_the_pin_is_chosen_and_changed_by_command(file: Path, tmp_path: Path) -> None:
    before = start(tmp_path, "Spring").json["trainer"]
    with piped(PIN) as (new,):
        chosen = call("train", "key", "pin", "--new-pin-fd", new, "--json")
    assert (chosen.code, chosen.json["trainer"], chosen.json["pin"]) == (0, before, True)
    with piped(PIN, OTHER) as (old, new):
        assert call("--pin-fd", old, "train", "key", "pin", "--new-pin-fd", new).code == 0
    assert trainer.unlocked(OTHER).id == before
    with piped(PIN) as (new,):
        made = call("train", "key", "new", "--new-pin-fd", new, "--json")
    assert made.json["trainer"] != before
    assert trainer.unlocked(PIN).id == made.json["trainer"]
    assert file.exists()


def test_without_a_key_there_is_nothing_to_show_or_to_change(office: Path) -> None:
    for words in (("show",), ("pin",)):
        found = call("train", "key", *words, "--json")
        assert (found.code, found.json["error"]["code"]) == (2, "key_missing")
    assert not (office / "training").exists()
