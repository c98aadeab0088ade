"""Packing a volume, and patching one edition of it into the next (zstd, RFC 8878; `zstd --patch-from` makes the same).

A full file is one zstd frame; a patch is one frame whose dictionary is the whole earlier volume. Both state the size of what
they hold, and are unpacked as a stream into a file, within bounds that the signed metadata set: nothing is believed that the
frame says of itself, and what comes out is the volume only if its SHA-256 is the signed one.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

import zstandard

from border_kit import store
from border_kit.errors import StoreError
from border_kit.sync.refusal import Refusal

LARGEST = 2**30
"""Bytes of an unpacked volume; the largest known is 30 million."""
PATCHABLE = 36_000_000
"""Bytes up to which a volume is patched: patching holds the earlier one and a window as large as the new one in memory (34 MB besides)."""
_FULL_WINDOW = 23
"""Binary logarithm of the window of a full file: 8 MiB, so that unpacking needs no more memory than that."""
_SMALLEST = 17
"""Binary logarithm of the smallest window of a patch; zstd takes no smaller tables seriously."""
_BLOCK = 1 << 17
_LEVEL = 19


def pack(volume: bytes) -> bytes:
    """A full file: the volume as one frame with a window of at most 8 MiB."""
    settings = zstandard.ZstdCompressionParameters.from_level(
        _LEVEL, source_size=len(volume), window_log=_FULL_WINDOW, write_checksum=1
    )
    return zstandard.ZstdCompressor(compression_params=settings).compress(volume)


def make(base: bytes, volume: bytes) -> bytes:
    """A patch from one edition of a volume to another.

    The search tables cover the whole of both: with those that zstd's levels choose, a patch of the size of ours is twice as
    large (benchmarks/results/sync-patches.md).
    """
    reach = max(_SMALLEST, (len(base) + len(volume)).bit_length())
    settings = zstandard.ZstdCompressionParameters(
        compression_level=_LEVEL,
        window_log=reach,
        hash_log=min(reach - 1, 25),
        chain_log=min(reach, 26),
        search_log=8,
        min_match=4,
        target_length=256,
        strategy=zstandard.STRATEGY_BTULTRA2,
        write_checksum=1,
        write_dict_id=0,
    )
    return zstandard.ZstdCompressor(compression_params=settings, dict_data=_dictionary(base)).compress(volume)


def apply(packed: Path, into: Path, *, length: int, sha256: str, base: Path | None = None) -> None:
    """Unpack a full file, or a patch against `base`, into a new file forced to disk.

    Args:
        packed: what was fetched, already proven to be what the metadata signed.
        into: the file to write; whatever was there is replaced, and nothing is left there when this fails.
        length: bytes of the volume, as signed.
        sha256: hexadecimal digest of the volume, as signed; of an edition on the way its first digits.
        base: the volume that the patch starts from; None for a full file.

    Raises:
        Refusal: the file is damaged, would grow beyond what was signed, or belongs to another base.
        StoreError: the disk is full or may not be written.
    """
    try:
        with packed.open("rb") as source, into.open("wb") as target:
            _expect(_unpacked(source, target, length, base), sha256, base)
            target.flush()
            os.fsync(target.fileno())
        store.sync_folder(into.parent)
    except zstandard.ZstdError as error:
        into.unlink(missing_ok=True)
        raise _wrong_content(base) from error
    except OSError as error:
        into.unlink(missing_ok=True)
        raise StoreError(
            "volume_not_written",
            f"{into.name} could not be written ({error}).",
            "Free some disk space or check the permissions, then repeat the step.",
        ) from error
    except BaseException:
        into.unlink(missing_ok=True)
        raise


def sha256(path: Path) -> str:
    """The hexadecimal SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _expect(found: str, sha256: str, base: Path | None) -> None:
    if not sha256 or not found.startswith(sha256):
        raise _wrong_content(base)


def _unpacked(source: BinaryIO, target: BinaryIO, length: int, base: Path | None) -> str:
    """Stream one frame; the digest of what was written. Raises Refusal as soon as a bound is crossed."""
    window = _window(source, length, base)
    decompressor = zstandard.ZstdDecompressor(
        dict_data=_dictionary(_read_base(base)) if base else None, max_window_size=window
    )
    summed, written = hashlib.sha256(), 0
    with decompressor.stream_reader(source, read_size=_BLOCK) as reader:
        while block := reader.read(_BLOCK):
            written += len(block)
            if written > length:
                raise _bomb(f"unpacks to more than the {length} bytes that were signed")
            summed.update(block)
            target.write(block)
    if written != length:
        raise Refusal("patch_damaged", f"It ends after {written} of {length} bytes.", "Fetch it again.")
    return summed.hexdigest()


def _window(source: BinaryIO, length: int, base: Path | None) -> int:
    """How large a window the frame may use; what asks for more is refused before any memory is given to it."""
    head = source.read(32)
    source.seek(0)
    try:
        asked = zstandard.get_frame_parameters(head)
    except zstandard.ZstdError as error:
        raise Refusal("patch_damaged", f"The file is no packed volume ({error}).", "Fetch it again.") from error
    allowed = 1 << _FULL_WINDOW
    if base is not None:
        if max(length, base.stat().st_size) > PATCHABLE:
            raise _bomb(f"patches a volume of more than {PATCHABLE} bytes")
        allowed = max(allowed, 1 << (length + base.stat().st_size).bit_length())
    if asked.window_size > allowed:
        raise _bomb(f"asks for a window of {asked.window_size} bytes where {allowed} are due")
    if length > LARGEST or asked.content_size != length:
        raise _bomb(f"says that it holds {asked.content_size} bytes where {length} were signed")
    return allowed


def _read_base(base: Path) -> bytes:
    with base.open("rb") as stream:
        return stream.read(PATCHABLE + 1)


def _dictionary(content: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def _bomb(what: str) -> Refusal:
    return Refusal("patch_oversized", f"The file {what}.", "Do not use it; report it to the authority that publishes.")


def _wrong_content(base: Path | None) -> Refusal:
    if base is None:
        return Refusal("volume_differs", "What was unpacked is not the volume that was signed.", "Fetch it again.")
    return Refusal(
        "patch_other_base",
        f"The patch does not lead from {base.name} to the volume that was signed: it belongs to another edition, or one of "
        "the two is damaged.",
        "Take the full file instead.",
    )
