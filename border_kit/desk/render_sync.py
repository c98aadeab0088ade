"""Following an authority, as plain text: what is installed, what a pull brought or would cost, what was done before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from border_kit.desk.following import duration, size
from border_kit.desk.render import section
from border_kit.text import clean_line

Document = Mapping[str, Any]

_WAYS = {"patch": "patch", "full": "whole", "full_after_patch": "whole, since the patch did not fit"}


def status(document: Document) -> str:
    """The page of `sync status`."""
    rows = [document["clock"]["warning"]] if document["clock"]["warning"] else []
    rows += _installed(document["installed"], document["source"])
    if document["offered"]:
        rows += offered(document["offered"])
    rows += section("KEPT", (_kept(row, document["installed"]) for row in document["kept"]))
    rows += section("HISTORY", (event(row) for row in document["history"]))
    return "\n".join(rows)


def _installed(found: Document | None, source: str | None) -> Iterator[str]:
    if found is None:
        yield "INSTALLED nothing yet: the catalog that ships is in use, and its parties and licences are a demo."
        yield f"  {'source ' + clean_line(source, 200) if source else 'begin with: border-kit sync pull --from URL --root FILE'}"
        return
    if found["warning"]:
        yield clean_line(found["warning"], 500)
    if found["generation"] is None:
        return
    age = f", {found['age_days']} days ago" if found["age_days"] is not None else ""
    yield f"INSTALLED generation {found['generation']}, signed {(found['signed'] or 'at no stated time')[:10]}{age}"
    if found["publication"] is not None:
        yield f"  publication {found['publication']}"
    yield f"  pulled {(found['pulled'] or '?')[:16]} from {clean_line(found['source'] or '?', 200)}"
    for name, volume in found["volumes"].items():
        yield f"  {name:22} edition {volume['edition']}  {volume['age_days']} days old{'  DEMO' if volume['demo'] else ''}"


def offered(found: Document) -> Iterator[str]:
    """What a pull would bring and cost."""
    if not found["news"]:
        yield f"OFFERED nothing new (signed {found['signed'][:10]} at {clean_line(found['source'], 200)})"
    else:
        cost = f"{size(found['bytes'])}, about {duration(60 * found['minutes'])} at {found['line']} bit/s"
        yield f"OFFERED signed {found['signed'][:10]}: {cost}"
    for row in found["volumes"]:
        yield f"  {volume(row)}"
    if found["status_lists"]:
        yield f"  {found['status_lists']} status lists of revoked papers"
    yield from _others(found)


def volume(row: Document) -> str:
    """One volume that comes anew."""
    before = f"{row['before']} → " if row["before"] else ""
    return f"{row['name']:22} {before}{row['edition']}  {size(row['bytes'])} ({_WAYS[row['way']]})"


def pulled(found: Document) -> str:
    """How a pull ended."""
    if found["installed"]:
        rows = [
            f"INSTALLED generation {found['generation']}, signed {found['signed'][:10]}; {size(found['bytes'])} came."
        ]
    else:
        rows = [f"NOTHING NEW: signed {found['signed'][:10]}; {size(found['bytes'])} came."]
        rows += [f"  search index of {name}: made again" for name in found["indexed"]]
    rows += [f"  {volume(row)}" for row in found["volumes"]]
    rows += [f"  {found['status_lists']} status lists of revoked papers"] if found["status_lists"] else []
    return "\n".join([*rows, *_others(found)])


def _others(found: Document) -> Iterator[str]:
    for name in found["gone"]:
        yield f"  {name}: no longer published"
    for row in found["refused"]:
        yield f"  {row['name']}: REFUSED, the installed one stays. {clean_line(row['message'], 300)} {clean_line(row['hint'], 300)}"


def _kept(row: Document, installed: Document | None) -> str:
    number = row["generation"]
    now = "  in use" if installed and installed["generation"] == number else ""
    damaged = "" if row["whole"] else "  DAMAGED"
    left = (
        f"  left {row['left']['at'][:10]}: {clean_line(row['left']['why'] or 'no reason', 100)}" if row["left"] else ""
    )
    return f"generation {number:<4} signed {(row['signed'] or '?')[:10]}  pulled {(row['pulled'] or '?')[:16]}{now}{damaged}{left}"


def choices(document: Document) -> list[tuple[str, str]]:
    """The whole generations that are not in use, as (number, words)."""
    installed = document["installed"]
    return [
        (str(row["generation"]), _kept(row, None))
        for row in document["kept"]
        if row["whole"] and not (installed and installed["generation"] == row["generation"])
    ]


def event(row: Document) -> str:
    """One line of the history."""
    who = f" by {clean_line(str(row['operator']), 60)}" if row.get("operator") else ""
    match row.get("what"):
        case "pulled":
            names = ", ".join(str(one.get("name")) for one in row.get("volumes", ())) or "signatures alone"
            what = f"pulled generation {row.get('generation')}: {names}, {size(int(row.get('bytes', 0)))}"
        case "checked":
            what = "nothing new"
        case "refused":
            what = f"refused [{row.get('code')}] {row.get('message')}"
        case "rolled_back":
            what = (
                f"rolled back from {row.get('left')} to {row.get('generation')}: {row.get('why') or 'no reason given'}"
            )
        case "date_stated":
            what = f"date stated as {row.get('date')}; the machine showed {str(row.get('machine'))[:10]}"
        case other:
            what = str(other)
    return f"{str(row.get('at'))[:16]}  {clean_line(what, 300)}{who}"
