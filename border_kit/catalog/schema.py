"""The tables of a catalog, once for the builder, the importers and everyone who reads.

A catalog is a directory of volumes; `VOLUMES` names the tables of each kind of volume. Every row of knowledge carries the
`edition` it came from and the dates between which it applies: `valid_from` (null: since before the record began) and
`valid_to` (null: still in force; otherwise the first day on which it no longer applies). Lists in a cell are JSON.

How the builder fills them: an entry's id is `LIST/code` wherever one is referred to; `edition` is the id of a row of the
table `edition`. `criteria` and `releases` keep the tree as authored, with entry references in full. Terms that belong to no
language (patterns) have the language `mul` (ISO 639-2: several). `listing.id` and what belongs to it carry the edition that
began them (`DEMO-A:7@2026-11-01`), so that a party that changed, left or came back keeps its past.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Table:
    """One table: `columns` by name, the primary key, and the columns that are searched."""

    columns: dict[str, type]
    pk: str | tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = field(default=())
    not_null: frozenset[str] = frozenset()


def _table(columns: str, pk: str, indexes: str = "", numbers: str = "") -> Table:
    """`columns` as words, a `!` behind those that must be there; `indexes` as `a+b c`; `numbers` are integers."""
    names = columns.split()
    whole = set(numbers.split())
    keys = tuple(pk.split("+"))
    return Table(
        columns={name.rstrip("!"): int if name.rstrip("!") in whole else str for name in names},
        pk=keys[0] if len(keys) == 1 else keys,
        indexes=tuple(tuple(index.split("+")) for index in indexes.split()),
        not_null=frozenset(name.rstrip("!") for name in names if name.endswith("!")),
    )


_META = {
    # volume, schema_version, edition (ISO date), as_of (ISO date), demo (0|1), name
    "meta": _table("key! value!", "key"),
    # One edition of one list. kind is the importer or `authored`; `assumed` marks a date that no file stated.
    "edition": _table(
        "id! list! name! edition! as_of! kind! source cite demo! assumed! current!",
        "id",
        "list",
        "demo assumed current",
    ),
}

CONTROLS = _META | {
    "list": _table("id! name! law_as_of cite!", "id"),
    # Authored knowledge. id is `LIST/code`; criteria and releases are trees as docs/catalog-sources.md writes them.
    "entry": _table(
        "id! list! code! root! parent title! summary regimes! criteria releases! cite! edition! valid_from valid_to",
        "id",
        "root parent code",
    ),
    # The leaves of those trees, one a row, for browsing and lint: part is `criteria` or `release`.
    "criterion": _table(
        "id! entry! part! parameter! op! value! unit cite edition! valid_from valid_to", "id", "entry parameter"
    ),
    # Text of an imported list, shown beside our summary and searched as a channel of its own.
    "list_text": _table(
        "id! list! code! root! parent position! text! notes edition! valid_from valid_to",
        "id",
        "code list+code",
        "position",
    ),
    # `from_list` and `to_list` are list ids; approximate marks that the two do not cover the same goods.
    "equivalence": _table(
        "entry! list! code! rank! approximate! edition! valid_from valid_to",
        "entry+list+code",
        "code",
        "rank approximate",
    ),
    "concept": _table("id! name! usually! area! edition! valid_from valid_to", "id"),
    # kind: name | weak | pattern | weak_pattern | atom. `owner` is a concept id, or an atom id for kind atom.
    "term": _table("id! owner! kind! language! phrase! edition! valid_from valid_to", "id", "owner language"),
    "route": _table("concept! entry! rank! edition! valid_from valid_to", "concept+entry", "entry", "rank"),
    # spec: the parameter as authored (name, dimension, unit, ask, cues, plausible …), JSON.
    "parameter": _table("id! name! dimension! unit ask! spec! edition! valid_from valid_to", "id"),
    "model": _table(
        "id! brand! names! needs_brand! concept! facts! below! cite! edition! valid_from valid_to",
        "id",
        "concept",
        "needs_brand below",
    ),
    "negative": _table("id! scope! language! phrase! concepts why! edition! valid_from valid_to", "id"),
    # owner is an entry id or a concept id; hs is a prefix of 2 to 6 digits in nomenclature `hs_edition`; ex: only part of it.
    "hs_link": _table(
        "id! owner! owner_kind! hs! hs_edition! ex! strength! edition! valid_from valid_to", "id", "owner hs", "ex"
    ),
    "chemical": _table(
        "id! name! cas schedule entries! concentration cite! edition! valid_from valid_to", "id", "cas"
    ),
    "chemical_name": _table("id! chemical! language! name!", "id", "chemical"),
    # kind: chemical | concept, what goods of a UN number are; target is its id.
    "un_number": _table("id! un! name! kind! target! strength! cite! edition! valid_from valid_to", "id", "un"),
    # Goods that make a whole together. spec: parts, must, needs, entries and ask as authored, JSON.
    "system": _table("id! name! spec! cite! edition! valid_from valid_to", "id"),
    "watch_hs": _table("id! hs! tier! name list! cite! edition! valid_from valid_to", "id", "hs"),
    "red_flag": _table(
        "id! title! kind! question! weight! cite! edition! valid_from valid_to", "id", "", "weight"
    ),
    "document_code": _table(
        "code! meaning! licence_types! cite! edition! valid_from valid_to", "code"
    ),
    "vague": _table("id! language! phrase!", "id"),
    # spec: the whole profile as authored, JSON. status: live | shadow.
    "profile": _table("id! version! status! spec! cite! edition! valid_from valid_to", "id"),
    # Nomenclature (HS, CN) where one was imported: `code` has only the digits that count, `suffix` tells lines of one code
    # apart (80 is the code's own line), `parent` is the key (`code-suffix`) of the line above, `indent` its depth in dashes.
    "nomenclature": _table(
        "id! list! code! suffix! parent indent! language! position! text! edition! valid_from valid_to",
        "id",
        "code parent",
        "indent position",
    ),
}  # fmt: skip

PARTIES = _META | {
    # One party; the same party on several lists has several listings. Its id is the least of its listings' `list:source_ref`.
    "party": _table("id! kind! caption!", "id"),
    # `ends` is the last day of a listing that the list itself limits.
    "listing": _table(
        "id! party! list! source_ref! kind! caption! programme listed_on note ends edition! valid_from valid_to",
        "id",
        "party list+source_ref valid_to",
    ),
    # The quality of a name is primary, alias, weak, former or original.
    "party_name": _table(
        "id! party! listing! name! quality! language edition! valid_from valid_to", "id", "party listing", ""
    ),
    # type: country | born | gender | address | place_of_birth | title | remark …; born is YYYY[-MM[-DD]] or YYYY/YYYY.
    "party_fact": _table("id! party! listing! type! value! edition! valid_from valid_to", "id", "party listing"),
    # type in lower case: imo | mmsi | lei | passport | national_id | tax | registration | swift | call_sign | …
    "identifier": _table(
        "id! party! listing! type! value! folded! edition! valid_from valid_to", "id", "party folded listing"
    ),
    # Why two listings are one party: `one` and `other` are `list:source_ref`, `rule` number | reference | name_and_date.
    "link": _table("one! other! party! rule! evidence!", "one+other", "party"),
}

LICENCES = _META | {
    "authority": _table("id! name! phone run as_of demo!", "id", "", "run demo"),
    # Every file that came in, since runs were last counted anew. kind: registry (a whole one) | licences | usage (what changed);
    # `digest` is of the file's content.
    "registry_run": _table("id! kind! run as_of! digest! edition!", "id", "", "run"),
    # One version of one licence: as the registry had it from `since` (null: since before the record began) until before `until`
    # (null: still). valid_from and valid_to are the licence's own days, both good. The number folded to capital letters and
    # digits is what it is looked up by. Places are JSON lists of countries (ISO 3166-1 alpha-2) and of groups; no list, no limit.
    "licence": _table(
        "id! number! folded! authority! cti status_index type! direction holder consignee end_user destinations! "
        "prohibited_destinations! origins! prohibited_origins! route! prohibited_route! valid_from valid_to status! conditions! "
        "goods_hash content! run since until edition!",
        "id",
        "number folded cti",
        "status_index run",
    ),
    # `licence` is the id of the version; the tables below it are of all versions and go by number.
    "licence_line": _table(
        "id! licence! no! control_code hs description quantity unit value currency edition!", "id", "licence", "no"
    ),
    "licence_status": _table("id! number! status! from_date! edition!", "id", "number"),
    "licence_usage": _table(
        "id! number! line! quantity value currency declaration part date type! edition!", "id", "number", "line"
    ),
    "obligation": _table("id! number! kind! due condition edition!", "id", "number due"),
    # Groups of countries by which licences name places.
    "country_group": _table("code! countries! cite edition!", "code"),
}

TRUST = _META | {
    # home: the authority on whose behalf the trust list was made. A country code is that of the id.
    "authority": _table("id! name! country! phone demo! home!", "id", "", "demo home"),
    # public: base64 DER, a SubjectPublicKeyInfo or a certificate; kid: 16 hex digits of its SHA-256. status: active | retired |
    # compromised. document_types: EL | EUC | DVC | STATUS (signs status lists), JSON.
    "key": _table(
        "id! authority! kid! algorithm! public! document_types! valid_from valid_to status! edition!",
        "id",
        "kid authority",
    ),
    # One way, for one document type; mutual recognition is two rows.
    "recognition": _table("id! recogniser! issuer! document_type! valid_from valid_to edition!", "id", "issuer"),
    # token: a Token Status List as a CWT, base64; the newest few of each address.
    "status_list": _table("id! authority! uri! token! as_of! edition!", "id", "authority uri"),
}

VOLUMES: dict[str, dict[str, Table]] = {
    "controls": CONTROLS,
    "parties": PARTIES,
    "licences": LICENCES,
    "trust": TRUST,
}


def volume_kind(name: str) -> str:
    """The kind of a volume by its name: `licences-xa-la-01` is a `licences` volume. Raises KeyError."""
    kind = "licences" if name.startswith("licences-") else name
    return kind if kind in VOLUMES else _unknown(name)


def _unknown(name: str) -> str:
    raise KeyError(name)


IN_FORCE = "(valid_to IS NULL OR valid_to > :day)"
"""What applies on a day, as SQL: rows that have not ended. `:day` is the day of the question."""

AS_OF = f"{IN_FORCE} AND (valid_from IS NULL OR valid_from <= :day)"
"""What applied on a past day that was asked for (`--as-of`): begun and not ended."""

HELD = "until IS NULL"
"""The version of a licence that its registry has now."""

HELD_AS_OF = "(until IS NULL OR until > :day) AND (since IS NULL OR since <= :day)"
"""The version that its registry had on a past day that was asked for."""
