#!/usr/bin/env python3
"""Check an evidence folder: python3 check.py [FOLDER]. Needs Python 3.8 or newer, nothing else.

It is one file, and long for that, because it travels alone. It reads the folder that it lies in, writes nothing, asks no network. Exit code 0: nothing is wrong
(what could not be verified is told as such); 1: something is wrong, and it says what.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import sys
import zlib
from typing import Any, Iterator, Tuple, Union

OK, OPEN, WRONG = "OK", "NOT VERIFIED", "WRONG"
Told = Iterator[Tuple[str, str]]
MOST = 1 << 28  # bytes of one record
REPEATS = 1000  # equal records in one file have ids that differ by a number
SUM = re.compile(rb"([0-9a-f]{64})  ([^\n]+)\n")
DIGEST = rb"(none|sha256:[0-9a-f]{64})"
HEAD = re.compile(
    rb"# jekyll-archive manifest 1\n# sequence: (\d+)\n# site: [^\n]*\n# created: [^\n]*\n"
    rb"# software: [^\n]*\n# previous: " + DIGEST + rb"\n# files: (\d+)\n"
)
FILE = re.compile(
    rb"# size: (\d+)\n# records: (none|\d+)\n# order: "
    + DIGEST
    + rb"\n# stream: "
    + DIGEST
    + rb"\n"
    rb"\\?([0-9a-f]{64})  ([^\n]+)\n"
)
ARMOUR = b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----"
TAIL = b"# sha256 of the lines above: "
FAULTS = (
    ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError,
    zlib.error,
)  # fmt: skip


class Case:
    """The folder, and what was found in it so far."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.sealed: dict[str, tuple[bytes, bytes]] = {}
        self.manifests: dict[str, str] = {}
        self.events: dict[int, str] = {}
        self.headers: dict[str, list[bytes]] = {}
        self.blocks: dict[str, bytes] = {}
        self.said: dict[str, Any] = {}

    def read(self, name: str) -> bytes:
        with open(os.path.join(self.folder, *name.split("/")), "rb") as file:
            return file.read()

    def names(self, start: str = "") -> list[str]:
        found = []
        for top, folders, files in os.walk(self.folder):
            for name in files + [f for f in folders if os.path.islink(os.path.join(top, f))]:
                path = os.path.relpath(os.path.join(top, name), self.folder)
                found.append(path.replace(os.sep, "/"))
        return sorted(name for name in found if name.startswith(start))


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def files(case: Case) -> Told:
    listed = case.read("SHA256SUMS")
    sums = {os.fsdecode(name): digest.decode() for digest, name in SUM.findall(listed)}
    again = "".join("%s  %s\n" % (sums[name], name) for name in sorted(sums))
    if os.fsencode(again) != listed:
        yield WRONG, "SHA256SUMS is not a list of digests and names"
    there = set(case.names()) - {"SHA256SUMS"}
    for name in sorted(there ^ set(sums)):
        yield WRONG, "%s: %s" % (name, "not in SHA256SUMS" if name in there else "is not there")
    for name in sorted(there & set(sums)):
        if sha256(case.read(name)) != sums[name]:
            yield WRONG, name + ": its digest is not the one in SHA256SUMS"
    case.said = json.loads(case.read("evidence.json"))
    yield OK, "%d files, each with the digest in SHA256SUMS" % len(there)


def manifests(case: Case) -> Told:
    before = "none"
    kept: list[Any] = []
    names = case.names("manifests/")
    for number, name in enumerate(names, 1):
        data = case.read(name)
        head = HEAD.match(data)
        if not head or int(head[1]) != number or name != "manifests/%06d.txt" % number:
            raise ValueError(name + " is not manifest %d" % number)
        found, at = [], head.end()
        for _ in range(int(head[3])):
            file = FILE.match(data, at)
            if not file:
                raise ValueError(name + ": not a manifest")
            found.append(file.groups())
            at = file.end()
        if data[at:] != TAIL + sha256(data[:at]).encode() + b"\n":
            yield WRONG, name + ": its last line is not the digest of the others"
        if head[2].decode() != before:
            yield WRONG, name + ": names another manifest as the one before it"
        if found[: len(kept)] != kept:
            yield WRONG, name + ": a file of the manifest before is gone or changed"
        case.manifests[name] = sha256(data)
        before, kept = "sha256:" + sha256(data), found
    if not names:
        raise ValueError("there is no manifest")
    case.sealed = {file[5].decode(): (file[1], file[2]) for file in kept}
    yield OK, "%d manifest(s), one chain; the newest is %s" % (len(names), before)


