"""What the records of any WARC files say: URL, moment, status, media type, decoded body, place."""

from pipeline.warc.payloads.codes import PayloadCode
from pipeline.warc.payloads.reading import WarcSource, payloads
from pipeline.warc.payloads.values import Payload, Spot

__all__ = ["Payload", "PayloadCode", "Spot", "WarcSource", "payloads"]
