"""What is installed: volumes, editions, how many rows, and in how many languages goods can be named."""

from __future__ import annotations

from border_kit.catalog.volumes import Catalog
from border_kit.findings import Json

_TERM_KINDS = "'name', 'weak', 'atom'"


def info(catalog: Catalog) -> dict[str, Json]:
    """The contract's answer of `catalog info`; each volume also names the editions of its lists.

    Raises:
        CatalogError: a volume is damaged.
    """
    return {
        "volumes": [_volume(catalog, name) for name in sorted(catalog.volumes)],
        "terms_by_language": _terms(catalog) if catalog.has("controls") else {},
    }


def _volume(catalog: Catalog, name: str) -> dict[str, Json]:
    found = catalog.info(name)
    return {
        "name": name,
        "edition": found.edition,
        "as_of": found.as_of.isoformat(),
        "demo": found.demo,
        "age_days": found.age_days(catalog.today),
        "digest": found.digest,
        "rows": dict(found.rows),
        "lists": _lists(catalog, name),
    }


def _lists(catalog: Catalog, name: str) -> list[Json]:
    rows = catalog.rows(name, "SELECT * FROM edition WHERE current = 1 ORDER BY list")
    return [
        {
            "list": row["list"],
            "name": row["name"],
            "edition": row["edition"],
            "kind": row["kind"],
            "source": row["source"],
            "demo": bool(row["demo"]),
            "assumed": bool(row["assumed"]),
        }
        for row in rows
    ]


def _terms(catalog: Catalog) -> dict[str, Json]:
    """Words and phrases that name goods, by language; patterns of several languages are not among them."""
    rows = catalog.rows(
        "controls",
        f"SELECT language, count(*) AS n FROM term WHERE kind IN ({_TERM_KINDS}) AND {catalog.in_force} "
        "GROUP BY language ORDER BY n DESC, language",
    )
    return {row["language"]: row["n"] for row in rows}
