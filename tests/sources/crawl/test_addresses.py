"""Which addresses a crawl may connect to, and in which spellings a host is understood."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sources.crawl.addresses import why_not
from pipeline.sources.crawl.url import Refused, Target, read_url

PUBLIC = ["8.8.8.8", "93.184.215.14", "1.1.1.1", "2606:4700::1111", "2a00:1450:4009::200e"]
FORBIDDEN = [
    *(
        "0.0.0.0",  # noqa: S104 - nobody binds to it
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.9.9.9",
    ),
    *("168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1"),
    *("192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:8.8.8.8"),
    *("64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:2::1", "2001:db8::1"),
    *("2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1"),
    *("ff02::1", "4000::1", "2606:4700::5efe:7f00:1", "2606:4700::200:5efe:a00:1"),
    *("fe80::1%eth0", "2606:4700::1111%eth0", "127.1", "0x7f000001", "2130706433", "", "localhost"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_asked(address: str) -> None:
    assert not why_not(address, loopback=False)


@pytest.mark.parametrize("address", FORBIDDEN)
def test_an_address_of_a_special_purpose_may_not(address: str) -> None:
    assert why_not(address, loopback=False)


@pytest.mark.parametrize("address", FORBIDDEN)
def test_loopback_is_all_that_the_flag_allows(address: str) -> None:
    allowed = address in {"127.0.0.1", "127.9.9.9", "::1"}
    assert bool(why_not(address, loopback=True)) is not allowed


@given(st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=300)
def test_python_calls_no_address_private_that_may_be_asked(number: int) -> None:
    four = IPv4Address(number)
    if not why_not(str(four), loopback=False):
        assert four.is_global
        assert not four.is_multicast
    for high in (0xFFFF << 32, 0x64FF9B << 96, 0x2002 << 112 | number << 80, 0):
        six = IPv6Address(high | number)
        assert why_not(str(six), loopback=True) or six == IPv6Address("::1")


ODD = [
    *("http://127.1/", "http://0x7f.1/", "http://0x7f000001/", "http://2130706433/"),
    *("http://0177.0.0.1/", "http://127.0.0.1../", "http://1.2.3.4.5/", "http://127.0.0.0x1/"),
    *("http://127.0.0.09/", "http://[::1/", "http://[fe80::1%25eth0]/", "http://[::1%eth0]/"),
    *("http://user@example.org/", "http://user:pw@127.0.0.1/", "http://a@b@c/", "http://%31%32/"),
    *("http://exa mple.org/", "http://a..b/", "http://.a/", "http://-a.org/", "http://a\x00b/"),
    *("http://example.org:0/", "http://example.org:99999/", "http://example.org:x/", "http://"),
    *("file:///etc/passwd", "gopher://example.org/", "ftp://example.org/", "javascript:1", "x:"),
    *("http://\u2100example.org/", f"http://{'a' * 64}.org/", f"http://{'a.' * 200}org/"),
    *("http://[v1.a]/", f"http://example.org/{'a' * 5000}", f"http://example.org/{'ä' * 2000}"),
]


@pytest.mark.parametrize("text", ODD)
def test_what_could_be_read_in_two_ways_is_refused(text: str) -> None:
    assert isinstance(read_url(text), Refused)


SPELT = {
    "HTTP://EXAMPLE.org:80": "http://example.org/",
    "https://example.org:443/a/../b/./%2e%2E/c#f": "https://example.org/c",
    "http://example.org./": "http://example.org/",
    "http:\\\\example.org\\a?b\\c": "http://example.org/a?b%5Cc",
    " http://exam\nple.org/\t": "http://example.org/",
    "http://bücher.example/ü?q=ä b": "http://xn--bcher-kva.example/%C3%BC?q=%C3%A4%20b",
    "http://127\u30020\u30020\u30021/": "http://127.0.0.1/",
    "http://\uff11\uff12\uff17.0.0.1/": "http://127.0.0.1/",
    "http://\u24dbocalhost/": "http://localhost/",
    "http://[0:0::FFFF:127.0.0.1]:81/": "http://[::ffff:7f00:1]:81/",
    "//other.org/x": "http://other.org/x",
    "?q": "http://base.org/d/e?q",
    "../../../x": "http://base.org/x",
    "..": "http://base.org/",
    "": "http://base.org/d/e",
    "a:b": None,
}


@pytest.mark.parametrize("text", SPELT)
def test_a_url_has_one_spelling(text: str) -> None:
    found = read_url(text, "http://base.org/d/e")
    assert getattr(found, "url", None) == SPELT[text]
    if isinstance(found, Target):
        assert read_url(found.url) == found
        assert found.origin + found.path == found.url


@pytest.mark.parametrize(
    "name", ["localhost", "a.localhost", "localhost.localdomain", "printer.local"]
)
def test_names_of_this_machine_and_network_are_known(name: str) -> None:
    found = read_url(f"http://{name}/")
    assert isinstance(found, Target)
    assert found.is_local


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=300)
def test_no_text_breaks_the_reading_and_what_is_read_stays(text: str) -> None:
    for each in (text, f"http://{text}", f"http://a.org/{text}"):
        found = read_url(each, "http://base.org/")
        if isinstance(found, Target):
            assert read_url(found.url) == found
