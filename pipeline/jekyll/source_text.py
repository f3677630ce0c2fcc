"""A source file as text in the site's encoding, cut in header and body."""

from dataclasses import dataclass

from pipeline.jekyll.frontmatter import BOM, header_text, split
from pipeline.jekyll.item import Split


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """The decoded file. `text` is None where a byte is not valid; `bad_byte` is the first."""

    split: Split
    text: str | None
    header: str = ""
    body: str = ""
    bad_byte: int = 0


def read_source(data: bytes, encoding: str) -> SourceText:
    """Decode and cut a file as `File.read(path, encoding: "bom|utf-8")` and Jekyll's pattern do."""
    bom = encoding.lower().startswith("utf-")
    cut = split(data, bom=bom)
    marked = encoding.lower() == "utf-8" and data.startswith(BOM)
    codec = "utf-8-sig" if marked else encoding
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        return SourceText(split=cut, text=None, bad_byte=error.start)
    if not cut.present:
        return SourceText(split=cut, text=text, body=text)
    if len(text) == len(data) and codec == "utf-8":  # a character a byte: it need not be read again
        header, body = text[: cut.yaml_end], text[cut.body_start :]
        return SourceText(split=cut, text=text, header=header, body=body)
    return SourceText(
        split=cut,
        text=text,
        header=header_text(data, cut).decode(codec),
        body=data[cut.body_start :].decode(encoding),
    )
