"""Issuing: keys, certificates that are read as they were written, many at a time, revocation; and the whole journey of a paper."""

from __future__ import annotations

import base64
import io
import json
import os
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from border_kit.catalog.importers import import_into
from border_kit.certificates import issue, page, qr, scan, status
from border_kit.certificates.claims import Claims, LicenceLine
from border_kit.certificates.profiles import LICENCE
from border_kit.certificates.verify import Circumstances, Verifier
from border_kit.desk import issuing
from border_kit.desk.seen import export
from border_kit.errors import InputError, UsageError
from tests.certificates.test_desk import KNOWN, catalog, desk_on, registry, shipment
from tests.certificates.world import NOW, URI, World, claims, signer
from tests.command import call

SECRET = "correct horse battery"


def piped(text: str) -> int:
    """A descriptor from which a line can be read."""
    out, into = os.pipe()
    os.write(into, text.encode() + b"\n")
    os.close(into)
    return out


names = st.none() | st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
amounts = st.none() | st.decimals(0, 10**12, places=3).map(lambda number: Decimal(str(number)).normalize())


@settings(max_examples=80)
@given(
    exporter=names,
    end_user=names,
    conditions=st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(str.strip), max_size=3),
    quantity=amounts,
    document=st.sampled_from(["EL", "EUC", "DVC"]),
    seconds=st.integers(1, 10**8),
)
def test_what_is_issued_is_read_as_it_was_written(
    world: World,
    exporter: str | None,
    end_user: str | None,
    conditions: list[str],
    quantity: Decimal | None,
    document: Any,
    seconds: int,
) -> None:
    line = LicenceLine(1, None, "852589", "goods", quantity, "pcs", None, None)
    one = claims(exporter=exporter, end_user=end_user, conditions=tuple(conditions), document=document, lines=(line,),
                 expires=NOW + timedelta(seconds=seconds))  # fmt: skip
    made = issue.certificate(one, world.home)
    found = Verifier(world.trust()).verify(made.text, LICENCE, Circumstances(NOW))
    assert found.claims == one
    assert found.proven


def test_a_key_is_kept_encrypted_and_nobody_reads_it_with_another_passphrase() -> None:
    for algorithm in ("ES256", "EdDSA"):
        private = issue.new_key(algorithm)
        pem = issue.to_pem(private, SECRET)
        assert b"ENCRYPTED" in pem
        assert issue.signer_of(issue.from_pem(pem, SECRET), "XA/LA-01").public.algorithm == algorithm
        with pytest.raises(InputError):
            issue.from_pem(pem, SECRET + "x")
    with pytest.raises(UsageError):
        issue.to_pem(issue.new_key("ES256"), "short")


def test_the_demonstration_key_signs_for_its_own_issuer_only(world: World) -> None:
    with pytest.raises(UsageError):
        issue.signer_of(issue._demo_key(), "XA/LA-01")
    with pytest.raises(UsageError):
        issue.signer_of(issue.new_key("ES256"), "XA/DEMO-01")
    with pytest.raises(UsageError):
        issue.certificate(claims(), issue.demo_signer())
    made = issue.certificate(issue.demo_claims(), issue.demo_signer())
    assert Verifier(world.trust()).verify(made.text, LICENCE, Circumstances(NOW)).reasons == ("key_unknown",)


def test_the_size_budget_warns_then_leaves_the_goods_to_the_registry(world: World) -> None:
    def with_lines(count: int) -> Claims:
        rng = random.Random(count)
        lines = [
            LicenceLine(at, None, str(rng.randrange(10**5, 10**6)), f"item {rng.randrange(10**9)}", Decimal(at), "pcs")
            for at in range(1, count)
        ]
        return claims(lines=tuple(lines))

    assert not issue.certificate(with_lines(3), world.home).long
    assert issue.certificate(with_lines(18), world.home).long
    with pytest.raises(InputError) as refused:
        issue.certificate(with_lines(80), world.home)
    assert refused.value.code == "certificate_too_long"
    made = issuing.signed(with_lines(80), world.home)
    assert made.claims.lines == ()
    assert made.claims.goods_hash == issue.goods_digest(with_lines(80).lines)
    assert len(made.text) <= issue.MOST_CHARACTERS


