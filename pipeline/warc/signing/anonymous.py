"""Sign a WACZ in the anonymous form of wacz-auth 0.1.0, as ArchiveWeb.page does, with a stamp."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from pipeline.errors import UsageError
from pipeline.model import Sha256
from pipeline.warc.dates import to_warc_date
from pipeline.warc.signing.keys import SigningKey
from pipeline.warc.signing.signed_data import (
    DIGEST_PATH,
    PACKAGE_PATH,
    VERSION,
    PackageDigest,
    SignedData,
    fields_of,
    hash_of,
    read_json,
    render_digest,
    to_base64,
)
from pipeline.warc.signing.stamp import read_response
from pipeline.warc.signing.stamp_check import chain_of, check_stamp
from pipeline.warc.signing.trust import Trust

Stamping = Callable[[bytes], bytes]
"""Gives an authority's response over data."""


def package_signer(
    key: SigningKey, software: str, stamp: Stamping | None = None
) -> Callable[[Sha256, datetime], Mapping[str, str]]:
    """Give what the writer of packages asks for `signedData`; `software` is the package's own."""

    def signed(digest: Sha256, created: datetime) -> Mapping[str, str]:
        text = to_warc_date(created.replace(microsecond=0))
        made = sign(str(digest), key, created=text, software=software)
        return fields_of(with_stamp(made, stamp))

    return signed


def sign(hash_text: str, key: SigningKey, *, created: str, software: str) -> SignedData:
    """Sign the digest of `datapackage.json`, given as `sha256:…`, in the anonymous form.

    `created` and `software` have to be those of `datapackage.json`, in the same characters: readers
    compare them, and by that they are signed too.
    """
    return SignedData(
        hash=hash_text,
        created=created,
        software=software,
        version=VERSION,
        signature=to_base64(key.sign(hash_text.encode())),
        public_key=to_base64(key.public.spki),
    )


def sign_package(datapackage: bytes, key: SigningKey, stamp: Stamping | None = None) -> bytes:
    """Give the `datapackage-digest.json` for the bytes of a `datapackage.json`.

    `stamp` gives an authority's response for bytes. Raises UsageError where the package does not
    say when and by what it was made, SignatureFaultError where the time stamp is not right.
    """
    told = read_json(datapackage, PACKAGE_PATH)
    created, software = told.get("created"), told.get("software")
    if not isinstance(created, str) or not isinstance(software, str) or not created:
        raise UsageError(f"{PACKAGE_PATH}: `created` and `software` have to be texts to be signed")
    signed = sign(hash_of(datapackage), key, created=created, software=software)
    signed = with_stamp(signed, stamp)
    return render_digest(PackageDigest(hash=signed.hash, signed=signed))


def with_stamp(signed: SignedData, stamp: Stamping | None) -> SignedData:
    """Add an authority's response over the text of the signature, with its certificates."""
    if stamp is None:
        return signed
    data = signed.signature.encode()
    response = stamp(data)
    read = read_response(response)
    check_stamp(read, data, Trust(), place=DIGEST_PATH)
    return replace(signed, time_signature=to_base64(response), timestamp_cert=chain_of(read))
