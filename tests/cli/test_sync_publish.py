"""`border-kit sync publish` and `sync key`: a founding and a publication as an authority goes through them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from border_kit import signing
from border_kit.sync.layout import METADATA
from tests.command import Answer, call, follows
from tests.sync.authority import names, party_rows, write_catalog

PASSPHRASE = "words for a test alone"


@pytest.fixture(autouse=True)
def _quick_seals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seals that are quick to open."""
    monkeypatch.setattr(signing, "_SCRYPT", {"n": 2, "r": 8, "p": 1})


def secret() -> str:
    """A descriptor that the passphrase can be read from."""
    out, into = os.pipe()
    os.write(into, f"{PASSPHRASE}\n".encode())
    os.close(into)
    return str(out)


def signed(*words: str | Path, by: tuple[Path, ...]) -> Answer:
    """A command that signs with some keys."""
    options: list[str | Path] = []
    for key in by:
        options += ["--key", key, "--passphrase-fd", secret()]
    return call("sync", *words, *options, "--json")


@pytest.fixture
def ring(tmp_path: Path) -> dict[str, Path]:
    """Sealed keys by name."""
    found = {}
    for name in ("root-1", "root-2", "root-3", "targets-1", "targets-2", "machine", "lists", "control-1", "control-2"):
        answer = call("sync", "key", "new", name, "--into", tmp_path / "keys", "--passphrase-fd", secret(), "--json")
        assert answer.code == 0
        assert follows("sync_key", answer.json)
        found[name] = tmp_path / "keys" / f"{name}.key.json"
    return found


def found_words(folder: Path, ring: dict[str, Path]) -> list[str | Path]:
    keys = ring["machine"].parent
    words: list[str | Path] = ["key", "found", "--to", folder]
    for role, pattern in {
        "root": "root-*", "targets": "targets-*", "snapshot": "machine", "timestamp": "machine", "parties": "lists", "controls": "control-*",
    }.items():  # fmt: skip
        words += ["--signer", f"{role}={keys}/{pattern}.pub.json"]
    return words


@pytest.fixture
def folder(tmp_path: Path, ring: dict[str, Path]) -> Path:
    """A repository founded by its signers."""
    folder = tmp_path / "repository"
    everybody = tuple(ring[name] for name in ("root-1", "root-2", "root-3", "targets-1", "targets-2", "machine"))
    answer = signed(*found_words(folder, ring), by=everybody)
    assert (answer.code, answer.json["state"]) == (0, "published"), answer
    assert follows("sync_publish", answer.json)
    return folder


def catalog(tmp_path: Path, known: dict[int, str], edition: str) -> Path:
    return write_catalog(tmp_path / "catalog", {"parties": party_rows(known, edition)}, edition)


def document(answer: Answer) -> Any:
    assert follows("sync_publish", answer.json)
    return answer.json


def test_a_founding_is_carried_round_until_everybody_has_signed(tmp_path: Path, ring: dict[str, Path]) -> None:
    folder, carried = tmp_path / "repository", tmp_path / "repository-proposal.json"
    begun = signed(*found_words(folder, ring), by=(ring["machine"], ring["root-1"]))
    assert begun.code == 1
    told = document(begun)
    assert (told["state"], told["proposal"]) == ("to_sign", str(carried))
    assert [(lack["role"], lack["missing"]) for lack in told["lacking"]] == [("root", 2), ("targets", 2)]
    assert not (folder / METADATA).exists()
    early = call("sync", "key", "finish", carried, "--to", folder, "--json")
    assert (early.code, early.json["state"]) == (1, "to_sign")
    for name in ("root-2", "root-3", "targets-1"):
        assert signed("key", "sign", carried, by=(ring[name],)).code == 1
    review = call("sync", "key", "review", carried, "--json")
    assert follows("sync_review", review.json)
    assert [lack["could"] for lack in review.json["lacking"]] == [["targets-2"]]
    assert signed("key", "sign", carried, by=(ring["targets-2"],)).code == 0
    done = call("sync", "key", "finish", carried, "--to", folder, "--json")
    assert (done.code, document(done)["state"]) == (0, "published")
    assert (folder / METADATA / "timestamp.json").is_file()


