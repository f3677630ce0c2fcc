import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.history import swhid
from pipeline.history.gitobject import blob_id
from pipeline.history.swhid import ObjectType, Swhid
from pipeline.warc.uri import is_uri

OID = "4d99d2d18326621ccdd70f5ea66c2e2ac236ad8b"
CORE = f"swh:1:cnt:{OID}"
# The example of clause 6.5.
FULL = (
    f"{CORE};origin=https://gitorious.org/ocamlp3l/ocamlp3l_cvs.git"
    ";visit=swh:1:snp:d7f1b9eb7ccb596c2622c4780febaa02549830f9"
    ";anchor=swh:1:rev:2db189928c94d62a3b4757b3eec68f0a4d4113f0"
    ";path=/Examples/SimpleFarm/simplefarm.ml;lines=9-15"
)
SNAPSHOT = "swh:1:snp:d7f1b9eb7ccb596c2622c4780febaa02549830f9"
REVISION = "swh:1:rev:2db189928c94d62a3b4757b3eec68f0a4d4113f0"


def test_a_core_identifier_names_a_git_object() -> None:
    assert swhid.content(OID) == CORE
    assert swhid.directory(OID) == f"swh:1:dir:{OID}"
    assert swhid.revision(OID) == f"swh:1:rev:{OID}"
    assert swhid.content(blob_id(b"")) == "swh:1:cnt:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


@pytest.mark.parametrize("oid", ["", OID[:-1], OID.upper(), OID + "0" * 24, OID[:-1] + "g"])
def test_what_is_no_sha1_name_has_no_identifier(oid: str) -> None:
    with pytest.raises(ValueError, match="SHA-1"):
        swhid.content(oid)


def test_the_example_of_the_standard_is_made_and_read() -> None:
    parsed = Swhid.parse(FULL)
    assert str(parsed) == FULL
    assert (parsed.type, parsed.core, parsed.lines) == (ObjectType.CONTENT, CORE, "9-15")
    made = swhid.qualified(
        CORE,
        path="Examples/SimpleFarm/simplefarm.ml",
        anchor=REVISION,
        visit=SNAPSHOT,
        origin="https://gitorious.org/ocamlp3l/ocamlp3l_cvs.git",
    )
    assert made == FULL.removesuffix(";lines=9-15")


def test_semicolon_and_percent_are_encoded() -> None:
    made = swhid.qualified(CORE, origin="https://a/b;c%20d#e", path="x;y%z é\udcff")
    assert made == f"{CORE};origin=https://a/b%3Bc%2520d%23e;path=/x%3By%25z%20%C3%A9%FF"
    parsed = Swhid.parse(made)
    assert (parsed.origin, parsed.path) == ("https://a/b;c%20d#e", "/x;y%z é\udcff")


text = st.binary(min_size=1).map(lambda raw: raw.decode("utf-8", "surrogateescape"))


@given(origin=text, path=text)
@settings(deadline=None, max_examples=200)
def test_any_place_comes_back_and_the_whole_is_a_uri(origin: str, path: str) -> None:
    made = swhid.qualified(CORE, origin=origin, path=path, anchor=REVISION)
    assert is_uri(made)
    assert re.sub(r"[^;]", "", made) == ";;;"
    parsed = Swhid.parse(made)
    assert (parsed.origin, parsed.path) == (origin, "/" + path.removeprefix("/"))
    assert str(parsed) == made


def test_combinations_that_clause_6_3_forbids_are_not_made() -> None:
    with pytest.raises(ValueError, match="visit needs origin"):
        swhid.qualified(CORE, visit=SNAPSHOT)
    with pytest.raises(ValueError, match="anchor needs path"):
        swhid.qualified(CORE, anchor=REVISION)
    with pytest.raises(ValueError, match="not a core"):
        swhid.qualified(CORE, path="a", anchor="main")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (f"{CORE};visit={SNAPSHOT}", CORE),
        (f"{CORE};anchor={REVISION}", CORE),
        (f"{CORE};lines=1;bytes=2-3", f"{CORE};bytes=2-3"),
        (f"{REVISION};lines=1;bytes=1", REVISION),
        (f"{CORE};path=/b;origin=a:c", f"{CORE};origin=a:c;path=/b"),
    ],
)
def test_what_readers_shall_ignore_is_ignored(text: str, read: str) -> None:
    assert str(Swhid.parse(text)) == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "swh:2:cnt:" + OID,
        f"swh:1:xxx:{OID}",
        f"{CORE};",
        f"{CORE};path",
        f"{CORE};path=relative",
        f"{CORE};unknown=a",
        f"{CORE};origin=a:b;origin=a:b",
        f"{CORE};lines=a",
        f"{CORE};origin=a:b;visit=main",
        f"{CORE}\n",
    ],
)
def test_what_is_no_identifier_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        Swhid.parse(text)
