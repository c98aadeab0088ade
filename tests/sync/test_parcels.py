"""What offices send each other by stick: signed, numbered, taken whole or not at all, and the same everywhere in the end."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from border_kit import signing
from border_kit.sync import parcels
from border_kit.sync.parcels import Goods
from border_kit.sync.refusal import Refusal
from tests.sync.posts import NOW, Post

pytestmark = pytest.mark.usefixtures("quick_disk")


@pytest.fixture(scope="module")
def enrolled(tmp_path_factory: pytest.TempPathFactory) -> list[Post]:
    """Three offices that know each other's keys already."""
    root = tmp_path_factory.mktemp("offices")
    return [Post.enrolled(root / name, name) for name in ("XA-BOR-01", "XA-BOR-02", "XA-BOR-03")]


@pytest.fixture
def pair(enrolled: list[Post], tmp_path: Path) -> tuple[Post, Post]:
    return enrolled[0].copied(tmp_path / "one"), enrolled[1].copied(tmp_path / "two")


def meet(giver: Post, taker: Post, stick: Path) -> None:
    giver.export(stick)
    taker.bring(stick, giver.key)


def the_parcel(stick: Path) -> Path:
    [found] = stick.rglob("*.parcel")
    return found


def codes(found: dict[str, list[dict[str, str]]]) -> list[str]:
    return [row["code"] for row in found["refused"]]


def test_what_one_office_drew_and_saw_reaches_the_other_signed(pair: tuple[Post, Post], tmp_path: Path) -> None:
    one, two = pair
    one.draw("EX-1")
    one.show("C-1")
    written = one.export(tmp_path / "stick")
    assert (written["parcel"]["number"], written["parcel"]["runs"], written["parcel"]["seen"]) == (1, 1, 1)
    taken = two.bring(tmp_path / "stick", one.key)
    assert [(row["number"], row["new_entries"], row["new_seen"]) for row in taken["parcels"]] == [(1, 1, 1)]
    assert two.data() == one.data()
    assert taken["offices"][0]["key"] == one.key
    again = two.bring(tmp_path / "stick")
    assert (again["parcels"], again["known"], again["refused"]) == ([], 1, [])


def test_an_office_that_nobody_named_is_told_with_its_key_and_nothing_of_it_is_taken(
    pair: tuple[Post, Post], tmp_path: Path
) -> None:
    one, two = pair
    one.draw("EX-1")
    one.export(tmp_path / "stick")
    found = two.bring(tmp_path / "stick")
    assert codes(found) == ["office_unknown"]
    assert one.key in found["refused"][0]["hint"]
    assert two.data() == (set(), set(), set())
    assert codes(two.bring(tmp_path / "stick", "0" * 16)) == ["office_unknown"]


def test_a_parcel_is_carried_on_by_another_office_as_it_is(
    enrolled: list[Post], pair: tuple[Post, Post], tmp_path: Path
) -> None:
    one, two = pair
    three = enrolled[2].copied(tmp_path / "three")
    one.draw("EX-1")
    meet(one, two, tmp_path / "first")
    two.export(tmp_path / "second")
    assert three.bring(tmp_path / "second", one.key, two.key)["refused"] == []
    assert three.data()[0] == one.data()[0]
    before = the_parcel(tmp_path / "first").read_bytes()
    assert before in [path.read_bytes() for path in (three.home / "sync" / "parcels").rglob("*.parcel")]


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda content: content.replace(b"EX-1", b"EX-2"), "parcel_damaged"),
        (lambda content: content[: len(content) // 2], "parcel_damaged"),
        (lambda content: content[:-90] + b"A" + content[-89:], "parcel_damaged"),
        (lambda _content: b"", "parcel_damaged"),
        (lambda _content: b"[" * 100_000 + b"\n\n", "parcel_damaged"),
        (lambda content: content + b"more", "parcel_damaged"),
    ],
    ids=["edited", "truncated", "signature", "empty", "nested", "longer"],
)
def test_a_parcel_that_was_changed_is_refused_and_nothing_of_it_taken(
    pair: tuple[Post, Post], tmp_path: Path, harm: Callable[[bytes], bytes], code: str
) -> None:
    one, two = pair
    one.draw("EX-1")
    one.export(tmp_path / "stick")
    path = the_parcel(tmp_path / "stick")
    good = path.read_bytes()
    path.write_bytes(harm(good))
    assert codes(two.bring(tmp_path / "stick", one.key)) == [code]
    assert two.data() == (set(), set(), set())
    one.export(tmp_path / "stick")
    assert path.read_bytes() == good, "the next export heals the stick"


