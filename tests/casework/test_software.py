"""Software supplied against its maker's signed list: files, never the device."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from border_kit import signing
from border_kit.casework import software
from border_kit.errors import InputError, UsageError
from tests.command import call, follows
from tests.conftest import EXAMPLES

KEY = signing.Key(b"m" * 32)
PUBLIC = signing.text(KEY.public)


@pytest.fixture
def supplied(tmp_path: Path) -> Path:
    folder = tmp_path / "supplied"
    (folder / "boot").mkdir(parents=True)
    (folder / "boot" / "loader.bin").write_bytes(b"\x00" * 4_096)
    (folder / "app.bin").write_bytes(b"application")
    return folder


@pytest.fixture
def listed(supplied: Path, tmp_path: Path) -> Path:
    path = tmp_path / "list.json"
    path.write_text(json.dumps(software.sign("Fictional Drones", "autopilot 7", supplied, KEY)), encoding="utf-8")
    return path


def _found(listed: Path, supplied: Path, key: str = PUBLIC) -> tuple[str, str, dict[str, Any]]:
    result = software.check(listed, supplied, key).to_json()
    told = {name: result[name] for name in ("mismatch", "missing", "extra", "not_checkable") if result[name]}
    assert "What runs in the device was not looked at" in str(result["limit"])
    return str(result["verdict"]), str(result["signature"]), told


def test_files_as_their_maker_signed_them_pass(listed: Path, supplied: Path) -> None:
    assert _found(listed, supplied) == ("pass", "good", {})
    assert software.check(listed, supplied, PUBLIC).match == ("app.bin", "boot/loader.bin")


def test_a_flipped_bit_is_a_mismatch(listed: Path, supplied: Path) -> None:
    content = bytearray((supplied / "boot" / "loader.bin").read_bytes())
    content[2_048] ^= 1
    (supplied / "boot" / "loader.bin").write_bytes(content)
    assert _found(listed, supplied) == ("fail", "good", {"mismatch": ["boot/loader.bin"]})


def test_a_file_more_and_a_file_less_are_named(listed: Path, supplied: Path) -> None:
    (supplied / "boot" / "extra\u202e.bin").write_bytes(b"x")
    (supplied / "app.bin").unlink()
    assert _found(listed, supplied) == ("fail", "good", {"missing": ["app.bin"], "extra": ["boot/extra.bin"]})


def test_another_key_and_a_changed_list_fail_and_without_a_key_nothing_passes(listed: Path, supplied: Path) -> None:
    other = signing.text(signing.Key(b"x" * 32).public)
    assert _found(listed, supplied, other) == ("fail", "bad", {})
    assert _found(listed, supplied, "") == ("cannot_tell", "no_key", {})
    document = json.loads(listed.read_text(encoding="utf-8"))
    listed.write_text(json.dumps({**document, "product": "autopilot 8"}), encoding="utf-8")
    assert _found(listed, supplied) == ("fail", "bad", {})
    listed.write_text(json.dumps({**document, "signature": "?"}), encoding="utf-8")
    assert _found(listed, supplied) == ("fail", "bad", {})


def test_a_link_is_not_followed_and_not_checkable(listed: Path, supplied: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "app.bin"
    elsewhere.write_bytes(b"application")
    (supplied / "app.bin").unlink()
    (supplied / "app.bin").symlink_to(elsewhere)
    assert _found(listed, supplied) == ("cannot_tell", "good", {"not_checkable": ["app.bin"]})


def test_the_list_itself_may_lie_among_the_files(listed: Path, supplied: Path) -> None:
    inside = supplied / "list.json"
    inside.write_bytes(listed.read_bytes())
    assert _found(inside, supplied) == ("pass", "good", {})


@pytest.mark.parametrize(
    "change",
    [
        {"files": [{"path": "../app.bin", "sha256": "0"}]}, {"files": [{"path": "/etc/passwd", "sha256": "0"}]},
        {"files": [{"path": "a\\b", "sha256": "0"}]}, {"files": [{"path": "", "sha256": "0"}]}, {"files": [1]},
        {"files": [{"path": "a", "sha256": "0"}] * 2}, {"format": "other"}, {"more": 1}, {"maker": None}, {"files": "x"},
    ],
)  # fmt: skip
def test_a_list_that_leads_elsewhere_or_makes_no_sense_is_refused(
    listed: Path, supplied: Path, change: dict[str, Any]
) -> None:
    document = json.loads(listed.read_text(encoding="utf-8")) | change
    listed.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError, match="cannot be used"):
        software.check(listed, supplied, PUBLIC)


@pytest.mark.parametrize("content", [b"", b"[]", b"[" * 100_000, b"\xff\xfe", b"NaN"])
def test_what_is_no_list_is_refused(listed: Path, supplied: Path, content: bytes) -> None:
    listed.write_bytes(content)
    with pytest.raises(InputError):
        software.check(listed, supplied, PUBLIC)


def test_what_is_no_key_and_what_is_no_folder_are_refused(listed: Path, supplied: Path) -> None:
    for key in ("AAAA", "no base64", "=" * 10_000):
        with pytest.raises(UsageError, match="no public key"):
            software.check(listed, supplied, key)
    with pytest.raises(UsageError, match="no folder"):
        software.check(listed, supplied / "app.bin", PUBLIC)


def test_it_is_an_event_of_the_case(listed: Path, supplied: Path, tmp_path: Path, shipped: Path) -> None:
    book = ("--casebook", tmp_path / "casebook.sqlite", "--catalog", shipped, "--json")
    call("case", "new", EXAMPLES / "green-release-shirts.json", *book)
    number = call("case", "list", *book).json["cases"][0]["case"]
    words = ("case", "software", number, "--list", listed, "--folder", supplied)
    passed, unsure = call(*words, "--key", PUBLIC, *book), call(*words, *book)
    assert (passed.code, unsure.code) == (0, 3)
    assert follows("event", passed.json["event"])
    assert "was not looked at" in call(*words, "--key", PUBLIC, *book[:-1]).out
    (supplied / "app.bin").write_bytes(b"another")
    assert call(*words, "--key", PUBLIC, *book).code == 1
