"""Certificates at the desk: against the registry and the shipment, in a check, and shown before."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from border_kit.catalog.importers import import_into
from border_kit.catalog.volumes import index_file
from border_kit.certificates.claims import LicenceLine
from border_kit.certificates.issue import goods_digest
from border_kit.desk import places
from border_kit.desk.desk import Desk
from border_kit.desk.seen import SeenBook, Shown, export, read
from border_kit.desk.settings import Settings
from border_kit.errors import InputError
from border_kit.shipment.model import Shipment
from border_kit.shipment.readers import shipment_from_json
from tests.certificates.world import NOW, URI, World, base64_of, claims, text_of

LINES = (LicenceLine(1, None, "391739", "garden hoses of PVC", Decimal(20), "pcs", Decimal(2000), "EUR"),)
KNOWN = claims(lines=LINES, conditions=())


def licence(**changes: Any) -> dict[str, Any]:
    return {
        "number": KNOWN.number, "cti": KNOWN.cti, "status_index": 7, "type": "individual", "holder": KNOWN.exporter,
        "end_user": KNOWN.end_user, "destinations": ["YY"], "valid_from": "2026-01-01", "valid_to": "2027-12-31",
        "status": "issued", "conditions": [],
        "lines": [{"no": 1, "hs": "391739", "description": "garden hoses of PVC", "quantity": "20", "unit": "pcs",
                   "value": "2000", "currency": "EUR"}],
        **changes,
    }  # fmt: skip


def registry(**changes: Any) -> dict[str, Any]:
    return {
        "authority": "XA/LA-01", "name": "Office of A", "phone": "+999 555 0101", "run": 9, "as_of": "2026-11-24",
        "licences": [licence(**changes)],
    }  # fmt: skip


def trust_yaml(world: World) -> dict[str, Any]:
    keys = [
        {"kid": one.public.kid.hex(), "algorithm": one.public.algorithm, "public": base64_of(one.public.der),
         "document_types": ["EL", "EUC", "DVC", "STATUS"], "status": status}
        for one, status in ((world.home, "active"), (world.stolen, "compromised"))
    ]  # fmt: skip
    return {
        "edition": "2026-11-23",
        "authorities": [
            {"id": "XA/LA-01", "name": "Office of A", "country": "XA", "phone": "+999 555 0101", "home": True, "keys": keys,
             "status_lists": [{"uri": URI, "token": base64_of(world.status_token()), "as_of": "2026-11-23"}]},
        ],
    }  # fmt: skip


def catalog(world: World, into: Path, licences: dict[str, Any] | None) -> Path:
    """A live catalog with the world's trust list, and a registry."""
    source = into / "source.json"
    into.mkdir()
    source.write_text(json.dumps(trust_yaml(world)), encoding="utf-8")
    import_into("trust-yaml", source, into / "catalog", today=NOW.date())
    if licences is not None:
        source.write_text(json.dumps(licences), encoding="utf-8")
        import_into("licences-json", source, into / "catalog", today=NOW.date())
    index = index_file("controls")  # the controls are those that ship, and so is their index
    shutil.copyfile(places.shipped_catalog() / index, into / "catalog" / index)
    return into / "catalog"


def desk_on(root: Path, now: datetime | None = NOW, casebook: Path | None = None) -> Desk:
    return Desk(Settings(catalog=root, now=now, casebook=casebook))


def shipment(certificates: tuple[str, ...] = (), **changes: Any) -> Shipment:
    line = {"no": 1, "description": "garden hoses of PVC", "hs": "391739", "quantity": "5", "unit": "pcs", "value": "500",
            "currency": "EUR", "licences": [{"number": KNOWN.number, "line": 1}]}  # fmt: skip
    line |= changes.pop("line", {})
    document = {
        "id": "EX-1", "direction": "export", "office": "XA-BOR-01", "date": "2026-11-25", "destination": "YY",
        "parties": [
            {"role": "exporter", "name": KNOWN.exporter, "country": "XA"},
            {"role": "end_user", "name": KNOWN.end_user, "country": "YY"},
        ],
        "lines": [line], "certificates": list(certificates), **changes,
    }  # fmt: skip
    return shipment_from_json(document, position=1)


