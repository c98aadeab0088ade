from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from border_kit.errors import StoreError
from border_kit.sync import patch
from border_kit.sync.refusal import Refusal


def apply(packed: Path, into: Path, volume: bytes, base: Path | None = None) -> None:
    """Apply a patch or full file as the metadata of a volume say."""
    patch.apply(packed, into, length=len(volume), sha256=hashlib.sha256(volume).hexdigest(), base=base)


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def made(base: bytes, volume: bytes, *, quick: bool = False) -> bytes:
    """A patch between two contents."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        return patch.make(put(folder, "from", base), put(folder, "to", volume), quick=quick)


BASE = bytes(range(256)) * 500 + b"the base" * 100
NEXT = BASE[:60_000] + b"something new" + BASE[60_100:] + b"and an end"


@settings(max_examples=40)
@given(base=st.binary(max_size=4_000), volume=st.binary(max_size=4_000))
def test_a_patch_and_a_full_file_give_the_volume_back(
    base: bytes, volume: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("patch")
    start, out = put(folder, "base", base), folder / "out"
    apply(put(folder, "full", patch.pack(volume)), out, volume)
    assert out.read_bytes() == volume
    if base:
        apply(put(folder, "patch", made(base, volume)), out, volume, start)
        assert out.read_bytes() == volume


def marks(*numbers: int) -> bytes:
    """What a patch to the next volume says of its pages: these changed."""
    return sum(1 << number for number in numbers).to_bytes(-(-len(NEXT) // 32_768), "little")


def piece(frame: bytes) -> bytes:
    """A piece of a patch as it is written."""
    return len(frame).to_bytes(4, "little") + frame


def test_a_full_file_is_plain_zstd_and_a_patch_a_frame_over_the_pages_that_changed() -> None:
    assert zstandard.ZstdDecompressor().decompress(patch.pack(NEXT)) == NEXT
    changed = [n for n in range(-(-len(NEXT) // 4096)) if NEXT[n * 4096 :][:4096] != BASE[n * 4096 :][:4096]]
    found = made(BASE, NEXT)
    assert found[:4] == marks(*changed)
    assert int.from_bytes(found[4:8], "little") == len(found) - 8
    old, new = (b"".join(file[n * 4096 :][:4096] for n in changed) for file in (BASE, NEXT))
    raw = zstandard.ZstdCompressionDict(old, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    assert zstandard.ZstdDecompressor(dict_data=raw).decompress(found[8:]) == new
    assert zstandard.get_frame_parameters(found[8:]).dict_id == 0
    assert len(found) < 200


def test_a_page_that_did_not_change_costs_a_bit(tmp_path: Path) -> None:
    base = random.Random(8).randbytes(80 * 4096)
    volume = base[: 7 * 4096] + bytes(4096) + base[8 * 4096 :]
    found = made(base, volume)
    assert found[:10] == bytes([1 << 7, *bytes(9)])
    assert len(found) < 60
    apply(put(tmp_path, "p", found), tmp_path / "out", volume, put(tmp_path, "base", base))
    assert (tmp_path / "out").read_bytes() == volume


def test_pages_that_neither_the_patch_nor_the_base_has_are_refused(tmp_path: Path) -> None:
    longer = NEXT + bytes(9000)
    packed = put(tmp_path, "p", made(longer, longer[:-1] + b"!"))
    with pytest.raises(Refusal, match="another edition"):
        apply(packed, tmp_path / "out", longer, put(tmp_path, "base", BASE))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        (made(BASE, NEXT + b"x"), "patch_oversized"),
        (made(b"another base entirely" * 9_000, NEXT), "patch_other_base"),
        (made(BASE, NEXT)[:-30], "patch_damaged"),
        (made(BASE, NEXT[:-1] + b"!"), "patch_other_base"),
        (b"<html>log in to the network</html>", "patch_damaged"),
        (b"", "patch_damaged"),
        (bytes(3), "patch_damaged"),
        (bytes(4), "patch_other_base"),
        (marks(0), "patch_damaged"),
        (marks(0) + bytes(4), "patch_damaged"),
        (marks(0) + piece(zstandard.ZstdCompressor().compress(NEXT[:4096] + b"x")), "patch_oversized"),
        (marks(0) + piece(zstandard.ZstdCompressor(write_content_size=False).compress(NEXT[:4096])), "patch_oversized"),
        (made(BASE, NEXT) + b"x", "patch_oversized"),
        (marks(0) + (0xFFFFFFFF).to_bytes(4, "little") + bytes(9000), "patch_damaged"),
    ],
)
def test_a_patch_that_is_not_the_one_leaves_nothing_behind(tmp_path: Path, packed: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        apply(put(tmp_path, "p", packed), tmp_path / "out", NEXT, put(tmp_path, "base", BASE))
    assert refused.value.code == code
    assert refused.value.hint
    assert not (tmp_path / "out").exists()


def test_a_patch_against_a_base_that_was_changed_is_refused(tmp_path: Path) -> None:
    changed = put(tmp_path, "base", BASE[:5_000] + b"?" + BASE[5_001:])
    with pytest.raises(Refusal, match="another edition"):
        apply(put(tmp_path, "p", made(BASE, NEXT)), tmp_path / "out", NEXT, changed)


def frame(window_log: int, declared: int, content: bytes) -> bytes:
    """A frame that asks for a window, states a size, and holds something else (RFC 8878, section 3.1.1)."""
    head = (
        (0xFD2FB528).to_bytes(4, "little")
        + bytes([0b11000000, (window_log - 10) << 3])
        + declared.to_bytes(8, "little")
    )
    block = (len(content) << 3 | 1).to_bytes(3, "little")
    return head + block + content


@pytest.mark.parametrize("window_log", [24, 27, 31])
@pytest.mark.parametrize("based", [False, True])
def test_a_frame_that_asks_for_a_huge_window_is_refused_before_memory_is_given(
    tmp_path: Path, window_log: int, *, based: bool
) -> None:
    asks = frame(window_log, len(NEXT), NEXT[:1000])
    bomb = put(tmp_path, "bomb", marks(*range(32)) + piece(asks) if based else asks)
    base = put(tmp_path, "base", BASE) if based else None
    with pytest.raises(Refusal, match="asks for a window") as refused:
        apply(bomb, tmp_path / "out", NEXT, base)
    assert refused.value.code == "patch_oversized"


def test_what_unpacks_to_more_than_it_says_is_stopped_at_the_signed_length(tmp_path: Path) -> None:
    zeros = zstandard.ZstdCompressor().compressobj(size=50_000_000)
    bomb = bytearray(zeros.compress(bytes(50_000_000)) + zeros.flush())
    assert len(bomb) < 10_000
    with pytest.raises(Refusal, match="says that it holds 50000000 bytes where 1000 were signed"):
        patch.apply(put(tmp_path, "bomb", bytes(bomb)), tmp_path / "out", length=1000, sha256="0" * 64)


def test_a_large_change_comes_in_pieces_and_each_is_held_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patch, "_PIECE", 3)
    chance = random.Random(9)
    base = chance.randbytes(40 * 4096)
    volume = b"".join(base[at : at + 4090] + b"change" for at in range(0, 20 * 4096, 4096)) + base[20 * 4096 :] + b"end"
    found = made(base, volume)
    assert len(found) < 1_500
    apply(put(tmp_path, "p", found), tmp_path / "out", volume, put(tmp_path, "base", base))
    assert (tmp_path / "out").read_bytes() == volume
    at, pieces = 6, 0
    while at < len(found):
        at, pieces = at + 4 + int.from_bytes(found[at : at + 4], "little"), pieces + 1
    assert pieces == 7  # twenty pages and the end, three in a piece


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    program = (
        "import resource, sys, signal\n"
        "from pathlib import Path\n"
        "from border_kit.sync import patch\n"
        "from border_kit.errors import StoreError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "try:\n    patch.apply(Path(sys.argv[1]), Path(sys.argv[1] + '.out'), length=int(sys.argv[2]), sha256='0')\n"
        "except StoreError as error:\n    print(error.code)\n"
    )
    packed = put(tmp_path, "p", patch.pack(NEXT))
    done = subprocess.run(
        [sys.executable, "-c", program, packed, str(len(NEXT))], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "volume_not_written"
    assert [path.name for path in tmp_path.iterdir()] == ["p"]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="could not be written"):
        patch.apply(tmp_path / "none", tmp_path / "out", length=1, sha256="0" * 64)
