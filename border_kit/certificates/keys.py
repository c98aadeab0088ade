"""Public keys and signatures. The mathematics is the package `cryptography`; what counts as a key or a signature is said here.

Stricter than it must be on purpose: see docs/decisions/0041.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import load_der_public_key

from border_kit.certificates.refusal import RefusedError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

Algorithm = Literal["ES256", "EdDSA", "PS256"]

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order n of P-256 (FIPS 186-5 and SP 800-186, section 3.2.1.3)."""

ED25519_FIELD = 2**255 - 19
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493
"""The field and the order L of edwards25519 (RFC 8032, section 5.1)."""

_ORDER_EIGHT_Y = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER_Y = frozenset({0, 1, ED25519_FIELD - 1, _ORDER_EIGHT_Y, ED25519_FIELD - _ORDER_EIGHT_Y})
"""The y of the eight points of small order of edwards25519: a signature under such a key says nothing."""

RSA_BITS = (2_048, 8_192)
"""Smallest and largest modulus of an RSA key (RFC 8230, section 6.1 asks for 2048 at least)."""

MAX_DER = 16_384
"""Bytes of a key or certificate; a certificate has one or two thousand."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that can prove signatures of one algorithm. `der` is its SubjectPublicKeyInfo."""

    algorithm: Algorithm
    der: bytes
    material: PublicKeyTypes

    @property
    def kid(self) -> bytes:
        """SHA-256 of the SubjectPublicKeyInfo, the first eight bytes."""
        return hashlib.sha256(self.der).digest()[:8]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What an X.509 certificate says that matters here: its key, id, subject, and what the key may be used for."""

    key: PublicKey
    kid: bytes
    names: tuple[str, ...]
    usages: frozenset[str]
    not_before: datetime
    not_after: datetime


def from_spki(der: bytes) -> PublicKey:
    """A key from SubjectPublicKeyInfo (RFC 5280, section 4.1). Raises RefusedError."""
    if len(der) > MAX_DER:
        raise RefusedError("key_invalid", "The key is too large to be one.")
    try:
        return _proven(load_der_public_key(der))
    except (ValueError, TypeError, UnsupportedAlgorithm, OverflowError) as error:
        raise RefusedError("key_invalid", "The key cannot be read.") from error


def from_certificate(der: bytes) -> Certificate:
    """The key of an X.509 certificate. Raises RefusedError."""
    if len(der) > MAX_DER:
        raise RefusedError("key_invalid", "The certificate is too large to be one.")
    try:
        found = x509.load_der_x509_certificate(der)
        key = _proven(found.public_key())
        names = tuple(str(part.value) for part in found.subject)
        return Certificate(
            key,
            hashlib.sha256(der).digest()[:8],
            names,
            _usages(found),
            found.not_valid_before_utc,
            found.not_valid_after_utc,
        )
    except (ValueError, TypeError, UnsupportedAlgorithm, OverflowError, x509.DuplicateExtension) as error:
        raise RefusedError("key_invalid", "The certificate cannot be read.") from error


def _usages(found: object) -> frozenset[str]:
    """The extended key usages, as dotted numbers."""
    assert isinstance(found, x509.Certificate)
    try:
        usage = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        return frozenset()
    return frozenset(oid.dotted_string for oid in usage.value)


def _proven(material: PublicKeyTypes) -> PublicKey:
    """Hold a key against what is allowed. Raises RefusedError."""
    der = material.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if isinstance(material, ec.EllipticCurvePublicKey) and isinstance(material.curve, ec.SECP256R1):
        return PublicKey("ES256", der, material)
    if isinstance(material, ed25519.Ed25519PublicKey):
        _full_order(material.public_bytes_raw())
        return PublicKey("EdDSA", der, material)
    if isinstance(material, rsa.RSAPublicKey):
        if not RSA_BITS[0] <= material.key_size <= RSA_BITS[1]:
            raise RefusedError("key_invalid", f"An RSA key must have {RSA_BITS[0]} bits at least.")
        return PublicKey("PS256", der, material)
    raise RefusedError("key_invalid", "The key is of a kind that is not allowed here.")


def _full_order(raw: bytes) -> None:
    """RFC 8032, section 5.1.3: y below the field; and no point of small order."""
    y = int.from_bytes(raw, "little") & ((1 << 255) - 1)
    if y >= ED25519_FIELD:
        raise RefusedError("key_invalid", "The key's coordinate is out of range.")
    if y in _SMALL_ORDER_Y:
        raise RefusedError("key_invalid", "Under this key any signature would hold.")


_COORDINATE = re.compile(r"[A-Za-z0-9_-]{43}=?\Z")


def from_jwk(fields: dict[str, object]) -> PublicKey:
    """A key as JSON names it (RFC 7517 with the types of RFC 9053: EC2 on P-256, OKP on Ed25519). Raises RefusedError."""
    kind, curve = fields.get("kty"), fields.get("crv")
    if kind in ("EC2", "EC") and curve == "P-256":
        numbers = ec.EllipticCurvePublicNumbers(
            int.from_bytes(_coordinate(fields, "x"), "big"),
            int.from_bytes(_coordinate(fields, "y"), "big"),
            ec.SECP256R1(),
        )
        try:
            return _proven(numbers.public_key())
        except ValueError as error:
            raise RefusedError("key_invalid", "The key is no point of its curve.") from error
    if kind == "OKP" and curve == "Ed25519":
        raw = _coordinate(fields, "x")
        _full_order(raw)
        try:
            return _proven(ed25519.Ed25519PublicKey.from_public_bytes(raw))
        except ValueError as error:
            raise RefusedError("key_invalid", "The key is no point of its curve.") from error
    raise RefusedError("key_invalid", "The key is neither EC2 on P-256 nor OKP on Ed25519.")


def _coordinate(fields: dict[str, object], name: str) -> bytes:
    """32 bytes in base64url (RFC 7518, section 6.2.1.2: full length, leading zeros kept)."""
    text = fields.get(name)
    if not isinstance(text, str) or not _COORDINATE.match(text):
        raise RefusedError("key_invalid", f"The key's {name} is not 32 bytes in base64url.")
    try:
        return base64.urlsafe_b64decode(text.rstrip("=") + "=")
    except (binascii.Error, ValueError) as error:
        raise RefusedError("key_invalid", f"The key's {name} is not 32 bytes in base64url.") from error


def verify(key: PublicKey, signature: bytes, message: bytes) -> None:
    """Prove a signature as COSE writes it. Raises RefusedError with the reason."""
    try:
        if key.algorithm == "ES256":
            _verify_es256(key, signature, message)
        elif key.algorithm == "EdDSA":
            _verify_ed25519(key, signature, message)
        else:
            _verify_ps256(key, signature, message)
    except InvalidSignature as error:
        raise RefusedError("signature_invalid", "The signature does not belong to this content and key.") from error


def _verify_es256(key: PublicKey, signature: bytes, message: bytes) -> None:
    """ECDSA on P-256 with SHA-256; r and s side by side, 32 bytes each (RFC 9053, section 2.1), never DER."""
    if len(signature) != 64:  # RFC 9053, section 2.1
        code = "signature_der" if signature[:1] == b"\x30" and len(signature) > 64 else "signature_length"
        raise RefusedError(code, "The signature is not the 64 bytes that it must be.")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < P256_ORDER and 0 < s < P256_ORDER):
        raise RefusedError("signature_range", "The signature's numbers are out of range.")
    assert isinstance(key.material, ec.EllipticCurvePublicKey)
    key.material.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))


def _verify_ed25519(key: PublicKey, signature: bytes, message: bytes) -> None:
    """Ed25519 (RFC 8032, section 5.1.7): s below the order, so that a signature has one form only."""
    if len(signature) != 64:  # RFC 8032, section 5.1.6
        raise RefusedError("signature_length", "The signature is not the 64 bytes that it must be.")
    if int.from_bytes(signature[32:], "little") >= ED25519_ORDER:
        raise RefusedError("signature_range", "The signature's number is out of range.")
    assert isinstance(key.material, ed25519.Ed25519PublicKey)
    key.material.verify(signature, message)


def _verify_ps256(key: PublicKey, signature: bytes, message: bytes) -> None:
    """RSASSA-PSS with SHA-256, MGF1 with SHA-256, a salt of 32 bytes (RFC 8230, section 2)."""
    assert isinstance(key.material, rsa.RSAPublicKey)
    if len(signature) != (key.material.key_size + 7) // 8:
        raise RefusedError("signature_length", "The signature is not as long as its key.")
    scheme = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=hashes.SHA256.digest_size)
    key.material.verify(signature, message, scheme, hashes.SHA256())
