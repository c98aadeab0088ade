"""Sticks, as plain text: what was written on one, what was taken from one, which offices are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from border_kit.desk import render_licence, render_sync
from border_kit.desk.following import size
from border_kit.desk.render import section
from border_kit.text import clean_line

Document = Mapping[str, Any]


def is_clean(found: Document) -> bool:
    """Whether nothing of a stick that was taken in needs attention."""
    catalog, usage = found["catalog"], found["usage"]
    held_back = found["catalog_refused"] or (catalog and catalog["refused"]) or found["refused"] or found["remarks"]
    return not (held_back or usage["overdrawn"] or usage["remarks"])


def exported(found: Document) -> str:
    """The answer of `sync bundle export`."""
    rows = [f"STICK {clean_line(found['stick'], 200)}", *_catalog(found["catalog"])]
    made = found["parcel"]
    if made:
        rows.append(
            f"Parcel {made['number']} of {clean_line(made['office'], 100)}: {made['runs']} usage runs, {made['seen']} certificates shown, "
            f"the log up to event {made['checkpoint']}."
        )
    rows.append(f"{found['parcels_written']} parcels were not on the stick yet.")
    return "\n".join([*rows, *_offices(found["offices"]), *section("ATTENTION", map(_line, found["remarks"]))])


def _catalog(found: Document | None) -> Iterator[str]:
    if found is None:
        return
    if found["newer"]:
        yield f"The stick holds newer data than publication {found['publication']}: they were left. Bring it in."
        return
    whole = "whole volumes" if found["full"] else "what its readers lack"
    yield (
        f"Publication {found['publication']}, signed {found['signed'][:10]}: {found['files']} files, {size(found['bytes'])} ({whole})."
    )


def taken(found: Document) -> str:
    """The answer of `sync bundle import`."""
    rows = [f"STICK {clean_line(found['stick'], 200)}"]
    if found["catalog"]:
        rows.append(render_sync.pulled(found["catalog"]))
    elif found["catalog_refused"]:
        rows.append(f"CATALOG REFUSED, what is installed stays. {_why(found['catalog_refused'])}")
    else:
        rows.append("The stick brings no catalog.")
    rows += [_taken(row) for row in found["parcels"]]
    rows += [f"{found['known']} parcels were known already."] if found["known"] else []
    rows += section("REFUSED", (_why(row) for row in found["refused"]))
    usage = render_licence.reconciled({**found["usage"], "taken": []})
    rows += [usage] if usage else []
    return "\n".join([*rows, *_offices(found["offices"]), *section("ATTENTION", map(_line, found["remarks"]))])


def _taken(row: Document) -> str:
    return (
        f"Parcel {row['number']} of {clean_line(row['office'], 100)}: {row['new_entries']} new entries of usage, "
        f"{row['new_seen']} new certificates shown, its log up to event {row['checkpoint']}."
    )


def _why(row: Document) -> str:
    return f"[{row['code']}] {clean_line(row['message'], 300)} {clean_line(row['hint'], 300)}"


def _line(text: str) -> str:
    return clean_line(text, 500)


def _offices(found: Any) -> list[str]:
    return section(
        "OFFICES",
        (
            f"{clean_line(row['office'], 60):32} key {row['key']}  parcel {row['last']} of {row['made'][:10]}"
            for row in found
        ),
    )
