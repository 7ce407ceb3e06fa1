"""A certificate authority of the test."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass(frozen=True)
class Pair:
    """The files of a certificate and its key."""

    certificate: Path
    key: Path


class Authority:
    """Issues certificates that a machine trusts once it knows `certificate`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Votekin test authority")])
        self.certificate = self._write("authority", self._name, self._key, None).certificate

    def issue(self, host: str) -> Pair:
        """Return a certificate for a host name."""
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
        return self._write(host, name, ec.generate_private_key(ec.SECP256R1()), host)

    def _write(self, file: str, name: x509.Name, key: ec.EllipticCurvePrivateKey, host: str | None) -> Pair:
        now = datetime.now(UTC)
        draft = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        )
        if host:
            draft = draft.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        pair = Pair(self.folder / f"{file}.crt", self.folder / f"{file}.key")
        pair.certificate.write_bytes(draft.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        encoding, plain = serialization.Encoding.PEM, serialization.NoEncryption()
        pair.key.write_bytes(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, plain))
        return pair
