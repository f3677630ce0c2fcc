"""A trust file says whom to trust, or where it does not make sense."""

from datetime import UTC, datetime

import pytest

from pipeline.errors import UsageError
from pipeline.model import Sha256
from pipeline.warc.signing.keys import Algorithm, SigningKey
from pipeline.warc.signing.trust import Trust, Use, read_trust
from tests.warc.signing.certificates import Wish, issue

KEY = SigningKey.generate(Algorithm.P384).public
ROOT = issue(Wish(name="Root", authority=True))
FILES = {"key.pub": KEY.pem, "root.pem": ROOT.pem.encode(), "odd": b"odd"}
WHOLE = f"""\
[[key]]
name = "The archive"
file = "key.pub"
since = 2026-01-01T00:00:00Z
until = 2030-01-01T01:00:00+01:00

[[key]]
name = "Another"
sha256 = "{"0" * 64}"

[[domain]]
name = "Sign.Example.org"

[[root]]
name = "Time"
for = "time"
file = "root.pem"
policies = ["1.2.3"]

[[root]]
name = "Both"
sha256 = "{"1" * 64}"
"""


def read(text: str | bytes) -> Trust:
    data = text.encode() if isinstance(text, str) else text
    return read_trust(data, "trust.toml", FILES.__getitem__)


def test_a_trust_file_is_read() -> None:
    trust = read(WHOLE)
    key = trust.key(KEY.fingerprint)
    assert key is not None
    assert (key.name, key.until) == ("The archive", datetime(2030, 1, 1, tzinfo=UTC))
    assert key.covers(datetime(2026, 1, 1, tzinfo=UTC))
    assert not key.covers(datetime(2030, 1, 1, tzinfo=UTC))
    assert trust.keys[1].covers(datetime(1990, 1, 1, tzinfo=UTC))
    assert trust.domains == {"sign.example.org"}
    time, both = trust.roots
    assert (set(time.uses), time.policies) == ({Use.TIME}, ("1.2.3",))
    assert time.certificate == ROOT.der
    assert time.fingerprint == Sha256.of(ROOT.der)
    assert (set(both.uses), both.fingerprint.hex) == (set(Use), "1" * 64)
    assert both.certificate is None
    assert trust.roots_for(Use.DOMAIN) == (both,)
    assert trust.key(Sha256.of(b"")) is None


def test_a_list_in_pem_trusts_keys_and_roots() -> None:
    trust = read(b"my key:\n" + KEY.pem + ROOT.pem.encode())
    assert [key.fingerprint for key in trust.keys] == [KEY.fingerprint]
    assert [(root.name, root.certificate) for root in trust.roots] == [("trust.toml:2", ROOT.der)]


def test_an_empty_file_trusts_nobody() -> None:
    assert read("") == Trust()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[keys]]", "not ['keys']"),
        ("key = 1", r"write [[key]]"),
        ("[key]\nname = 'x'", r"write [[key]]"),
        ("[[key]", "neither TOML nor PEM"),
        (b"\xff", "neither TOML nor PEM"),
        ("[[key]]\nname = 'x'", "one of `file` and `sha256`"),
        ("[[key]]\nname = 'x'\nfile = 'key.pub'\nsha256 = '00'", "one of `file` and `sha256`"),
        ("[[key]]\nname = ' '\nfile = 'key.pub'", "`name` is not a text"),
        ("[[key]]\nname = 'x'\nsha256 = '00'", "`sha256` is not 64 hex digits"),
        ("[[key]]\nname = 'x'\nfile = 'key.pub'\nuntil = 2026-01-01", "`until` is not a time"),
        ("[[key]]\nname = 'x'\nfile = 'key.pub'\nuntil = 2026-01-01T00:00:00", "with its zone"),
        ("[[key]]\nname = 'x'\nfile = 'odd'", "key 1: not a key"),
        ("[[key]]\nname = 'x'\nfile = 'key.pub'\nexpires = 1", "unknown: expires"),
        ("[[root]]\nname = 'x'\nfile = 'odd'", "root 1: not a list"),
        ("[[root]]\nname = 'x'\nfile = 'root.pem'\nfor = 'all'", '`for` is "domain" or "time"'),
        ("[[root]]\nname = 'x'\nfile = 'root.pem'\npolicies = '1'", "not a list of texts"),
        ("[[root]]\nname = 'x'\nfile = 'root.pem'\npolicies = [1]", "not a list of texts"),
        (KEY.pem[:-20], "only whole"),
        (b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----", "not a certificate"),
        (b"-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----", "no public key"),
        (b"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----", "only whole"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(text: str | bytes, why: str) -> None:
    with pytest.raises(UsageError) as refused:
        read(text)
    assert why in str(refused.value)
    assert str(refused.value).startswith("trust.toml")
