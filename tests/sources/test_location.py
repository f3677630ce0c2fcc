import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import NotARepositoryError
from pipeline.sources import SourceCode, open_source
from pipeline.sources.location import origin_url, parse_url, printable, site_name


@pytest.mark.parametrize(
    ("location", "clean"),
    [
        ("https://example.org/a/site.git", "https://example.org/a/site.git"),
        ("HTTPS://example.org:8443/a", "https://example.org:8443/a"),
        ("https://user:secret@example.org/a?token=b#c", "https://example.org/a"),
        ("https://token@example.org/a", "https://example.org/a"),
        ("https://[::1]/a", "https://[::1]/a"),
        ("ssh://git@example.org/a.git", "ssh://git@example.org/a.git"),
        ("ssh://git:secret@example.org:2222/a.git", "ssh://git@example.org:2222/a.git"),
        ("git@example.org:a/site.git", "git@example.org:a/site.git"),
    ],
)
def test_reads_the_urls_that_are_cloned(location: str, clean: str) -> None:
    url = parse_url(location)
    assert url is not None
    assert url.clean == clean
    assert url.secret == location


@pytest.mark.parametrize(
    "location",
    [
        "http://example.org/a",
        "git://example.org/a",
        "file:///etc",
        "ftp://example.org/a",
        "ext::sh -c true",
        "ssh::anything",
        "https::anything",
        "fd::17",
        "https://",
        "https:///path",
        "https://-oProxyCommand=x/a",
        "ssh://-oProxyCommand=x/a",
        "ssh://git@-x/a",
        "https://exa mple.org/",
        "https://example.org/a\nb",
        "https://example.org:port/a",
        "https://[::1/a",
        "https://user:secret@exa%0ample.org/a",
        "https://example.org/" + "a" * 5000,
    ],
)
def test_refuses_other_urls_in_one_line_without_their_secrets(location: str) -> None:
    with pytest.raises(NotARepositoryError) as caught, open_source(location):
        pass
    assert str(caught.value).isprintable()
    assert "secret" not in str(caught.value)
    assert len(str(caught.value)) < 4500


@pytest.mark.parametrize(
    "location", ["", ".", "/srv/a:b", "a", "host:path", "@:x", "a@b:-x", "a@b:c\n"]
)
def test_takes_everything_else_for_a_path(location: str) -> None:
    assert parse_url(location) is None


@pytest.mark.parametrize("location", ["", "/nonexistent", "/dev/null", "a\0b", "a\nb", "x" * 9999])
def test_refuses_paths_where_nothing_is(location: str) -> None:
    with pytest.raises(NotARepositoryError) as caught, open_source(location):
        pass
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://example.org/a.git", "https://example.org/a.git"),
        ("https://user:secret@example.org/a.git", "https://example.org/a.git"),
        ("http://example.org/a", "http://example.org/a"),
        ("git://example.org/a", "git://example.org/a"),
        ("ssh://git:secret@example.org/a", "ssh://git@example.org/a"),
        ("git@example.org:org/a.git", "ssh://git@example.org/org/a.git"),
        ("git@example.org:/srv/a.git", "ssh://git@example.org/srv/a.git"),
        ("/srv/a.git", None),
        ("../a", None),
        ("file:///srv/a", None),
        ("ext::sh -c true", None),
        ("https://", None),
        ("https://example.org/\x1b[31m", None),
        ("a@b:c\x1b", None),
        ("", None),
    ],
)
def test_names_an_origin_without_credentials(text: str, origin: str | None) -> None:
    assert origin_url(text) == origin


@pytest.mark.parametrize(
    ("location", "name"),
    [
        ("/srv/My Site.git", "my-site"),
        ("https://example.org/a/Été_2020.git/", "ete-2020"),
        ("git@example.org:site.git", "site"),
        ("x.bundle", "x"),
        ("日本", "site"),
        ("/", "site"),
        ("-" * 80 + "a" * 80, "a" * 60),
    ],
)
def test_makes_a_short_name(location: str, name: str) -> None:
    assert site_name(location) == name


@given(st.text())
@settings(max_examples=100, deadline=None)
def test_anything_can_be_shown_in_one_line(text: str) -> None:
    assert printable(text).isprintable()
    assert printable(printable(text)) == printable(text)


def test_every_code_is_written_alike_and_means_something() -> None:
    codes = [code.code for code in SourceCode]
    assert len(set(codes)) == len(codes)
    for code in SourceCode:
        assert code.code == f"SOURCE-{code.name.replace('_', '-')}"
        assert code.meaning.endswith(".")
        assert code.at("a", "b").severity is code.severity