def events(case: Case) -> Told:
    previous, told = None, set()
    lines = case.read("events.jsonl").decode().split("\n")[:-1]
    for number, line in enumerate(lines, 1):
        event = json.loads(line)
        said = event.pop("digest")
        form = json.dumps(event, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if sha256(form.encode()) != said or event["sequence"] != number:
            yield WRONG, "event %d: its digest is not that of what it says" % number
        if event["previous"] != previous:
            yield WRONG, "event %d: names another event as the one before it" % number
        previous = case.events[number] = said
        sealed = json.loads(event["payload"]).get("manifest")
        if sealed:
            told.add(sealed["path"])
            if case.manifests.get(sealed["path"]) != sealed["sha256"]:
                yield WRONG, "event %d: tells of another %s" % (number, sealed["path"])
    for name in sorted(set(case.manifests) - told):
        yield WRONG, name + ": no event tells of it"
    yield OK, "%d event(s), one chain; the newest is sha256:%s" % (len(lines), previous)


def signatures(case: Case) -> Told:
    found = case.names("signatures/")
    for name in found:
        if name.endswith(".tsr"):
            yield OPEN, name + ": a time stamp (RFC 3161); openssl ts -verify checks it"
        elif name.endswith(".sig"):
            manifest = "manifests/" + name[len("signatures/") : -len(".sig")]
            is_manifest = manifest in case.manifests
            about = manifest if is_manifest else name[: -len(".sig")]
            space = b"jekyll-archive-" + (b"manifest" if is_manifest else b"events")
            yield signed(case.read(name), case.read(about), space, about)
        else:
            said = re.search(
                r"# event: (\d+)\n(?:.*\n)*# digest: sha256:(\w+)\n", case.read(name).decode()
            )
            if not said or case.events.get(int(said[1])) != said[2]:
                yield WRONG, name + ": the event log says otherwise"
    if not found:
        yield OPEN, "who made this: nothing is signed; compare the digests with what you know"


def signed(text: bytes, data: bytes, space: bytes, about: str) -> tuple[str, str]:
    """Check a signature in OpenSSH's form (PROTOCOL.sshsig)."""
    first, *lines, last, end = text.split(b"\n")
    blob = base64.b64decode(b"".join(lines), validate=True)
    if (first, last, end, blob[:10]) != (*ARMOUR, b"", b"SSHSIG\0\0\0\1"):
        raise ValueError(about + ": not a signature of OpenSSH")
    key, said, reserved, kind, signature = strings(blob[10:])
    if said != space or reserved or kind not in (b"sha256", b"sha512"):
        return WRONG, about + ": the signature is for something else"
    name = "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")
    algorithm, value = strings(signature)
    parts = strings(key)
    if parts[0] != algorithm or algorithm not in (b"ssh-ed25519", *CURVES):
        return WRONG, about + ": signed by nothing that we know"
    fields = (space, b"", kind, hashlib.new(kind.decode(), data).digest())
    message = b"SSHSIG" + b"".join(len(f).to_bytes(4, "big") + f for f in fields)
    holds = (
        ecdsa(algorithm, parts[2], message, value)
        if algorithm in CURVES
        else (ed25519(parts[1], message, value))
    )
    if not holds:
        return WRONG, about + ": the signature is not by its key over these bytes"
    return OK, "%s: signed with the key %s; whose that is you have to know" % (about, name)


def strings(data: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at : at + 4], "big")
        if end > len(data):
            raise ValueError("a signature ends too early")
        found.append(data[at + 4 : end])
        at = end
    return found


P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = Tuple[int, int, int, int]


def add(a: Point, b: Point) -> Point:
    """Add two points in extended coordinates (RFC 8032, 5.1.4)."""
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point, number = add(point, point), number >> 1
    return total


