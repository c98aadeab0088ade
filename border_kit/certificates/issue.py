"""Issuing: keys that an authority keeps, certificates and status lists that they sign.

Private keys are written encrypted (PKCS #8, PEM) and read with their passphrase. The demonstration key is no secret: it signs
for an issuer that no live trust list can contain.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from border_kit.catalog.trust_rules import DEMO_ISSUER
from border_kit.certificates import base45, cbor, cose, cwt, keys
from border_kit.certificates.cbor import Item
from border_kit.certificates.claims import Claims, LicenceLine, StatusRef
from border_kit.certificates.keys import PublicKey
from border_kit.certificates.profiles import LICENCE, LICENCE_TYP, STATUS_LIST_TYP
from border_kit.errors import InputError, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    PrivateKey = EllipticCurvePrivateKey | Ed25519PrivateKey

SHORTEST_PASSPHRASE = 10
"""Characters. The key file is all that keeps a state's licences from being forged."""

WARN_CHARACTERS, MOST_CHARACTERS = 970, 1_451
"""What QR versions 20 and 25 hold at level M (ISO/IEC 18004, table 7, alphanumeric): hard to read beyond the first, refused
beyond the second."""

_ALGORITHM_IDS = {name: number for number, name in cose.ALGORITHMS.items()}


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key and the authority it signs for."""

    issuer: str
    private: PrivateKey
    public: PublicKey

    def sign(self, payload: Item, typ: str) -> bytes:
        """A COSE_Sign1 (tag 18) over a payload, in the deterministic encoding."""
        protected = cbor.encode(
            {cose.ALG: _ALGORITHM_IDS[self.public.algorithm], cose.KID: self.public.kid, cose.TYP: typ}
        )
        body = cbor.encode(payload)
        signature = self._raw(cose.sig_structure(protected, body))
        return cbor.encode(cbor.Tag(cose.SIGN1_TAG, [protected, {}, body, signature]))

    def _raw(self, message: bytes) -> bytes:
        """A signature as COSE writes it (RFC 9053, section 2)."""
        if isinstance(self.private, ec.EllipticCurvePrivateKey):
            r, s = utils.decode_dss_signature(self.private.sign(message, ec.ECDSA(hashes.SHA256())))
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return self.private.sign(message)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate's text, and whether it is so long that it is hard to read."""

    text: str
    claims: Claims
    long: bool


def goods_digest(lines: tuple[LicenceLine, ...]) -> str:
    """The SHA-256, in hex, that stands for a list of goods too long for a certificate."""
    rows: list[Item] = [cwt.write_line(line) for line in lines]
    return hashlib.sha256(cbor.encode(rows)).hexdigest()


def certificate(claims: Claims, signer: Signer) -> Issued:
    """Sign a licence certificate.

    Raises:
        UsageError: the signer is another authority's.
        InputError: it is longer than a QR code of version 25 holds, or its content would be refused by a reader.
    """
    if claims.issuer != signer.issuer:
        raise UsageError("issuer_mismatch", f"This key signs for {signer.issuer}, not for {claims.issuer}.")
    payload = cwt.write_licence(claims)
    if cwt.read_licence(cbor.decode(cbor.encode(payload), LICENCE.rules)) != claims:
        raise InputError("claims_lossy", f"Licence {claims.number} would not be read as it is written.")
    text = LICENCE.prefix + base45.encode(zlib.compress(signer.sign(payload, LICENCE_TYP), 9))
    if len(text) > MOST_CHARACTERS:
        raise InputError(
            "certificate_too_long",
            f"The certificate of {claims.number} would have {len(text)} characters; {MOST_CHARACTERS} can be read from paper.",
            "Leave the list of goods to the registry (--goods-digest).",
        )
    return Issued(text, claims, long=len(text) > WARN_CHARACTERS)


def status_token(payload: Item, signer: Signer) -> bytes:
    """Sign a status list."""
    return signer.sign(payload, STATUS_LIST_TYP)


def new_key(algorithm: str) -> PrivateKey:
    """A new private key for ES256 or EdDSA."""
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key(ec.SECP256R1())


def signer_of(private: PrivateKey, issuer: str) -> Signer:
    """A signer of a private key. Raises UsageError where the demonstration key would sign for anybody else."""
    public = keys.from_spki(_spki(private))
    if (issuer == DEMO_ISSUER) != (public.der == _spki(_demo_key())):
        raise UsageError("demo_key", f"The demonstration key signs for {DEMO_ISSUER}, and only it does.")
    return Signer(issuer, private, public)


def _spki(private: PrivateKey) -> bytes:

    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private.public_key().public_bytes(serialization.Encoding.DER, form)


def to_pem(private: PrivateKey, passphrase: str) -> bytes:
    """The key, encrypted (PKCS #8). Raises UsageError where the passphrase is too short."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise UsageError(
            "passphrase_short", f"A passphrase has {SHORTEST_PASSPHRASE} characters at least.", "Choose another."
        )
    return private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode()),
    )


def from_pem(content: bytes, passphrase: str) -> PrivateKey:
    """Read an encrypted key. Raises InputError where it is none, is unencrypted, or the passphrase is wrong."""
    try:
        found = load_pem_private_key(content, passphrase.encode())
    except TypeError as error:
        raise InputError(
            "key_unencrypted", "The key lies there unencrypted.", "Make a new one with: border-kit certificate key new"
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputError(
            "key_unreadable", "The key cannot be read: it is no key, or the passphrase is another.", "Try again."
        ) from error
    if isinstance(found, ed25519.Ed25519PrivateKey):
        return found
    if isinstance(found, ec.EllipticCurvePrivateKey) and isinstance(found.curve, ec.SECP256R1):
        return found
    raise InputError(
        "key_kind", "The key is neither on P-256 nor Ed25519.", "Make one with: border-kit certificate key new"
    )


def _demo_key() -> PrivateKey:
    """The demonstration key: derived from a sentence that stands here, so that nobody takes it for a secret."""
    number = int.from_bytes(hashlib.sha256(b"border_kit demonstration key: anybody may sign with it").digest(), "big")
    return ec.derive_private_key(number % (keys.P256_ORDER - 1) + 1, ec.SECP256R1())


def demo_signer() -> Signer:
    """The signer of demonstration certificates."""
    return signer_of(_demo_key(), DEMO_ISSUER)


DEMO_STATUS = StatusRef("https://status.example/xa-demo-01", 7)
_DEMO_DAY = datetime(2026, 11, 1, tzinfo=UTC)


def demo_claims() -> Claims:
    """The licence of the demonstration certificate: invented from end to end."""
    return Claims(
        issuer=DEMO_ISSUER,
        number="DEMO-26-0001",
        document="EL",
        cti="00112233445566778899aabbccddeeff",
        issued_at=_DEMO_DAY,
        not_before=_DEMO_DAY,
        expires=datetime(2036, 11, 1, tzinfo=UTC),
        exporter="Exampland Optics Ltd (fictional)",
        end_user="Ypsiland Survey Office (fictional)",
        end_use_state="YY",
        destination="YY",
        lines=(LicenceLine(1, "6A003.b.4.b", "852589", "thermal camera", Decimal(20), "pcs", Decimal(50_000), "EUR"),),
        end_use="mapping of forests",
        conditions=("no re-export without consent",),
        status=DEMO_STATUS,
    )
