"""CRC64NVME, and CRCs of parts joined to that of the whole. Pure functions, any thread.

anycrc is as fast as awscrt, and is loaded in a third of the time: awscrt first tests a random generator that nobody
here asks for.
"""

from functools import cache
from typing import Any

from anycrc.crc import CRC

_ALL_ONES_64, _ALL_ONES_32 = 2**64 - 1, 2**32 - 1
_CRC64NVME: Any = CRC(64, 0xAD93D23594C93659, _ALL_ONES_64, refin=True, refout=True, xorout=_ALL_ONES_64)


def crc64nvme(data: bytes | bytearray | memoryview, known: int = 0) -> int:
    """The checksum of the bytes; of those before them too, where `known` is theirs."""
    return int(_CRC64NVME.calc(data, known))


def combine_crc64nvme(first: int, second: int, size: int) -> int:
    """The checksum of bytes made of that of the first ones and that of the others, which are `size`."""
    return int(_CRC64NVME.combine(first, second, size))


def combine_crc32(first: int, second: int, size: int) -> int:
    """Likewise of CRC32, which Python itself computes, but does not join."""
    return int(_crc32().combine(first, second, size))


@cache
def _crc32() -> Any:
    """Made for the few stores that want it."""
    return CRC(32, 0x04C11DB7, _ALL_ONES_32, refin=True, refout=True, xorout=_ALL_ONES_32)
