"""The office's own affairs as plain text: operators and keys, precedents, inspections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from border_kit.text import clean_line

Document = Mapping[str, Any]


def office(document: Document | None) -> str:
    """The office, its key, and everybody enrolled."""
    if document is None:
        return "No office is enrolled here: events are unsigned. Enrol one with: border-kit operator enrol --help"
    shown = [f"OFFICE {clean_line(document['office'])}  key {document['key']}"]
    for row in document["operators"]:
        state = "" if row["active"] else "  (retired)"
        shown.append(f"  {row['badge']:12} {row['role']:11} key {row['key']}  {clean_line(row['name'])}{state}")
        if row["active"] and row["on_word_of"]:
            shown.append(
                f"               on the word of {row['on_word_of']} alone: operator confirm by another supervisor"
            )
        if row["active"]:
            shown.append(f"               exports to them: {row['address']}")
    return "\n".join(shown)


def precedent(row: Document) -> str:
    """A ruling of a past case on a like line."""
    entry = f" under {row['entry']}" if row["entry"] else ""
    said = f"{row['outcome'].replace('_', ' ')}{entry}, {row['authority']} {row['reference']}"
    return clean_line(
        f"line {row['for_line']} is like case {row['case']} line {row['line']}: {said} ({row['at'][:10]})"
    )


def inspection(result: Document) -> str:
    """What an inspection of serial numbers found."""
    shown = [f"agree: {len(result['matched'])}"]
    shown += [f"mistyped? licensed {row['licensed']}, seen {row['seen']}" for row in result["mistyped"]]
    shown += [f"missing: {number}" for number in result["missing"]]
    shown += [f"not licensed: {number}" for number in result["extra"]]
    shown += [f"seen {row['times']} times: {row['seen']}" for row in result["seen_twice"]]
    return "\n".join(clean_line(line) for line in shown)


def backup(document: Document) -> str:
    """A backup that was written and checked."""
    shown = [
        f"Backup in {document['folder']}: {document['files']} files, {document['events']} events, checked.",
        f"Its checkpoint: {document['checkpoint']['text']}",
    ]
    if document["missing_attachments"]:
        names = ", ".join(name[:12] for name in document["missing_attachments"])
        shown.append(f"MISSING: attachments that are gone or changed here ({names}).")
    return "\n".join(clean_line(line, 2_000) for line in shown)


def restored(document: Document, *, check: bool) -> str:
    """A backup that was checked, and put in its place."""
    found = f"{document['events']} events, {document['files']} files, made {document['at']}"
    if check:
        return clean_line(f"The backup is good: {found}.", 500)
    shown = [f"Restored: {found}."]
    if document["aside"]:
        shown.append(f"What was there lies in {document['aside']}; it had {document['events_lost']} events more.")
    shown.append("Bring in the usage runs that went out since, before anything is drawn on a licence.")
    return "\n".join(clean_line(line, 500) for line in shown)


def retention(due: Sequence[Document]) -> str:
    """Whose retention has ended."""
    shown = [
        f"{row['case']:11} since {row['due']}  rule {clean_line(row['rule'])}, last event {row['last_event'][:10]}"
        + ("  (older layout: stays)" if row["older_layout"] else "")
        + (f"  ({len(row['events'])} events)" if row["events"] else "")
        for row in due
    ]
    return "\n".join([*shown, f"{how_many(due)} are due."]) if due else "No case is due."


def forgotten(deleted: Sequence[Document], files: int) -> str:
    """What was deleted."""
    return f"Contents deleted: {how_many(deleted)}, {files} files. Their events' hashes and signatures stay."


def how_many(due: Sequence[Document]) -> str:
    """Cases, and events of none."""
    loose = sum(len(row["events"]) for row in due)
    return f"{sum(not row['events'] for row in due)} cases" + (f" and {loose} events of none" if loose else "")


def received(document: Document) -> str:
    """An export that proved itself."""
    log = document["log"]
    whose = f"From office {document['office'] or 'not named'}, {document['at']}"
    if log["signed"]:
        shown = [
            f"{whose}: it proves itself ({log['events']} events, {log['signed_events']} signed, office key {log['office_key']}).",
            "Compare the office key with the one that you know it by.",
        ]
    else:
        shown = [
            f"{whose}: its {log['events']} events fit together, but NOTHING IS SIGNED: anybody may have written it."
        ]
    if document["complete"]:
        shown.append(f'The whole chain, and {len(document["sampled"])} cases drawn by the seed "{document["seed"]}".')
    shown += [
        f"  {row['case']}  {row['lane']:7} {row['decision'] or 'undecided':17} {row['shipment']}"
        for row in document["cases"]
    ]
    shown += [f"  file {row['sha256'][:16]}  {row['bytes']:>10}  {row['name']}" for row in document["files"]]
    return "\n".join(clean_line(line, 500) for line in shown)


def log_check(document: Document) -> str:
    """Whether the log holds."""
    if not document["intact"]:
        return clean_line(f"The log is BROKEN at event {document['first_bad']}: {document['fault']}.", 500)
    seen = f" It agrees with {document['checkpoints']} checkpoint(s)." if document["checkpoints"] else ""
    signed = (
        f"{document['signed_events']} of them signed, office key {document['office_key']}"
        if document["signed"]
        else "unsigned"
    )
    gone = f" Contents of {document['forgotten']} were deleted after their retention." if document["forgotten"] else ""
    damage = (
        f" But the casebook is DAMAGED: {document['damage']}. Restore a backup: border-kit case restore FOLDER --replace."
        if document["damage"]
        else ""
    )
    back = f" At event {document['clock_back']} the clock had gone back." if document["clock_back"] else ""
    found = f"The log is intact: {document['events']} events, {signed}, head {document['head']}.{seen}{gone}{back}"
    return clean_line(found + damage, 1_000)


def software(result: Document) -> str:
    """What came of holding software against its maker's list."""
    signed = {"good": "signed by that key", "bad": "NOT signed by that key", "no_key": "signature not checked: no key"}
    shown = [
        f"{result['verdict'].upper().replace('_', ' ')}: {result['product']} of {result['maker']}, {signed[result['signature']]}",
        f"agree: {result['match']}",
    ]
    for name in ("mismatch", "missing", "extra", "not_checkable"):
        shown += [f"{name.replace('_', ' ')}: {path}" for path in result[name]]
    return "\n".join(clean_line(line, 400) for line in [*shown, result["limit"]])