def test_a_parcel_under_another_name_or_behind_a_link_is_refused(pair: tuple[Post, Post], tmp_path: Path) -> None:
    one, two = pair
    one.draw("EX-1")
    one.export(tmp_path / "stick")
    path = the_parcel(tmp_path / "stick")
    renamed = path.with_name("000001-0000000000000000.parcel")
    path.rename(renamed)
    assert codes(two.bring(tmp_path / "stick", one.key)) == ["parcel_refused"]
    (tmp_path / "elsewhere").write_bytes(renamed.read_bytes())
    renamed.unlink()
    path.symlink_to(tmp_path / "elsewhere")
    assert codes(two.bring(tmp_path / "stick", one.key)) == ["not_a_file"]
    assert two.data() == (set(), set(), set())


def test_a_later_parcel_waits_for_the_earlier_one(pair: tuple[Post, Post], tmp_path: Path) -> None:
    one, two = pair
    one.draw("EX-1")
    one.export(tmp_path / "stick")
    first = the_parcel(tmp_path / "stick")
    kept = first.read_bytes()
    one.draw("EX-2")
    one.export(tmp_path / "stick")
    first.unlink()
    assert codes(two.bring(tmp_path / "stick", one.key)) == ["parcel_missing"]
    assert two.data() == (set(), set(), set())
    first.write_bytes(kept)
    assert [row["number"] for row in two.bring(tmp_path / "stick", one.key)["parcels"]] == [1, 2]
    assert two.data() == one.data()


def test_an_office_that_was_restored_and_signs_another_parcel_under_a_number_is_found_out(
    pair: tuple[Post, Post], tmp_path: Path
) -> None:
    one, two = pair
    restored = one.copied(tmp_path / "restored")
    one.draw("EX-1")
    meet(one, two, tmp_path / "stick")
    restored.draw("EX-7")
    restored.export(tmp_path / "other")
    assert codes(two.bring(tmp_path / "other")) == ["parcel_fork"]
    assert two.data() == one.data()


def test_a_restored_office_is_stopped_from_signing_over_what_it_sent_before(
    pair: tuple[Post, Post], tmp_path: Path
) -> None:
    one, _ = pair
    restored = one.copied(tmp_path / "restored")
    one.draw("EX-1")
    one.export(tmp_path / "stick")
    found = restored.export(tmp_path / "stick")
    assert found["parcel"] is None
    assert "Bring the stick in first" in found["remarks"][0]
    assert restored.bring(tmp_path / "stick", one.key)["refused"] == []
    assert restored.data() == one.data()


def test_a_log_that_others_saw_longer_is_told(pair: tuple[Post, Post], tmp_path: Path) -> None:
    one, _ = pair
    old = (one.home / "casebook.sqlite").read_bytes()
    with one.desk() as desk:
        desk.casebook.rotate(at=NOW)
    one.export(tmp_path / "stick")
    assert one.bring(tmp_path / "stick")["remarks"] == []
    for path in one.home.glob("casebook.sqlite*"):
        path.unlink()
    (one.home / "casebook.sqlite").write_bytes(old)
    one.signing = False
    assert any("not the one that others saw" in said for said in one.bring(tmp_path / "stick")["remarks"])


