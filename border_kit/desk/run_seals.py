"""The signature on a run file that travels alone: the office's, as its last line; proven, and its key known, before it is taken.

A key is known as that of a parcel is (`sync/parcels.py`): somebody compared it by another way and named it once. The line is kept
with a run that came here, so that it is passed on as its office signed it.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

from border_kit import signing
from border_kit.casework.operators import SignedIn
from border_kit.desk import places
from border_kit.errors import InputError, UsageError
from border_kit.licensing.runs import Run
from border_kit.sync.parcels import Known
from border_kit.text import clean_line

if TYPE_CHECKING:
    from border_kit.desk.desk import Desk

SIGNED_AS = b"border_kit usage run 1\n"
_KEPT = "run_seal"
_FIELDS = {"key", "signature"}
_MOST = 1_000
"""Bytes of such a line, at most."""


def split(content: bytes) -> tuple[bytes, bytes]:
    """A run file and the line of its signature; that is empty where nobody signed."""
    body, line = _last(content)
    try:
        said = json.loads(line) if len(line) <= _MOST else None
    except (ValueError, RecursionError):
        return content, b""
    return (body, line) if isinstance(said, dict) and set(said) == _FIELDS else (content, b"")


def _last(content: bytes) -> tuple[bytes, bytes]:
    body, _, line = content.removesuffix(b"\n").rpartition(b"\n")
    return body + b"\n", line


def seal(desk: Desk, run: Run, content: bytes) -> bytes:
    """The line to add to a run file: signed now where it is this office's own, as it came where it is another's.

    Empty in an office without a key. Raises UsageError where nobody is signed in, or the run came here without a signature of its own.
    """
    if run.office != desk.drawings.office:
        kept = desk.casebook.remembered(_KEPT, _key(run))
        if kept is None and Known(places.home() / "sync").keys(run.office):
            raise UsageError(
                "run_came_in_parcel",
                f"Run {run.number} of {run.office} came in a parcel, which its office signed as a whole.",
                "Hand it on as it came: border-kit sync bundle export DIR",
            )
        return str(kept).encode() if kept else b""
    who = signer(desk)
    if who is None:
        return b""
    Known(places.home() / "sync").know(run.office, who.office.public)
    said = {"key": signing.text(who.office.public), "signature": signing.text(who.office.sign(SIGNED_AS + content))}
    return json.dumps(said).encode()


def signer(desk: Desk) -> SignedIn | None:
    """Who signs runs of this office; None before it is enrolled. Raises UsageError where nobody is signed in who could."""
    if desk.casebook.office is not None:
        desk.casebook.acting("usage_run")
    who = desk.casebook.author
    return who if isinstance(who, SignedIn) else None


def keep(desk: Desk, run: Run, line: bytes) -> None:
    """Keep the signature of a run that was taken. Raises StoreError."""
    if line and run.office != desk.ledger.office:
        desk.casebook.remember(_KEPT, _key(run), line.decode())


def expect(desk: Desk, run: Run, content: bytes, line: bytes, know: Collection[str], *, unsigned: bool) -> bytes | None:
    """Prove who signed a run that came.

    Args:
        desk: this office.
        run: what the file says of itself.
        content: the file without its last line.
        line: that line; empty where nobody signed.
        know: fingerprints of keys that somebody has compared.
        unsigned: take what nobody signed, on the word of who stands here.

    Returns:
        A key that is to be known of that office from now on.

    Raises:
        InputError: the signature does not hold, its key is not known, or there is none where one is due.
    """
    known = Known(places.home() / "sync").keys(run.office)
    named = f"Run {run.number} of {clean_line(run.office, 80)}"
    if not line:
        if not unsigned and (known or desk.casebook.office is not None):
            raise InputError(
                "run_unsigned",
                f"{named} is not signed{': that office signs its runs' if known else ''}.",
                "Have it exported again by an operator who is signed in; or take it on your own word with --unsigned.",
            )
        return None
    key = _proven(content, line, named)
    if key in known:
        return None
    fingerprint = signing.key_id(key)
    if fingerprint not in know:
        raise InputError(
            "office_key_other" if known else "office_unknown",
            f"{named} is signed with the key {fingerprint}, {'not the one known of it' if known else 'and that office is not known here'}.",
            f"Ask that office by telephone for its key; if it is the same, add: --know {fingerprint}",
        )
    return key


def _proven(content: bytes, line: bytes, named: str) -> bytes:
    """The public key that signed. Raises InputError."""
    said = json.loads(line)
    try:
        key, signature = signing.raw(said["key"]), signing.raw(said["signature"])
        if signing.good(key, SIGNED_AS + content, signature):
            return key
    except (ValueError, TypeError, AttributeError):
        pass  # what cannot be read proves nothing
    raise InputError(
        "run_signature", f"{named} was changed after it was signed, or signed by nobody.", "Ask for it again."
    )


def _key(run: Run) -> str:
    return f"{run.office}:{run.number}:{run.hash}"
