"""Records made by hand, as other tools write them."""

URL = "https://mill.example/a"
HTML = b"<!DOCTYPE html><title>A</title><p>Text"


def record(kind: str, block: bytes, *fields: str, url: str = URL, number: int = 1) -> bytes:
    media = "application/http; msgtype=response" if kind in {"response", "revisit"} else "text/html"
    lines = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>",
        f"WARC-Target-URI: {url}",
        f"WARC-Date: 2023-11-{number:02}T10:00:00Z",
        f"Content-Type: {media}",
        *fields,
        f"Content-Length: {len(block)}",
    ]
    return "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"


def http(body: bytes, *fields: str, status: int = 200) -> bytes:
    lines = [f"HTTP/1.1 {status} Said", "Content-Type: text/html; charset=UTF-8", *fields, "", ""]
    return "\r\n".join(lines).encode() + body