def test_a_catalog_is_published_and_the_next_edition_is_a_patch(
    tmp_path: Path, folder: Path, ring: dict[str, Path]
) -> None:
    known = names(200)
    words = ("publish", "--to", folder, "--catalog", catalog(tmp_path, known, "2026-11-01"))
    first = signed(*words, by=(ring["lists"], ring["machine"]))
    assert first.code == 0
    assert [(row["name"], row["patches"]) for row in document(first)["volumes"]] == [("parties", [])]
    again = signed(*words, by=(ring["lists"], ring["machine"]))
    assert (again.code, document(again)["state"], again.json["unchanged"]) == (0, "unchanged", ["parties"])
    catalog(tmp_path, {**known, 7: "Changed"}, "2026-11-02")
    second = signed(*words, by=(ring["lists"], ring["machine"]))
    (row,) = document(second)["volumes"]
    assert row["follows"]
    assert 0 < row["patches"][0]["bytes"] < row["full_bytes"] / 5


def test_a_publication_that_a_key_may_not_sign_stays_invisible(
    tmp_path: Path, folder: Path, ring: dict[str, Path]
) -> None:
    before = (folder / METADATA / "timestamp.json").read_bytes()
    words = ("publish", "--to", folder, "--catalog", catalog(tmp_path, names(50), "2026-11-01"))
    answer = signed(*words, by=(ring["control-1"], ring["machine"]))
    assert answer.code == 1
    assert [(lack["role"], lack["could"]) for lack in document(answer)["lacking"]] == [("parties", ["lists"])]
    assert (folder / METADATA / "timestamp.json").read_bytes() == before


def test_signers_come_and_go(folder: Path, ring: dict[str, Path]) -> None:
    def public(name: str) -> Path:
        return ring[name].with_name(f"{name}.pub.json")

    tops = (ring["targets-1"], ring["targets-2"], ring["machine"])
    admitted = signed("key", "admit", "licences-xa-la-01", public("control-1"), "--to", folder, by=tops)
    assert (admitted.code, admitted.json["changes"]) == (
        0,
        [
            "licences-xa-la-01: control-1 may sign.",
            "WARNING: licences-xa-la-01 has 1 of the 2 signers that are recommended; one lost key stops it.",
        ],
    )
    rotated = signed("key", "rotate", "parties", "lists", public("control-2"), "--to", folder, by=tops)
    assert rotated.json["changes"] == ["parties: control-2 signs in the place of lists."]
    few = signed("key", "dismiss", "parties", "control-2", "--to", folder, by=tops)
    assert (few.code, few.json["error"]["code"]) == (2, "signers_few")
    assert signed("key", "renew", "targets", "--to", folder, by=tops).code == 0
    roles = call("sync", "key", "roles", folder, "--json")
    assert (roles.code, follows("sync_roles", roles.json)) == (0, True)
    signers = {row["role"]: [person["name"] for person in row["signers"]] for row in roles.json["roles"]}
    assert (signers["parties"], signers["licences-xa-la-01"]) == (["control-2"], ["control-1"])
    late = call("sync", "key", "roles", folder, "--now", "2030-01-01", "--json")
    assert late.code == 1
    assert all(
        word in call("sync", "key", "roles", folder).out
        for word in ("3 of 3 sign", "signs licences/xa-la-01/*, and nobody else")
    )


def test_wrong_usage_is_told(tmp_path: Path, folder: Path, ring: dict[str, Path]) -> None:
    public = ring["lists"].with_name("lists.pub.json")
    cases: list[tuple[list[str | Path], int, str]] = [
        (["key", "found", "--to", folder, "--signer", f"root={public}"], 2, "repository_exists"),
        (["key", "found", "--to", tmp_path / "new", "--signer", "root"], 2, "signer"),
        (["key", "admit", "nobody", public, "--to", folder], 4, "role_unknown"),
        (["key", "admit", "parties", public, "--to", folder], 2, "signer_known"),
        (["key", "admit", "parties", public, "--to", tmp_path / "none"], 4, "repository_unusable"),
        (["key", "renew", "revocations", "--to", folder], 2, "role_empty"),
        (["key", "renew", "root", "--to", folder, "--key", ring["root-1"]], 2, "passphrase_missing"),
        (["key", "review", public], 4, "proposal_unusable"),
        (["key", "show", folder / METADATA / "timestamp.json"], 4, "key_unusable"),
        (["publish", "--to", folder, "--only", "trust", "--catalog", catalog(tmp_path, names(9), "2026-11-01")], 2, "role_unknown"),
    ]  # fmt: skip
    for words, code, error in cases:
        answer = call("sync", *words, "--json")
        assert (answer.code, answer.json["error"]["code"]) == (code, error), words
