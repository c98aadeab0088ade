"""`dpl-tsv`: the Denied Persons List of the United States' Bureau of Industry and Security, tab-separated.

Twelve columns, US dates. The file has no numbers for its entries: an id is made of name, address and the order's date. An order
denies until its expiration date, the day included; one without a date has no end. The edition is the newest `Last_Update` in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from border_kit.catalog.importers import dates, tables
from border_kit.catalog.importers.base import Batch, Listing, Order, Skipped
from border_kit.catalog.importers.entry import Entry
from border_kit.text import clean_line, fold

LIST = "BIS-DPL"


def read(order: Order) -> Batch:
    """Read a Denied Persons List. Raises InputError."""
    path = tables.regular_file(order.path)
    encoding = tables.encoding_of(path, fallback="cp1252")
    days = [
        day
        for row in tables.records(path, ("name", "effective_date"), encoding, "\t")
        if isinstance(row, tuple) and (day := dates.day(row[1].get("last_update", ""), "mdy"))
    ]
    past = [day for day in days if day <= order.today.isoformat()]  # a mistyped year lies in the future
    found = tables.records(path, ("name", "effective_date"), encoding, "\t")
    return Batch(max(past, default=None), LIST, _rows(found))


def _rows(found: Iterator[tuple[int, dict[str, str]] | Skipped]) -> Iterator[Listing | Skipped]:
    seen: dict[str, int] = {}
    for row in found:
        yield row if isinstance(row, Skipped) else _listing(*row, seen)


def _listing(number: int, row: dict[str, str], seen: dict[str, int]) -> Listing | Skipped:
    party = Entry(number)
    told = "\n".join(fold(clean_line(row.get(key, ""))) for key in ("name", "street_address", "city", "effective_date"))
    party.ref = hashlib.sha256(told.encode()).hexdigest()[:16]
    seen[party.ref] = seen.get(party.ref, 0) + 1
    party.ref = party.ref if seen[party.ref] == 1 else f"{party.ref}-{seen[party.ref]}"
    party.name(row.get("name", ""), "primary")
    party.country(row.get("country", "") or ("US" if row.get("state", "").strip() else ""))
    party.place(row.get(key) for key in ("street_address", "city", "state", "postal_code", "country"))
    party.listed_on = dates.day(row.get("effective_date", ""), "mdy")
    party.ends = dates.day(row.get("expiration_date", ""), "mdy")
    party.fact("notice", row.get("fr_citation", ""))
    party.programme.append("Standard order" if row.get("standard_order", "").strip().upper() == "Y" else "Order")
    party.notes.append(row.get("action", ""))
    return party.listing()
