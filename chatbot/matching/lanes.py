"""Many whole numbers in one: a row of weights as one big integer, so that rows are added in C, exactly.

A row with weights w0, w1, … is the integer w0 + w1·2^bits + w2·2^(2·bits) + … Adding rows adds all their weights at
once, whatever their signs; multiplying a row multiplies them all. Sums are exact, so neither the order of words nor the
version of Python (3.12 changed how `sum` rounds floats) can change a byte of the output. Twenty numbers in one make
scoring three times faster than twenty sums, and training twice.
"""

from __future__ import annotations

from struct import Struct


class Lanes:
    """Rows of `count` numbers, each kept below 2^(bits - 1) in size; bits is 32 or 64."""

    def __init__(self, count: int, bits: int) -> None:
        self._form = Struct(f"<{count}{'I' if bits == 32 else 'Q'}")
        self.half = 1 << (bits - 1)
        # Added before unpacking, so that no lane is negative and none borrows from its neighbour.
        self._bias = sum(self.half << (bits * lane) for lane in range(count))
        self.bits = bits
        self.size = self._form.size

    def unpack(self, row: int) -> list[int]:
        """The numbers of a row, or of a sum of rows."""
        half = self.half
        return [lane - half for lane in self.raised(row)]

    def raised(self, row: int) -> tuple[int, ...]:
        """The numbers of a row, each higher by `half`: enough where only their differences count."""
        return self._form.unpack(self.to_bytes(row))

    def to_bytes(self, row: int) -> bytes:
        """The row as `size` bytes, for `from_bytes`."""
        return (row + self._bias).to_bytes(self.size, "little")

    def from_bytes(self, stored: bytes | memoryview) -> int:
        """The row that `to_bytes` stored."""
        return int.from_bytes(stored, "little") - self._bias
