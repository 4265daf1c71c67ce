import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialai.errors import InvalidInput
from socialai.knowledge.web.addresses import is_public
from socialai.knowledge.web.links import MAX_URL, clean, is_page, normal, same_site


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1", "168.63.129.16",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:7f00:1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "no address", "",
    ],
)  # fmt: skip
def test_private_addresses_are_not(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_in_another_dress_is_no_more_public(address: ipaddress.IPv4Address) -> None:
    dressed = (
        f"::ffff:{address}",
        f"64:ff9b::{address}",
        f"2002:{int(address) >> 16:x}:{int(address) & 65535:x}::",
    )
    assert {is_public(each) for each in dressed} <= {is_public(str(address)), False}


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("www.shop.example", "https://www.shop.example/"),
        (" HTTP://Shop.Example:80/Help#top ", "http://shop.example/Help"),
        ("https://shop.example/?utm_source=x&page=2&gclid=1", "https://shop.example/?page=2"),
        ("https://shop.example/größen", "https://shop.example/gr%C3%B6%C3%9Fen"),
    ],
)
def test_an_address_has_one_spelling(typed: str, url: str) -> None:
    assert clean(typed) == url
    assert normal(url) == url


@pytest.mark.parametrize(
    "typed", ["", "file:///etc/passwd", "javascript:alert(1)", "http://", "http://[::1", "http://a:b@shop.example",
              "https://shop.example:99999/", "https://shop.example/" + "a" * MAX_URL]
)  # fmt: skip
def test_what_is_no_address_says_so(typed: str) -> None:
    with pytest.raises(InvalidInput):
        clean(typed)


@given(st.text(max_size=200))
def test_any_text_is_an_address_or_none(text: str) -> None:
    found = normal(text, "https://shop.example/help/")
    assert found is None or normal(found) == found


def test_the_same_site_is_one_by_any_way_in() -> None:
    assert same_site("http://shop.example/a", "https://www.shop.example/b")
    assert not same_site("http://shop.example/", "http://shop.example:8080/")
    assert not same_site("http://shop.example/", "http://blog.shop.example/")
    assert not same_site("http://shop.example/", "http://shop.example.evil.example/")


def test_pictures_and_circles_are_no_pages() -> None:
    assert is_page("https://shop.example/help/a/b")
    assert not is_page("https://shop.example/logo.PNG")
    assert not is_page("https://shop.example/a/b/a/b/a/b")
