"""Run files that travel alone: signed by their office, proven before they are taken, passed on as they came."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from border_kit.desk import usage_runs
from border_kit.errors import InputError, UsageError
from tests.sync.posts import Post


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Post]:
    """Offices with a key, made once: finding a key from a PIN takes its time."""
    folder = tmp_path_factory.mktemp("offices")
    return {name: Post.enrolled(folder / name, name) for name in ("XA-BOR-01", "XA-BOR-02", "XA-BOR-03")}


@pytest.fixture
def here(offices: dict[str, Post], tmp_path: Path) -> Post:
    return offices["XA-BOR-01"].copied(tmp_path / "here")


@pytest.fixture
def there(offices: dict[str, Post], tmp_path: Path) -> Post:
    post = offices["XA-BOR-02"].copied(tmp_path / "there")
    post.draw("EX-2")
    return post


def export(post: Post, folder: Path, again: str | None = None) -> Path:
    with post.desk() as desk:
        made = usage_runs.export(desk, folder, again=again)
    assert made is not None
    return made[0]


def bring(post: Post, *files: Path, know: tuple[str, ...] = (), unsigned: bool = False) -> list[int]:
    """Bring run files in; how many entries of each were new."""
    with post.desk() as desk:
        return [row.new for row in usage_runs.bring_in(desk, files, know, unsigned=unsigned).taken]


def refused(post: Post, *files: Path, know: tuple[str, ...] = ()) -> str:
    before = post.data()
    with pytest.raises(InputError) as caught:
        bring(post, *files, know=know)
    assert post.data() == before
    return caught.value.code


def test_a_run_is_taken_once_its_offices_key_was_compared(here: Post, there: Post, tmp_path: Path) -> None:
    first = export(there, tmp_path / "stick")
    assert refused(here, first) == "office_unknown"
    assert refused(here, first, know=("0" * 16,)) == "office_unknown"
    assert bring(here, first, know=(there.key,)) == [1]
    assert here.data()[0] == there.data()[0]
    there.draw("EX-3")
    assert bring(here, export(there, tmp_path / "stick")) == [1]
    assert bring(here, first) == [0]


def _key_of(content: bytes, other: bytes) -> bytes:
    line, instead = content.splitlines()[-1], other.splitlines()[-1]
    said = {**json.loads(line), "key": json.loads(instead)["key"]}
    return content.replace(line, json.dumps(said).encode())


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda content, _: content.replace(b'"made": "', b'"made": "1', 1), "run_refused"),
        (lambda content, _: content.replace(b"EX-2", b"EX-9"), "run_refused"),
        (lambda content, _: content.replace(b'"run": 1', b'"run": 2', 1), "run_signature"),
        (lambda content, other: content.rsplit(b"\n", 2)[0] + b"\n" + other.splitlines()[-1] + b"\n", "run_signature"),
        (_key_of, "run_signature"),
        (lambda content, _: content.rsplit(b"\n", 2)[0] + b"\n" + b'{"key": 7, "signature": []}\n', "run_signature"),
        (lambda content, _: content.rsplit(b"\n", 2)[0] + b"\n", "run_unsigned"),
    ],
)
def test_a_run_that_its_office_did_not_sign_takes_nothing_with_it(
    here: Post, there: Post, tmp_path: Path, harm: Callable[[bytes, bytes], bytes], code: str
) -> None:
    here.draw("EX-1")
    other = export(here, tmp_path / "own").read_bytes()
    good = export(there, tmp_path / "stick")
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(harm(good.read_bytes(), other))
    assert refused(here, good, bad, know=(there.key,)) == code


def test_a_run_is_passed_on_as_its_office_signed_it(
    here: Post, there: Post, offices: dict[str, Post], tmp_path: Path
) -> None:
    first = export(there, tmp_path / "stick")
    bring(here, first, know=(there.key,))
    with here.desk() as desk:
        [run] = [run for run in desk.ledger.runs() if run.office != desk.ledger.office]
    copy = export(here, tmp_path / "on", f"{run.office}:1")
    assert copy.read_bytes() == first.read_bytes()
    third = offices["XA-BOR-03"].copied(tmp_path / "third")
    assert bring(third, copy, know=(there.key,)) == [1]


def test_a_run_that_came_in_a_parcel_goes_on_in_it(here: Post, there: Post, tmp_path: Path) -> None:
    there.export(tmp_path / "stick")
    here.bring(tmp_path / "stick", there.key)
    with here.desk() as desk:
        [run] = desk.ledger.runs()
        with pytest.raises(UsageError, match="came in a parcel"):
            usage_runs.export(desk, tmp_path / "on", again=f"{run.office}:1")


def test_nobody_signed_in_makes_no_run(there: Post, tmp_path: Path) -> None:
    there.signing = False
    with there.desk() as desk:
        with pytest.raises(UsageError, match="say who acts"):
            usage_runs.export(desk, tmp_path / "stick")
        assert desk.ledger.runs() == []


def test_what_nobody_signed_is_taken_on_somebodys_word_alone(here: Post, tmp_path: Path) -> None:
    bare = Post(tmp_path / "bare", signing=False)
    bare.draw("EX-7")
    file = export(bare, tmp_path / "stick")
    assert b"signature" not in file.read_bytes()
    assert refused(here, file) == "run_unsigned"
    assert bring(here, file, unsigned=True) == [1]
    another = Post(tmp_path / "another", signing=False)
    assert bring(another, file) == [1]


def test_an_office_that_is_known_to_sign_is_not_taken_without(here: Post, there: Post, tmp_path: Path) -> None:
    signed = export(there, tmp_path / "stick")
    another = Post(tmp_path / "another", signing=False)
    bring(another, signed, know=(there.key,))
    stripped = tmp_path / "stripped.jsonl"
    stripped.write_bytes(signed.read_bytes().rsplit(b"\n", 2)[0] + b"\n")
    assert refused(another, stripped) == "run_unsigned"
    del here
