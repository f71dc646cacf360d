"""What a compiled Java class names outside of itself, read from its constant pool (Java's specification, 4.4)."""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

_SIZES: Final = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4}


class ClassFile(NamedTuple):
    """``used``: `owner.name descriptor` of each field and method; ``own``: `name descriptor`; ``java``: 61 is 17."""

    java: int
    name: str
    parent: str
    interfaces: tuple[str, ...]
    used: frozenset[str]
    own: frozenset[str]
    strings: frozenset[str]


def read_class(data: bytes) -> ClassFile:
    _, _, java, count = struct.unpack_from(">IHHH", data)
    pool: dict[int, tuple[int, bytes]] = {}
    at, index = 10, 1
    while index < count:
        tag = data[at]
        if tag == 1:
            (length,) = struct.unpack_from(">H", data, at + 1)
            pool[index] = tag, data[at + 3 : at + 3 + length]
            at += 3 + length
        else:
            pool[index] = tag, data[at + 1 : at + 1 + _SIZES[tag]]
            at += 1 + _SIZES[tag]
        index += 2 if tag in (5, 6) else 1

    def text(number: int) -> str:
        tag, content = pool[number]
        return content.decode("utf-8") if tag == 1 else text(struct.unpack(">H", content)[0])

    def member(content: bytes) -> str:
        owner, named = struct.unpack(">HH", content)
        name, kind = struct.unpack(">HH", pool[named][1])
        return f"{text(owner)}.{text(name)} {text(kind)}"

    _, this, parent, interfaces = struct.unpack_from(">HHHH", data, at)
    implemented = struct.unpack_from(f">{interfaces}H", data, at + 8)
    at += 8 + 2 * interfaces
    own = []
    for _ in range(2):  # fields, then methods
        (members,) = struct.unpack_from(">H", data, at)
        at += 2
        for _ in range(members):
            _, name, kind, attributes = struct.unpack_from(">HHHH", data, at)
            own.append(f"{text(name)} {text(kind)}")
            at += 8
            for _ in range(attributes):
                at += 6 + struct.unpack_from(">I", data, at + 2)[0]
    return ClassFile(
        java,
        text(this),
        text(parent),
        tuple(text(number) for number in implemented),
        frozenset(member(content) for tag, content in pool.values() if tag in (9, 10, 11)),
        frozenset(own),
        frozenset(text(number) for number, (tag, _) in pool.items() if tag == 8),
    )