@pytest.fixture(scope="module")
def root(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return catalog(world, tmp_path_factory.mktemp("c") / "a", registry())


def test_registry_and_shipment_agree_and_everything_is_ok(world: World, root: Path) -> None:
    found = desk_on(root).certificates.verify(text_of(KNOWN, world.home), shipment=shipment()).to_json()
    assert found["verdict"] == "pass"
    stages = found["stages"]
    assert isinstance(stages, dict)
    assert set(stages.values()) == {"ok"}
    assert found["demo"] is False


@pytest.mark.parametrize(
    ("change", "codes", "differing"),
    [
        ({"status": "revoked"}, ("revoked",), set()),
        ({"status": "suspended"}, ("suspended",), set()),
        ({"cti": "ff" * 16}, ("cti_differs",), set()),
        ({"end_user": "Quite Other Works"}, ("registry_differs",), {"end user"}),
        ({"destinations": ["ZZ"]}, ("registry_differs",), {"destination"}),
        ({"lines": [licence()["lines"][0] | {"quantity": "2"}]}, ("registry_differs",), {"line 1"}),
        ({"lines": [licence()["lines"][0] | {"unit": "kg"}]}, ("registry_differs",), {"line 1"}),
        ({"number": "OTHER"}, ("unknown_licence",), set()),
    ],
)
def test_a_registry_that_says_otherwise_fails_side_by_side(
    world: World, tmp_path: Path, change: dict[str, Any], codes: tuple[str, ...], differing: set[str]
) -> None:
    root = catalog(world, tmp_path / "b", registry(**change))
    found = desk_on(root).certificates.verify(text_of(KNOWN, world.home)).verification
    assert (found.verdict, found.reasons) == ("fail", codes)
    outcome = found.outcomes["registry"]
    assert {row.what for row in outcome.compared if not row.same} == differing


def test_without_the_registry_of_our_own_authority_nobody_can_tell(world: World, tmp_path: Path) -> None:
    root = catalog(world, tmp_path / "b", None)
    found = desk_on(root).certificates.verify(text_of(KNOWN, world.home)).verification
    assert (found.verdict, found.reasons) == ("cannot_tell", ("registry_missing",))


def test_a_licence_issued_after_the_registry_was_written_is_not_called_unknown(world: World, root: Path) -> None:
    new = replace(KNOWN, number="NEW-1", issued_at=NOW - timedelta(hours=2))
    found = desk_on(root).certificates.verify(text_of(new, world.home)).verification
    assert (found.verdict, found.reasons) == ("cannot_tell", ("registry_too_old",))


def test_under_a_compromised_key_the_registry_must_know_this_very_certificate(world: World, root: Path) -> None:
    verify = desk_on(root).certificates.verify
    assert verify(text_of(KNOWN, world.stolen)).verification.verdict == "pass"
    forged = replace(KNOWN, cti="aa" * 16)
    assert verify(text_of(forged, world.stolen)).verification.reasons == ("key_compromised",)


def test_a_list_of_goods_left_to_the_registry_is_compared_by_its_digest(world: World, root: Path) -> None:
    short = replace(KNOWN, lines=(), goods_hash=goods_digest(LINES))
    verify = desk_on(root).certificates.verify
    assert verify(text_of(short, world.home)).verification.verdict == "pass"
    other = replace(short, goods_hash=goods_digest((replace(LINES[0], quantity=Decimal(21)),)))
    assert verify(text_of(other, world.home)).verification.reasons == ("registry_differs",)


USES: dict[str, tuple[dict[str, Any], str, str]] = {
    "more than is left": ({"line": {"quantity": "21"}}, "fail", "quantity_exceeded"),
    "kg for g": ({"line": {"unit": "kg"}}, "cannot_tell", "unit_incomparable"),
    "another end user": ({"parties": [{"role": "exporter", "name": KNOWN.exporter}, {"role": "end_user", "name": "Quite Other Works"}]}, "fail", "end_user_differs"),
    "another destination": ({"destination": "ZZ"}, "fail", "destination_differs"),
    "another exporter": ({"parties": [{"role": "exporter", "name": "Quite Other Works"}, {"role": "end_user", "name": KNOWN.end_user}]}, "fail", "exporter_differs"),
    "other goods": ({"line": {"hs": "852589", "description": "thermal camera"}}, "fail", "goods_differ"),
    "not declared": ({"line": {"licences": [{"number": "OTHER-1"}]}}, "cannot_tell", "not_stated"),
}  # fmt: skip


@pytest.mark.parametrize("name", USES)
def test_a_shipment_that_the_certificate_does_not_cover(world: World, root: Path, name: str) -> None:
    changes, verdict, code = USES[name]
    checked = desk_on(root).certificates.verify(text_of(KNOWN, world.home), shipment=shipment(**changes))
    found = checked.verification
    assert found.verdict == verdict
    assert code in found.reasons
    assert found.outcomes["shipment"].compared


def test_look_alike_letters_are_shown_side_by_side(world: World, root: Path) -> None:
    """`о` of Cyrillic in the paper's name: the same word to the eye, two values in the answer."""
    changed = replace(KNOWN, end_user="Brixhоlm Survey Office")
    found = desk_on(root).certificates.verify(text_of(changed, world.home)).verification
    row = next(row for row in found.outcomes["registry"].compared if row.what == "end user")
    assert row.paper != row.other
    assert any(code == "registry_differs" for code in found.reasons) or row.same


def test_an_end_user_certificate_is_held_against_destination_and_end_user(world: World, root: Path) -> None:
    euc = replace(KNOWN, document="EUC", number="EUC-1", refers_to=KNOWN.number)
    verify = desk_on(root).certificates.verify
    assert verify(text_of(euc, world.home), shipment=shipment()).verification.verdict == "pass"
    found = verify(text_of(euc, world.home), shipment=shipment(destination="ZZ")).verification
    assert found.reasons == ("destination_differs",)


def codes_of(desk: Desk, one: Shipment) -> dict[str, str]:
    return {finding.code: finding.severity.value for finding in desk.assess(one).findings}


def test_check_proves_the_certificates_of_a_shipment(world: World, root: Path) -> None:
    desk = desk_on(root)
    good = codes_of(desk, shipment((text_of(KNOWN, world.home),)))
    assert good["certificate_genuine"] == "info"
    revoked = KNOWN.status
    assert revoked is not None
    bad = replace(KNOWN, status=replace(revoked, index=5))
    assert codes_of(desk, shipment((text_of(bad, world.home),)))["certificate_revoked"] == "stop"
    assessment = desk.assess(shipment((text_of(bad, world.home),)))
    assert (assessment.lane.value, assessment.verdict.value) == ("red", "stop")
    ask = next(finding.ask for finding in assessment.findings if finding.code == "certificate_revoked")
    assert ask is not None
    assert "+999 555 0101" in ask


def test_a_certificate_shown_with_another_shipment_is_a_finding(world: World, root: Path, tmp_path: Path) -> None:
    desk = desk_on(root, None, tmp_path / "casebook.sqlite")
    now = datetime.now(UTC).replace(microsecond=0)
    fresh = replace(KNOWN, issued_at=NOW - timedelta(days=1), expires=now + timedelta(days=400))
    text = text_of(fresh, world.home)
    first = shipment((text, text))
    desk.save_case(first, desk.assess(first))
    desk.save_case(first, desk.assess(first))
    assert "certificate_seen_before" not in codes_of(desk, first)
    second = shipment((text,), id="EX-2")
    assert codes_of(desk, second)["certificate_seen_before"] == "attention"
    elsewhere = shipment((text,), office="XA-BOR-02")
    assert codes_of(desk, elsewhere)["certificate_seen_before"] == "attention"
    assert len(list(desk.seen.rows())) == 1
    desk.close()


def row(number: int, at: str = "2026-11-01T10:00:00Z") -> Shown:
    return Shown("XA/LA-01", f"{number:032x}", f"L-{number}", f"EX-{number}", "XA-BOR-01", at)


def test_two_offices_records_merge_in_any_order_to_the_same(tmp_path: Path) -> None:
    one, two = SeenBook.at(tmp_path / "one.sqlite"), SeenBook.at(tmp_path / "two.sqlite")
    one.add([row(1), row(2)])
    two.add([row(2), row(3)])
    export(one, tmp_path / "one.jsonl")
    export(two, tmp_path / "two.jsonl")
    now = datetime(2026, 11, 25, tzinfo=UTC)
    assert two.add(read(tmp_path / "one.jsonl", now)) == 1
    assert one.add(read(tmp_path / "two.jsonl", now)) == 1
    assert one.add(read(tmp_path / "two.jsonl", now)) == 0
    assert set(one.rows()) == {row(1), row(2), row(3)}
    assert list(one.rows()) == list(two.rows())
    assert one.newest == datetime(2026, 11, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "content",
    ["no json", "[]", '{"issuer": 1}', json.dumps(row(1, "2027-01-01T00:00:00Z").to_json()),
     json.dumps(row(1, "yesterday").to_json()), json.dumps(row(1).to_json() | {"cti": "x" * 300})],
)  # fmt: skip
def test_a_record_that_is_none_is_refused_whole(tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text(json.dumps(row(2).to_json()) + "\n" + content + "\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read(path, datetime(2026, 11, 25, tzinfo=UTC))
    assert refused.value.row == 2


def test_a_clock_before_what_was_recorded_cannot_tell(world: World, root: Path, tmp_path: Path) -> None:
    path = tmp_path / "office" / "casebook.sqlite"
    book = SeenBook.at(path.with_name("certificates.sqlite"))
    book.add([row(1, "2099-01-01T00:00:00Z")])
    book.close()
    desk = desk_on(root, None, path)
    found = desk.certificates.verify(text_of(KNOWN, world.home)).verification
    assert "clock_behind" in found.reasons
    desk.close()


def test_trust_lists_are_replaced_whole_and_status_lists_are_added(world: World, tmp_path: Path) -> None:
    root = catalog(world, tmp_path / "b", registry())
    source = tmp_path / "status.json"
    world_after = replace(world, statuses={7: 1})
    token = world_after.status_token(issued_at=NOW - timedelta(days=1))
    source.write_text(
        json.dumps({"authority": "XA/LA-01", "uri": URI, "token": base64_of(token), "as_of": "2026-11-24"}),
        encoding="utf-8",
    )
    report = import_into("status-list", source, root, today=NOW.date())
    assert report.taken == 1
    text = text_of(KNOWN, world.home)
    assert desk_on(root).certificates.verify(text).verification.reasons == ("revoked",)
    again = trust_yaml(world)
    again["edition"] = "2026-11-25"
    del again["authorities"][0]["status_lists"]
    source.write_text(json.dumps(again), encoding="utf-8")
    assert import_into("trust-yaml", source, root, today=NOW.date()).lists[0].changed == 0
    assert desk_on(root).certificates.verify(text).verification.reasons == ("revoked",)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "XA/DEMO-01"}, "demonstration issuer"),
        ({"country": "XB"}, "another country"),
        ({"id": "xa/la-01"}, "COUNTRY/OFFICE"),
    ],
)
def test_a_trust_list_that_is_wrong_is_refused_by_line(
    world: World, tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    document = trust_yaml(world)
    document["authorities"][0] |= change
    source = tmp_path / "trust.yaml"
    source.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        import_into("trust-yaml", source, tmp_path / "c", today=date(2026, 11, 25))
    assert words in refused.value.message


def test_a_key_under_a_wrong_id_is_refused(world: World, tmp_path: Path) -> None:
    document = trust_yaml(world)
    document["authorities"][0]["keys"][0]["kid"] = "0" * 16
    source = tmp_path / "trust.yaml"
    source.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        import_into("trust-yaml", source, tmp_path / "c", today=date(2026, 11, 25))
    assert "SHA-256" in refused.value.message