def decoded(data: bytes) -> Point:
    """Read a point (RFC 8032, 5.1.3). Raises ValueError."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if len(data) != 32 or y >= P:
        raise ValueError("not a point of Ed25519")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (not x and sign):
        raise ValueError("not a point of Ed25519")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def ed25519(key: bytes, message: bytes, signature: bytes) -> bool:
    """Verify a signature (RFC 8032, 5.1.7)."""
    try:
        public = decoded(key)
    except ValueError:
        return False
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= Q:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    k = int.from_bytes(digest, "little") % Q
    base = decoded((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    negative = (P - public[0], public[1], 1, P - public[3])
    x, y, z, _ = add(times(s, base), times(k, negative))
    x, y = x * pow(z, P - 2, P) % P, y * pow(z, P - 2, P) % P
    return signature[:32] == (y | (x & 1) << 255).to_bytes(32, "little")


#: By the name of a key: p and b of the curve, its base point, its order, the hash (FIPS 186-4).
CURVES = {
    b"ecdsa-sha2-nistp256": (
        2**256 - 2**224 + 2**192 + 2**96 - 1,
        0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
        "sha256",
    ),
    b"ecdsa-sha2-nistp384": (
        2**384 - 2**128 - 2**96 + 2**32 - 1,
        0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
        0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
        0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
        "sha384",
    ),
}
Affine = Union[Tuple[int, int], None]


def joined(a: Affine, b: Affine, p: int) -> Affine:
    """Add two points of a curve with a = -3; None is the point at infinity."""
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and (a[1] + b[1]) % p == 0:
        return None
    if a == b:
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, p)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, p)
    x = (slope * slope - a[0] - b[0]) % p
    return x, (slope * (a[0] - x) - a[1]) % p


def ecdsa(curve: bytes, key: bytes, message: bytes, signature: bytes) -> bool:
    """Verify a signature (FIPS 186-4, 6.4), as OpenSSH writes it (RFC 5656, 3.1.2)."""
    p, b, x, y, n, kind = CURVES[curve]
    r, s = (int.from_bytes(each, "big") for each in strings(signature))
    size = (p.bit_length() + 7) // 8
    public = int.from_bytes(key[1 : size + 1], "big"), int.from_bytes(key[size + 1 :], "big")
    on_curve = (public[1] ** 2 - public[0] ** 3 + 3 * public[0] - b) % p == 0
    if len(key) != 2 * size + 1 or key[0] != 4 or max(public) >= p or not on_curve:
        return False
    if not (0 < r < n and 0 < s < n):
        return False
    inverse = pow(s, -1, n)
    total: Affine = None
    digest = int.from_bytes(hashlib.new(kind, message).digest(), "big")
    for factor, point in ((digest * inverse % n, (x, y)), (r * inverse % n, public)):
        power: Affine = point
        while factor:
            if factor & 1:
                total = joined(total, power, p)
            power, factor = joined(power, power, p), factor >> 1
    return total is not None and total[0] % n == r


def records(case: Case) -> Told:
    data, at = case.read("records.warc.gz"), 0
    orders = {path: order(case, path, name) for path, name in case.said["orders"].items()}
    for entry in case.said["records"]:
        member = data[at : at + entry["length"]]
        inflate = zlib.decompressobj(31)
        record = inflate.decompress(member, MOST)
        if not inflate.eof or inflate.unused_data or entry["at"] != at:
            raise ValueError("records.warc.gz, byte %d: not one whole record" % at)
        at += entry["length"]
        head, _, rest = record.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        fields = dict(line.split(b": ", 1) for line in lines[1:])
        name = fields[b"WARC-Record-ID"][1:-1].decode()
        block = rest[: int(fields[b"Content-Length"])]
        if rest[len(block) :] != b"\r\n\r\n" or lines[0] != b"WARC/1.1" or name != entry["id"]:
            raise ValueError(entry["id"] + ": not this record")
        digest = b"sha256:" + sha256(block).encode()
        told = fields[b"WARC-Type"], fields.get(b"WARC-Target-URI", b"")
        if told != (entry["type"].encode(), (entry["uri"] or "").encode()):
            yield WRONG, name + ": evidence.json tells of another record"
        if fields[b"WARC-Block-Digest"] != digest:
            yield WRONG, name + ": its block is not what its digest says"
        if fields[b"WARC-Type"] == b"resource" and fields[b"WARC-Payload-Digest"] != digest:
            yield WRONG, name + ": its payload is not what its digest says"
        if not named(lines, name):
            yield WRONG, name + ": its id is not made of what it says"
        if name not in orders[entry["file"]]:
            yield WRONG, name + ": not among the records of " + entry["file"]
        case.headers[name], case.blocks[name] = lines, block
    if at != len(data):
        yield WRONG, "records.warc.gz: there is more than evidence.json tells of"
    yield (
        OK,
        (
            "%d records; each has an id made of its own bytes, which is in the list of ids that a "
            "manifest seals" % len(case.blocks)
        ),
    )
    yield OPEN, "where the records lie in the sealed files: that takes the archive itself"


def order(case: Case, path: str, name: str) -> set[str]:
    """Read the ids of all records of a sealed file; their digest is in the manifest."""
    raw = case.read(name).hex()
    ids = [raw[at : at + 32] for at in range(0, len(raw), 32)]
    full = ["urn:uuid:" + "-".join((i[:8], i[8:12], i[12:16], i[16:20], i[20:])) for i in ids]
    count, digest = case.sealed[path]
    found = "sha256:" + sha256("".join(each + "\n" for each in full).encode())
    if found.encode() != digest or len(full) != int(count):
        raise ValueError(name + ": not the records that the manifest names for " + path)
    return set(full)


def named(lines: list[bytes], name: str) -> bool:
    """Tell whether an id is made of the header: 122 bits of its SHA-256 as a UUID."""
    rest = b"".join(line + b"\r\n" for line in lines[1:] if not line.startswith(b"WARC-Record-ID:"))
    for repeat in range(REPEATS):
        raw = bytearray(hashlib.sha256(rest + b"%d" % repeat).digest()[:16])
        raw[6], raw[8] = 0x80 | raw[6] & 0x0F, 0x80 | raw[8] & 0x3F
        if raw.hex() == name[len("urn:uuid:") :].replace("-", ""):
            return True
    return False


def git_id(kind: bytes, data: bytes, like: str) -> str:
    make = hashlib.sha1 if len(like) == 40 else hashlib.sha256
    return make(kind + b" %d\0" % len(data) + data).hexdigest()


def contents(case: Case) -> Told:
    proved = 0
    for state in case.said["states"]:
        label = "%s (%s)" % (state["path"], state["oid"][:12])
        if state["record"] is None:
            yield OPEN, label + ": its bytes are not here: " + state["why"]
            continue
        block = case.blocks[state["record"]]
        if git_id(b"blob", block, state["oid"]) != state["oid"] or sha256(block) != state["sha256"]:
            yield WRONG, label + ": the bytes are not these"
        if not refers(case, state):
            yield WRONG, label + ": the revisit record is about other bytes"
        for tree in state["trees"]:
            found = walked(case, tree["commit"], bytes.fromhex(state["path_hex"]))
            own = tree["commit"] == state["since"]
            if found is None:
                yield OPEN, "%s: what was there at commit %s" % (label, tree["commit"])
            elif found != tree["holds"] or (own and found != state["mode"] + " " + state["oid"]):
                yield WRONG, "%s: commit %s says otherwise" % (label, tree["commit"])
            else:
                proved += 1
    for page in case.said["pages"]:
        block = case.blocks[page["record"]]
        if sha256(block) != page["sha256"] or not refers(case, page):
            yield WRONG, page["url"] + ": the page is not these bytes"
    count = len(case.said["states"]), len(case.said["pages"])
    yield OK, "%d states of the source by git's own ids, %d pages by SHA-256" % count
    yield OK, "%d times a commit was followed through its trees to the file" % proved


def refers(case: Case, what: dict[str, Any]) -> bool:
    """Tell whether a revisit record, if there is one, refers to the record with the bytes."""
    if not what["revisit"]:
        return True
    header = dict(line.split(b": ", 1) for line in case.headers[what["revisit"]][1:])
    digest = b"sha256:" + sha256(case.blocks[what["record"]]).encode()
    whose = b"<%s>" % what["record"].encode()
    return (header[b"WARC-Payload-Digest"], header[b"WARC-Refers-To"]) == (digest, whose)


def walked(case: Case, commit: str, path: bytes) -> str | None:
    """Follow a commit to a path: give mode and id of what is there, if anything; None: unknown."""
    record = case.said["commits"].get(commit)
    if record is None:
        return None
    data = case.blocks[record]
    if git_id(b"commit", data, commit) != commit or not data.startswith(b"tree "):
        raise ValueError("commit %s: not its bytes" % commit)
    found = data[5 : data.index(b"\n")].decode()
    parts, mode = path.split(b"/"), b""
    for number, part in enumerate(parts):
        name = "git/" + found
        if not os.path.exists(os.path.join(case.folder, "git", found)):
            return None
        tree, size = case.read(name), len(commit) // 2
        if git_id(b"tree", tree, commit) != found:
            raise ValueError(name + ": not its bytes")
        entries, at = {}, 0
        while at < len(tree):
            mode, _, rest = tree[at : at + 8].partition(b" ")
            end = tree.index(b"\0", at)
            entries[tree[at + len(mode) + 1 : end]] = mode, tree[end + 1 : end + 1 + size].hex()
            at = end + 1 + size
        mode, found = entries.get(part, (b"", ""))
        if not found or (mode == b"40000") != (number < len(parts) - 1):
            return ""
    return (mode + b" " + found.encode()).decode()


def claims(case: Case) -> Told:
    for sentence in case.said["not_proved"]:
        yield OPEN, sentence


def main(arguments: list[str]) -> int:
    given = arguments or [os.path.dirname(os.path.abspath(__file__))]
    case, wrong, unverified = Case(given[0]), 0, 0
    for check in (files, manifests, events, signatures, records, contents, claims):
        try:
            for verdict, sentence in check(case):
                shown = "".join(c if c.isprintable() else "?" for c in sentence)
                print("%-13s %s" % (verdict, shown.encode("ascii", "backslashreplace").decode()))
                wrong, unverified = wrong + (verdict == WRONG), unverified + (verdict == OPEN)
        except FAULTS as error:
            print("%-13s %s: %s" % (WRONG, check.__name__, ascii(str(error))[1:-1]))
            wrong += 1
    if wrong:
        print("\nWRONG: %d thing(s), see above" % wrong)
        return 1
    print("\nOK: nothing is wrong; %d thing(s) cannot be verified from here" % unverified)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
