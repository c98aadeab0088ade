"""Publishing and its ceremonies as plain text: what was published, what still has to be signed, who may sign what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from border_kit.text import clean_line

Document = Mapping[str, Any]

_STATES = {
    "published": "Published.",
    "unchanged": "Nothing has changed: the repository stays as it is.",
    "to_sign": "Prepared, and not visible yet: signatures are lacking.",
}


def outcome(document: Document) -> str:
    """What became of a change of a repository."""
    return _lines([_STATES[document["state"]], *_outcome(document)])


def _outcome(document: Document) -> Iterator[str]:
    yield from document["changes"]
    for volume in document["volumes"]:
        patches = [row["bytes"] for row in volume["patches"]]
        sizes = f"{len(patches)} patches of {min(patches):,} to {max(patches):,} bytes" if patches else "no patches"
        yield f"  {volume['name']}: full file {volume['full_bytes']:,} bytes, {sizes}"
        if patches and not volume["follows"]:
            yield "    begun anew from the catalog's own file: these patches are larger than usual"
    for row in document["lacking"]:
        yield lacking(row)
    for row in document["expiring"]:
        yield f"  {row['role']} is good until {row['expires'][:10]}: have its signers renew it"
    if document["proposal"]:
        yield f"Carry {document['proposal']} to them: border-kit sync key sign FILE --key …; then: border-kit sync key finish"


def lacking(row: Document) -> str:
    """What a role still lacks."""
    done = f", signed by {', '.join(row['signed'])}" if row["signed"] else ""
    return f"  {row['role']} lacks {row['missing']} of: {', '.join(row['could']) or 'nobody is left'}{done}"


def proposal(document: Document) -> str:
    """A file to sign, as its signer reviews it."""
    shown = ["PROPOSED, in the words of its maker", *(f"  {line}" for line in document["changes"]), "WHAT IS SIGNED"]
    for row in document["roles"]:
        signed = f"signed by {', '.join(row['signed'])}" if row["signed"] else "signed by nobody yet"
        shown.append(f"  {row['role']} version {row['version']}, good until {row['expires'][:10]}, {signed}")
        shown += [f"    {path}" for path in row["targets"]]
        shown += [line for power in row["powers"] for line in _power(power)]
    shown += [lacking(row) for row in document["lacking"]] or ["Everybody has signed: border-kit sync key finish"]
    return _lines(shown)


def _power(row: Document) -> Iterator[str]:
    """Who may sign a role once a proposal is in force, by key: names are whatever somebody gave them."""
    people, how = row["signers"], "CHANGED" if row["changed"] else "as before"
    count = f"{row['threshold']} of {len(people)} sign" if people else "ends"
    yield f"    {row['role']}: {', '.join([count, *row['paths']])} ({how})"
    yield from (f"      {one['key'][:16]}  {one['name']}{'  NEW' if one['new'] else ''}" for one in people)
    yield from (f"      {one['key'][:16]}  {one['name']}  GONE" for one in row["gone"])


def powers(document: Document) -> str:
    """Who may sign what in a repository, and until when it is good."""
    shown = [f"REPOSITORY, signed {document['signed']}"]
    for row in document["roles"]:
        good = (
            f"good until {row['expires'][:10]} ({row['days_left']} days)"
            if row["expires"]
            else "has signed nothing yet"
        )
        shown.append(
            f"{row['role']:24} {row['threshold']} of {len(row['signers'])} sign; version {row['version']}, {good}"
        )
        shown += [f"  signs {path}{', and nobody else' if row['terminating'] else ''}" for path in row["paths"]]
        shown += [f"  {person['key'][:16]}  {person['name']}" for person in row["signers"]]
    return _lines(shown)


def key(document: Document) -> str:
    """A signer's key."""
    made = (
        f"\nKeep {document['file']} and its passphrase apart; hand on {document['public']} alone."
        if document["file"]
        else ""
    )
    return clean_line(f"{document['name']}  key {document['key']}") + made


def _lines(shown: Iterable[str]) -> str:
    """Each line cleaned, its indent kept."""
    return "\n".join(" " * (len(line) - len(line.lstrip(" "))) + clean_line(line) for line in shown)