def test_the_printed_page_carries_code_and_text_in_several_scripts(world: World, tmp_path: Path) -> None:
    one = claims(exporter="Завод Ёлка", end_user="Société Ångström Œuvre", end_use="χάρτης")
    made = issue.certificate(one, world.home)
    path = tmp_path / "page.pdf"
    path.write_bytes(page.pdf(one, made.text, "Office of A"))
    assert [symbol.text for symbol in scan.read(path)] == [made.text]
    document = pypdfium2.PdfDocument(path)
    words = document[0].get_textpage().get_text_bounded()
    document.close()
    for wanted in (one.number, "Завод Ёлка", "Société Ångström Œuvre", "χάρτης", "thermal camera"):
        assert wanted in words


def test_many_are_issued_once_each_and_go_on_where_they_stopped(world: World, tmp_path: Path) -> None:
    desk = desk_on(catalog(world, tmp_path / "a", registry()))
    first = desk.licences.find(KNOWN.number)
    many = [replace(first, number=f"L-{at}", cti=None, status_index=None) for at in range(30)]
    bad = replace(first, number="BAD", status="revoked")
    order = issuing.Order(tmp_path / "out", URI)

    def stop_after(count: int) -> Any:
        left = iter(range(count))

        def step() -> None:
            if next(left, None) is None:
                raise KeyboardInterrupt

        return step

    with pytest.raises(KeyboardInterrupt):
        list(issuing.issue_all([*many, bad], world.home, order, NOW, stop_after(12)))
    register = tmp_path / "out" / issuing.REGISTER
    with register.open("a", encoding="utf-8") as stream:
        stream.write('{"number": "L-12", "cut off by a')
    rows = list(issuing.issue_all([*many, bad], world.home, order, NOW, lambda: None))
    assert [row["state"] for row in rows] == ["already"] * 12 + ["issued"] * 18 + ["error"]
    kept = issuing.Register.at(tmp_path / "out").rows
    assert len({row["status_index"] for row in kept.values()}) == len({row["cti"] for row in kept.values()}) == 30
    assert [symbol.text for symbol in scan.read(tmp_path / "out" / "L-7.png")] == [kept["L-7"]["text"]]


def photographed(path: Path, into: Path) -> Path:
    """A printed page as a phone takes it: turned, at an angle, a little out of focus, as a JPEG."""
    document = pypdfium2.PdfDocument(path)
    sheet = document[0].render(scale=2.6).to_pil().convert("RGB")
    document.close()
    width, height = sheet.size
    seen = sheet.transform(
        sheet.size, Image.Transform.QUAD, (-40, -30, 60, height + 20, width + 30, height - 40, width - 20, 50), Image.Resampling.BICUBIC,
        fillcolor=(90, 80, 70),
    )  # fmt: skip
    table = Image.new("RGB", (width + 500, height + 400), (90, 80, 70))
    table.paste(seen.rotate(5, expand=True, fillcolor=(90, 80, 70)), (120, 80))
    table.filter(ImageFilter.GaussianBlur(1.2)).save(into, "JPEG", quality=70)
    return into


