"""A flash chip in RAM for VfsLfs2, whose power can be cut at any operation. MicroPython only.

Bits go from 1 to 0 where something is programmed, and back by an erase of the whole block, as on real flash.
A cut comes before an operation, in the middle of it (half of it is done), or after it with nobody told; from
then on every operation fails. What the chip holds (`image`) can be given to another one: a start with power.
"""

BLOCK = 4096
BEFORE, HALF, AFTER = "before", "half", "after"  # what there is of the operation in which the power goes
_PART = 256  # bytes that are kept together: a small heap has no room for blocks
_ERASED = b"\xff" * _PART
_FILL = b"z" * _PART  # a part of a file that only takes room
_EIO = 5


class Chip:
    def __init__(self, blocks=16, image=None):
        self.blocks = blocks
        self.image = list(image or (_ERASED,) * (blocks * BLOCK // _PART))  # parts; they are never changed
        self.erases = [0] * blocks
        self.operations = 0  # erases and programs
        self.is_dead = False
        self._left = None  # operations until the cut
        self._torn = BEFORE

    def cut_after(self, operations, torn):
        """So many more succeed; of the next one there is `torn`."""
        self._left, self._torn = operations, torn

    def readblocks(self, number, buffer, offset=0):
        if self.is_dead:
            return -_EIO
        at = number * BLOCK + offset
        done = 0
        while done < len(buffer):
            part, start = divmod(at + done, _PART)
            data = self.image[part][start : start + len(buffer) - done]
            buffer[done : done + len(data)] = data
            done += len(data)
        return 0

    def writeblocks(self, number, buffer, offset=0):
        if self.is_dead:  # a file that the collector closes comes here, and must find nothing to do
            return -_EIO
        return self._operate(self._program, number * BLOCK + offset, buffer)

    def ioctl(self, request, argument):
        if request == 4:
            return self.blocks
        if request == 5:
            return BLOCK
        if request == 6 and self.is_dead:
            return -_EIO
        if request == 6:
            self.erases[argument] += 1
            return self._operate(self._erase, argument * BLOCK, range(BLOCK))
        return 0

    def _operate(self, operation, at, what):
        """operation(at, what), unless the power goes; 0, or the number of an error."""
        self.operations += 1
        cut = self._left == 0
        if self._left:
            self._left -= 1
        if not cut or self._torn == AFTER:
            operation(at, what)
        elif self._torn == HALF:
            operation(at, what[: len(what) // 2])
        self.is_dead = cut
        return -_EIO if cut else 0

    def _program(self, at, data):
        done = 0
        while done < len(data):
            part, start = divmod(at + done, _PART)
            new = bytes(data[done : done + _PART - start])
            size = len(new)
            old = self.image[part]
            before = old[start : start + len(new)]
            if before != _ERASED[: len(new)]:  # zeros stay zeros
                bits = int.from_bytes(before, "big") & int.from_bytes(new, "big")
                new = bits.to_bytes(len(new), "big")
            new = old[:start] + new + old[start + len(new) :]
            self.image[part] = _FILL if new == _FILL else new
            done += size

    def _erase(self, at, size):
        for part in range(at // _PART, (at + len(size)) // _PART):
            self.image[part] = _ERASED
