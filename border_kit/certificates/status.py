"""Token Status List (IETF OAuth): who was revoked, by place in an authority's signed list, as a CWT.

A list is `{"bits": 1|2|4|8, "lst": zlib}`: the statuses side by side, the first in the lowest bits of the first byte
(section 4.1). Nothing is revoked by a digest of the paper: ECDSA signatures can be changed without becoming wrong.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from border_kit.certificates import cbor, cose, cwt
from border_kit.certificates.cbor import Item, Rules
from border_kit.certificates.cose import Shape, Sign1
from border_kit.certificates.profiles import STATUS_LIST_TYP
from border_kit.certificates.refusal import RefusedError

TTL, STATUS_LIST = 65534, 65533
"""Section 5.2: the claims `ttl` and `status_list`."""

VALID, INVALID, SUSPENDED = 0, 1, 2
"""Section 7.1."""
WORDS = {VALID: "valid", INVALID: "revoked", SUSPENDED: "suspended"}

BITS = (1, 2, 4, 8)
MAX_TOKEN = 4_000_000
MAX_LIST = 8_000_000
"""Bytes of an unpacked list: eight million certificates at eight bits, sixty-four million at one."""

RULES = Rules(deterministic=True, tags=frozenset({cose.SIGN1_TAG}), depth=8, size=MAX_TOKEN)
SHAPE = Shape(
    tags=frozenset({(cose.SIGN1_TAG,)}),
    algorithms=frozenset({"ES256", "EdDSA"}),
    unprotected_others=False,
    only_labels=frozenset({cose.ALG, cose.KID, cose.TYP}),
    crit=False,
)


@dataclass(frozen=True, slots=True)
class StatusList:
    """A list as signed: its issuer and address, when it was made, until when it is good, and the statuses."""

    issuer: str
    uri: str
    issued_at: datetime
    expires: datetime | None
    ttl: timedelta | None
    bits: int
    statuses: bytes

    def __len__(self) -> int:
        return len(self.statuses) * 8 // self.bits

    def status(self, index: int) -> int | None:
        """The status at a place, None beyond the list's end (section 4.1)."""
        if not 0 <= index < len(self):
            return None
        per_byte = 8 // self.bits
        place, shift = divmod(index, per_byte)
        return self.statuses[place] >> (shift * self.bits) & ((1 << self.bits) - 1)


def parse(token: bytes) -> tuple[Sign1, StatusList]:
    """Read a status list token; its signature is the caller's to prove. Raises RefusedError."""
    parts = cose.split(cbor.decode(token, RULES), RULES)
    message = cose.proven(parts, SHAPE)
    if message.typ != STATUS_LIST_TYP:
        raise RefusedError("status_type", "The document is no status list.")
    return message, _read(cbor.decode(parts.payload, RULES))


def _read(payload: Item) -> StatusList:
    fields = cwt.fields_of(payload)
    issuer, uri = fields.get(cwt.ISS), fields.get(cwt.SUB)
    if not isinstance(uri, str) or not isinstance(issuer, str):
        raise RefusedError("status_invalid", "The status list does not say whose it is.")
    issued = cwt.moment(fields, cwt.IAT, "moment of issue")
    if issued is None:
        raise RefusedError("status_invalid", "The status list does not say when it was made.")
    ttl = fields.get(TTL)
    if ttl is not None and (isinstance(ttl, bool) or not isinstance(ttl, int) or not 0 < ttl < cwt.MILLISECONDS):
        raise RefusedError("status_invalid", "The status list's time to live is no number of seconds.")
    inner = fields.get(STATUS_LIST)
    if not isinstance(inner, dict):
        raise RefusedError("status_invalid", "The document holds no status list.")
    bits, packed = inner.get("bits"), inner.get("lst")
    if isinstance(bits, bool) or not isinstance(bits, int) or bits not in BITS or not isinstance(packed, bytes):
        raise RefusedError("status_invalid", "The status list is unreadable.")
    return StatusList(
        issuer,
        uri,
        issued,
        cwt.moment(fields, cwt.EXP, "end"),
        timedelta(seconds=ttl) if isinstance(ttl, int) else None,
        bits,
        inflate(packed, MAX_LIST),
    )


def inflate(packed: bytes, longest: int) -> bytes:
    """Unpack one whole zlib stream (RFC 1950) of at most so many bytes, and nothing beside it. Raises RefusedError."""
    if len(packed) < 2 or packed[0] & 0x0F != 8 or (packed[0] << 8 | packed[1]) % 31:  # RFC 1950, section 2.2
        raise RefusedError("zlib_header", "The content is not compressed as it must be.")
    if packed[1] & 0x20:
        raise RefusedError("zlib_dictionary", "The content needs a dictionary that nobody has.")
    machine = zlib.decompressobj()
    try:
        found = machine.decompress(packed, longest + 1)
    except zlib.error as error:
        raise RefusedError("zlib_damaged", "The content cannot be unpacked.") from error
    if len(found) > longest:
        raise RefusedError("zlib_bomb", "The content unpacks to more than any certificate holds.")
    if not machine.eof:
        raise RefusedError("zlib_truncated", "The content ends too early to be unpacked.")
    if machine.unused_data:
        raise RefusedError("zlib_trailing", "Something follows the compressed content.")
    return found


def build(
    issuer: str,
    uri: str,
    statuses: dict[int, int],
    size: int,
    issued_at: datetime,
    *,
    bits: int = 1,
    ttl: timedelta | None = None,
) -> Item:
    """The payload of a status list of `size` places, all valid but those named."""
    if bits not in BITS:
        raise ValueError(f"{bits} bits")
    per_byte = 8 // bits
    packed = bytearray((size + per_byte - 1) // per_byte)
    for index, status in statuses.items():
        if not 0 <= index < size or not 0 <= status < 1 << bits:
            raise ValueError(f"status {status} at {index}")
        place, shift = divmod(index, per_byte)
        packed[place] |= status << (shift * bits)
    payload: Item = {
        cwt.ISS: issuer,
        cwt.SUB: uri,
        cwt.IAT: int(issued_at.timestamp()),
        **({TTL: int(ttl.total_seconds())} if ttl else {}),
        STATUS_LIST: {"bits": bits, "lst": zlib.compress(bytes(packed), 9)},
    }
    return payload