def test_a_licence_issued_printed_photographed_verified_drawn_and_verified_again_elsewhere(tmp_path: Path) -> None:  # noqa: PLR0915 - a journey is as long as it is
    """The whole journey, by command where there is one: two offices that meet only by stick."""
    now = datetime.now(UTC)
    day = now.date().isoformat()
    assert (
        call(
            "certificate",
            "key",
            "new",
            "--authority",
            "XA/LA-01",
            "--out",
            tmp_path / "la.pem",
            "--passphrase-fd",
            str(piped(SECRET)),
        ).code
        == 0
    )
    again = call(
        "certificate",
        "key",
        "new",
        "--authority",
        "XA/LA-01",
        "--out",
        tmp_path / "la.pem",
        "--passphrase-fd",
        str(piped(SECRET)),
    )
    assert again.code == 4
    made = issue.signer_of(issue.from_pem((tmp_path / "la.pem").read_bytes(), SECRET), "XA/LA-01")
    world = World(home=made, statuses={})

    def fresh(folder: str) -> Path:
        return catalog(
            world,
            tmp_path / folder,
            {**registry(valid_from="2026-01-01", valid_to="2096-12-31", cti=None), "as_of": day},
        )

    root = fresh("authority")
    # The world's list is of NOW: the authority signs one of today, which revokes nothing.
    key = ("--key", tmp_path / "la.pem", "--status-uri", URI)
    lists = ("certificate", "revoke", "--authority", "XA/LA-01", *key)
    assert call(*lists, "--out", tmp_path / "l1.json", "--passphrase-fd", str(piped(SECRET))).code == 0
    issued = call("certificate", "issue", KNOWN.number, *key, "--into", tmp_path / "out", "--pdf", "--catalog", root, "--passphrase-fd", str(piped(SECRET)), "--json")  # fmt: skip
    assert (issued.code, issued.json["certificates"][0]["state"]) == (0, "issued")
    photo = photographed(tmp_path / "out" / f"{KNOWN.number}.pdf", tmp_path / "photo.jpg")

    offices = {name: fresh(name) for name in ("one", "two")}
    books = {name: tmp_path / f"{name}-office" / "casebook.sqlite" for name in offices}
    for place in offices.values():
        import_into("status-list", tmp_path / "l1.json", place, today=now.date())

    def verify(name: str) -> Any:
        return call(
            "certificate", "verify", photo, "--catalog", offices[name], "--casebook", books[name], "--json"
        ).json

    assert verify("one")["verdict"] == "pass"
    text = verify("one")["text"]

    here = desk_on(offices["one"], None, books["one"])
    first = shipment((text,), date=day)
    assert here.assess(first).certificates[0].checked.verification.verdict == "pass"
    here.save_case(first, here.assess(first))
    drawn = here.licences.draw_for(first)
    assert [entry.quantity for entry in drawn.entries] == ["5"]
    export(here.seen, tmp_path / "seen.jsonl")
    run = here.ledger.make_run(at=now)
    here.close()
    assert run is not None

    there = desk_on(offices["two"], None, books["two"])
    second = shipment((text,), id="EX-2", office="XA-BOR-02", date=day, line={"quantity": "16"})
    assert there.assess(second).certificates[0].checked.seen == ()
    there.close()
    merged = call("certificate", "seen", "--merge", tmp_path / "seen.jsonl", "--catalog", offices["two"], "--casebook", books["two"], "--json")  # fmt: skip
    assert merged.json["new"] == 1
    there = desk_on(offices["two"], None, books["two"])
    assert there.ledger.take_run(run, at=now).new == 1
    found = {finding.code for finding in there.assess(second).findings}
    reasons = there.assess(second).certificates[0].checked.verification.reasons
    there.close()
    assert "certificate_seen_before" in found
    assert reasons == ("quantity_exceeded",)

    revoked = call(*lists, KNOWN.number, "--issued", tmp_path / "out", "--previous", tmp_path / "l1.json", "--out", tmp_path / "l2.json", "--passphrase-fd", str(piped(SECRET)))  # fmt: skip
    assert revoked.code == 0
    row = json.loads((tmp_path / "l2.json").read_text(encoding="utf-8"))
    row["as_of"] = (now.date() + timedelta(days=1)).isoformat()
    (tmp_path / "l2.json").write_text(json.dumps(row), encoding="utf-8")
    import_into("status-list", tmp_path / "l2.json", offices["two"], today=now.date())
    assert verify("two")["reasons"] == ["revoked"]
    assert verify("one")["verdict"] == "pass"


def test_a_status_list_keeps_what_was_revoked_and_takes_back_only_what_it_is_told(world: World, tmp_path: Path) -> None:

    def made(changes: dict[int, int], previous: Path | None, bits: int = 2) -> status.StatusList:
        content = issuing.status_file(issuing.Revocation("XA/LA-01", URI, changes, bits, 16), previous, world.home, NOW)
        (tmp_path / "list.json").write_bytes(content)

        return status.parse(base64.b64decode(json.loads(content)["token"]))[1]

    first = made({3: status.INVALID, 4: status.SUSPENDED}, None)
    assert [first.status(at) for at in (2, 3, 4)] == [0, 1, 2]
    second = made({4: status.VALID, 40: status.INVALID}, tmp_path / "list.json")
    assert [second.status(at) for at in (3, 4, 40)] == [1, 0, 1]
    with pytest.raises(UsageError):
        made({1: status.SUSPENDED}, None, bits=1)
    (tmp_path / "other.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError):
        made({1: 1}, tmp_path / "other.json")


def test_a_code_is_the_same_png_every_time() -> None:
    assert qr.png("CL1:ABC") == qr.png("CL1:ABC")
    assert Image.open(io.BytesIO(qr.png("CL1:ABC"))).mode == "1"


def test_another_signer_is_refused() -> None:
    with pytest.raises(UsageError):
        issue.certificate(claims(), signer("XB/EC-02"))