def test_a_foreign_run_or_a_foreign_checkpoint_in_a_parcel_is_refused(pair: tuple[Post, Post], tmp_path: Path) -> None:
    one, two = pair
    one.draw("EX-1")
    one.export(tmp_path / "stick")
    good = parcels.read(the_parcel(tmp_path / "stick").read_bytes(), "x")
    thief = signing.Key.new()
    for goods, why in (
        (Goods(good.runs, (), good.checkpoint), "run of another office"),
        (Goods((), (), good.checkpoint), "checkpoint"),
    ):
        made = parcels.make("XA-BOR-09~1", thief, None, good.made, goods)
        stick = tmp_path / why.split()[0]
        parcels.Shelf(stick / "offices").put(parcels.slug(made.office), made.name, made.content)
        found = two.bring(stick, signing.key_id(thief.public))
        assert codes(found) == ["parcel_refused"]
        assert why in found["refused"][0]["message"]
    assert two.data() == (set(), set(), set())


def test_another_key_of_a_known_office_is_not_taken_for_its_own(pair: tuple[Post, Post], tmp_path: Path) -> None:
    one, two = pair
    one.draw("EX-1")
    meet(one, two, tmp_path / "stick")
    last = parcels.read(the_parcel(tmp_path / "stick").read_bytes(), "x")
    made = parcels.make(last.office, signing.Key.new(), last, last.made, Goods((), (), last.checkpoint))
    parcels.Shelf(tmp_path / "forged" / "offices").put(parcels.slug(made.office), made.name, made.content)
    assert codes(two.bring(tmp_path / "forged")) == ["office_key_other"]


def test_nobody_signed_in_makes_no_parcel_and_says_so(pair: tuple[Post, Post], tmp_path: Path) -> None:
    one, _ = pair
    one.draw("EX-1")
    one.signing = False
    found = one.export(tmp_path / "stick")
    assert found["parcel"] is None
    assert "No operator is signed in" in found["remarks"][0]


@given(st.binary(max_size=300), st.integers(0, 5_000), st.integers(0, 255))
def test_whatever_bytes_a_parcel_has_it_is_read_or_refused(noise: bytes, at: int, byte: int) -> None:
    key = signing.Key(b"k" * 32)
    content = parcels.make("XA~1", key, None, "2026-03-02T10:15:00Z", Goods(("run",), ("{}",), "BKCP1")).content
    place = at % len(content)
    changed = content[:place] + bytes([byte]) + content[place + 1 :]
    for harmed in (noise, changed):
        if harmed != content:
            with pytest.raises(Refusal) as caught:
                parcels.read(harmed, "noise")
            assert caught.value.code == "parcel_damaged"


def test_office_names_that_differ_by_case_or_sign_have_folders_of_their_own() -> None:
    found = {parcels.slug(name) for name in ("XA-BOR-01~a", "xa-bor-01~a", "XA BOR 01~a", "ŁÓDŹ", "тест", "con", "..")}
    assert len(found) == 7
    assert all(json.dumps(name).isascii() and len(name) < 60 for name in found)


STEPS = st.lists(
    st.tuples(st.sampled_from(["draw", "show", "export", "import"]), st.integers(0, 2), st.integers(0, 1)), max_size=9
)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_offices_that_meet_with_sticks_in_any_order_end_with_the_same_data(
    enrolled: list[Post], steps: list[tuple[str, int, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        posts = [post.copied(root / str(number)) for number, post in enumerate(enrolled)]
        keys = [post.key for post in posts]
        for count, (step, who, which) in enumerate(steps):
            stick = root / f"stick{which}"
            match step:
                case "draw":
                    posts[who].draw(f"EX-{count}")
                case "show":
                    posts[who].show(f"C-{count}")
                case "export":
                    posts[who].export(stick)
                case "import" if stick.exists():
                    assert posts[who].bring(stick, *keys)["refused"] == []
        last = root / "last"
        for post in (*posts, *posts):
            post.bring(last, *keys) if last.exists() else None
            post.export(last)
        found = [posts[number].bring(last, *keys) for number in (0, 1, 2)]
        assert [one["refused"] for one in found] == [[], [], []]
        assert posts[0].data() == posts[1].data() == posts[2].data()
        assert len(posts[0].data()[0]) == sum(step == "draw" for step, _, _ in steps)
        assert len(posts[0].data()[1]) == sum(step == "show" for step, _, _ in steps)
