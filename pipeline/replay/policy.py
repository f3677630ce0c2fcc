"""With which header fields things are shown: what an archive said counts only by this list."""

from collections.abc import Sequence
from typing import Final

from pipeline.replay.answer import Fields
from pipeline.replay.message import Message
from pipeline.replay.origins import Origins

PASSED: Final = ("Content-Type", "Content-Language")
"""What passes of an archived header. Everything else was said to another browser in another time;
cookies, policies, refreshes, links to load and words about storage would act on this one."""

_NOTHING: Final = (
    "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), "
    "display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), "
    "midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), "
    "xr-spatial-tracking=()"
)
QUIET: Final = (
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-DNS-Prefetch-Control", "off"),
    ("Permissions-Policy", _NOTHING),
)
NOBODY: Final = "'none'"
_INSIDE: Final = "allow-scripts allow-forms"


def own(
    origins: Origins, *, styles: str = "", scripts: str = "", ancestors: Sequence[str] = ()
) -> Fields:
    """Give the fields of a page of the server's own; `styles` and `scripts` are digests.

    `ancestors` are the origins whose pages may have it in a frame.
    """
    policy = [
        "default-src 'none'",
        f"img-src {' '.join(origins.homes)} data:",
        f"style-src '{styles}'" if styles else "style-src 'none'",
        f"script-src '{scripts}'" if scripts else "script-src 'none'",
        f"frame-src {' '.join((origins.everyone, *origins.homes))}",
        "form-action 'self'",
        "base-uri 'none'",
        f"frame-ancestors {' '.join(ancestors) or NOBODY}",
    ]
    return (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", "; ".join(policy)),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
        # Captured pages learn from it that it is the frame that asked, and nothing more.
        ("Referrer-Policy", "origin"),
    )


def inside(origins: Origins, *, scripts: bool) -> Fields:
    """Give the fields of a captured page in its own origin: it reaches captured origins only."""
    allowed = "allow-same-origin allow-scripts allow-forms" if scripts else "allow-same-origin"
    return _captured(origins, f"'self' {origins.everyone}", allowed, scripts=scripts)


def under_path(origins: Origins, path: str, *, scripts: bool) -> Fields:
    """Give the fields of a captured page under a path: its origin is opaque, so nobody's."""
    sources = " ".join((*(f"{home}{path}" for home in origins.homes), origins.everyone))
    return _captured(origins, sources, _INSIDE if scripts else "", scripts=scripts)


def _captured(origins: Origins, sources: str, sandbox: str, *, scripts: bool) -> Fields:
    code = f"script-src {sources} data: blob: 'unsafe-inline' 'unsafe-eval'"
    policy = [
        f"default-src {sources} data: blob: 'unsafe-inline'",
        code if scripts else "script-src 'none'",
        "object-src 'none'",
        f"base-uri {sources}",
        # To be led on, a page goes by one of the server's own; all others refuse to be framed.
        f"frame-src {sources} {' '.join(origins.homes)} data: blob:",
        f"form-action {sources} {' '.join(origins.homes)}",
        f"frame-ancestors {' '.join((*origins.homes, origins.everyone))}",
        f"sandbox {sandbox}".strip(),
    ]
    return (("Content-Security-Policy", "; ".join(policy)), *QUIET, ("Origin-Agent-Cluster", "?1"))


def raw() -> Fields:
    """Give the fields of untouched bytes: a browser may show them, and they do nothing."""
    return (
        ("Content-Security-Policy", "default-src 'none'; sandbox"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        *QUIET,
    )


def passed(message: Message, *, coded: bool) -> Fields:
    """Give what passes of an archived header; `coded`: the body is in its content coding."""
    kept = [(name, _line(message.said(name))) for name in PASSED if message.said(name)]
    if coded and message.codings:
        kept.append(("Content-Encoding", _line(message.codings)))
    if message.said("Access-Control-Allow-Origin"):  # fonts of a site's other hosts
        kept.append(("Access-Control-Allow-Origin", "*"))
    return tuple(kept)


def _line(value: str) -> str:
    return "".join(char for char in value if "\x1f" < char < "\x7f")[:1000]
