"""COSE_Sign1 (RFC 9052): one signer, the algorithm and everything that matters in the protected header.

`parse` proves the shape; whose signature it is, and whether it holds, is `keys.verify` over `Sign1.to_be_signed`.
"""

from __future__ import annotations

from dataclasses import dataclass

from border_kit.certificates import cbor
from border_kit.certificates.cbor import Item, Key, Rules, Tag
from border_kit.certificates.refusal import RefusedError

ALG, CRIT, CONTENT_TYPE, KID, TYP = 1, 2, 3, 4, 16
"""Header labels: RFC 9052, section 3.1; typ is RFC 9596."""

SIGN1_TAG, CWT_TAG = 18, 61
"""RFC 9052, section 4.2; RFC 8392, section 6."""

ALGORITHMS = {-7: "ES256", -8: "EdDSA", -37: "PS256"}
"""RFC 9053, sections 2.1 and 2.2; RFC 8230, section 2."""

UNDERSTOOD = frozenset({ALG, CRIT, CONTENT_TYPE, KID, TYP})
"""Labels that a sender may call critical (RFC 9052, section 3.1): those that are looked at here."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a profile allows of a COSE_Sign1: tag chains from the outside, algorithms, and what may stand unprotected."""

    tags: frozenset[tuple[int, ...]]
    algorithms: frozenset[str]
    unprotected_algorithm: bool = False
    unprotected_others: bool = True
    only_labels: frozenset[int] | None = None
    crit: bool = True


COMMAND = Shape(tags=frozenset({(SIGN1_TAG,)}), algorithms=frozenset({"ES256", "EdDSA"}))
"""`certificate cose`: tagged, the algorithm protected, other unprotected headers ignored."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The four parts of a COSE_Sign1 with its tags from the outside (RFC 9052, section 4.2)."""

    tags: tuple[int, ...]
    protected_bytes: bytes
    protected: dict[Key, Item]
    unprotected: dict[Key, Item]
    payload: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Sign1:
    """A message of proven shape. `kid` and `typ` are as stated, None where they are not."""

    parts: Parts
    algorithm: str
    kid: bytes | None
    typ: str | None

    def to_be_signed(self, external_aad: bytes = b"") -> bytes:
        """The Sig_structure of a COSE_Sign1 (RFC 9052, section 4.4), with the protected bytes exactly as they came."""
        return sig_structure(self.parts.protected_bytes, self.parts.payload, external_aad)


def sig_structure(protected: bytes, payload: bytes, external_aad: bytes = b"") -> bytes:
    """What is signed (RFC 9052, section 4.4)."""
    return cbor.encode(["Signature1", protected, external_aad, payload])


def split(item: Item, rules: Rules) -> Parts:
    """Take a decoded message apart, its protected header decoded by the same rules. Raises RefusedError."""
    tags: list[int] = []
    while isinstance(item, Tag) and len(tags) < 3:  # one more than any profile allows
        tags.append(item.number)
        item = item.value
    if not isinstance(item, list) or len(item) != 4:  # RFC 9052, section 4.2: four elements
        raise RefusedError("cose_structure", "The content is no signed message of four parts.")
    protected, unprotected, payload, signature = item
    if payload is None:
        raise RefusedError("cose_detached", "The message does not carry what it signs.")
    if not (isinstance(protected, bytes) and isinstance(payload, bytes) and isinstance(signature, bytes)):
        raise RefusedError("cose_structure", "A part of the signed message is of the wrong kind.")
    if not isinstance(unprotected, dict):
        raise RefusedError("cose_structure", "The unprotected header of the message is no map.")
    # RFC 9052, section 3: an empty protected header is a zero-length string; an encoded empty map is to be borne with.
    headers = cbor.decode(protected, rules) if protected else {}
    if not isinstance(headers, dict):
        raise RefusedError("cose_structure", "The protected header of the message is no map.")
    return Parts(tuple(tags), protected, headers, unprotected, payload, signature)


def proven(parts: Parts, shape: Shape) -> Sign1:
    """Hold the parts against what a profile allows. Raises RefusedError."""
    if parts.tags not in shape.tags:
        raise RefusedError("cose_tag", "The message is not marked as one signed by a single signer.")
    for key in (*parts.protected, *parts.unprotected):
        if not isinstance(key, int | str):
            raise RefusedError("cose_label", "A header of the message has a name of the wrong kind.")
    if parts.unprotected and not shape.unprotected_others:
        raise RefusedError("cose_unprotected", "The message states something outside what is signed.")
    if shape.only_labels is not None and not set(parts.protected) <= shape.only_labels:
        raise RefusedError("cose_label", "The protected header states something that has no place in it.")
    _critical(parts, shape)
    return Sign1(parts, _algorithm(parts, shape), _kid(parts), _typ(parts))


def _critical(parts: Parts, shape: Shape) -> None:
    """RFC 9052, section 3.1: crit is protected, not empty, and names only protected labels that are understood."""
    if CRIT in parts.unprotected:
        raise RefusedError("cose_crit", "Critical headers are named outside what is signed.")
    if CRIT not in parts.protected:
        return
    labels = parts.protected[CRIT]
    if not shape.crit or not isinstance(labels, list) or not labels:
        raise RefusedError("cose_crit", "The message names critical headers that are not understood.")
    if any(isinstance(label, bool) or label not in UNDERSTOOD or label not in parts.protected for label in labels):
        raise RefusedError("cose_crit", "The message names critical headers that are not understood.")


def _algorithm(parts: Parts, shape: Shape) -> str:
    stated = parts.protected.get(ALG)
    outside = parts.unprotected.get(ALG)
    if ALG not in parts.protected:
        if ALG not in parts.unprotected:
            raise RefusedError("cose_algorithm_missing", "The message does not say how it is signed.")
        if not shape.unprotected_algorithm:
            raise RefusedError("cose_algorithm_unprotected", "How the message is signed stands outside what is signed.")
        stated = outside
    elif ALG in parts.unprotected and (not shape.unprotected_algorithm or outside != stated):
        raise RefusedError("cose_algorithm_unprotected", "The message says twice how it is signed.")
    name = ALGORITHMS.get(stated) if isinstance(stated, int) and not isinstance(stated, bool) else None
    if name not in shape.algorithms or name is None:
        raise RefusedError("cose_algorithm_not_allowed", "The message is signed in a way that is not allowed here.")
    return name


def _kid(parts: Parts) -> bytes | None:
    """The key's id: the protected one, where both are stated (RFC 9052, section 3)."""
    for headers in (parts.protected, parts.unprotected):
        if KID in headers:
            kid = headers[KID]
            if not isinstance(kid, bytes):
                raise RefusedError("cose_kid", "The key's id is of the wrong kind.")
            return kid
    return None


def _typ(parts: Parts) -> str | None:
    typ = parts.protected.get(TYP)
    if typ is not None and not isinstance(typ, str):
        raise RefusedError("cose_type", "The message's type is not written as text.")
    return typ
