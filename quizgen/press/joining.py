"""Joining: a frame and records put together to a bank, with fonts that have the glyphs of all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from quizgen.press.bank import Bank, Static
from quizgen.press.blocks import Block, Name
from quizgen.press.frame import Around
from quizgen.press.measure import Margins, UnpressableError
from quizgen.press.objects import moved, renumbered
from quizgen.press.records import FONTS, Record, Refusal
from quizgen.press.structure import Element
from quizgen.press.typefaces import Embedded, Typeface, merged

Embed = Callable[[str, Typeface], Embedded]

_HEADING = re.compile(r"/H([1-6])")
_NEAR = 0.05  # pixels by which margins may differ


@dataclass(frozen=True, slots=True)
class Joint:
    """A bank with records; `others` as around it; the typefaces and depth of headings by which it takes up more.

    `records` have the blocks as the bank numbers them.
    """

    bank: Bank
    records: Mapping[str, Record | Refusal]
    others: tuple[tuple[str, str, Block, tuple[int, str]], ...]
    typefaces: Mapping[str, Typeface]
    level: int


def joined(around: Around, records: Mapping[str, Record | Refusal], embed: Embed) -> Joint:
    """The bank of a frame with records, in their order."""
    keys = iter(range(1_000_000))

    def keyed(block: Block) -> Block:
        return replace(block, key=next(keys))

    def all_keyed(statics: tuple[Static, ...]) -> tuple[Static, ...]:
        return tuple(replace(static, block=keyed(static.block)) for static in statics)

    bank = around.bank
    even, odd = (back and all_keyed(back) for back in bank.backs)
    opening = bank.opening and replace(bank.opening, block=keyed(bank.opening.block))
    bank = replace(bank, fronts=tuple(map(all_keyed, bank.fronts)), opening=opening, backs=(even, odd))
    others = tuple((kind, name, keyed(block), bookmark) for kind, name, block, bookmark in around.others)
    start = Joint(bank, {}, others, around.typefaces, around.level)
    return extended(start, records, embed, next(keys))


def extended(joint: Joint, records: Mapping[str, Record | Refusal], embed: Embed, first: int = 0) -> Joint:
    """A bank with more records, whose blocks get keys from the first free one on."""
    adder = _Adder(joint, first or 1 + max(_keys(joint)))
    done = {name: adder.added(record) for name, record in records.items()}
    typefaces = merged((joint.typefaces, *(one.typefaces for one in done.values() if isinstance(one, Record))))
    for name, typeface in typefaces.items():
        if name not in adder.fonts or typeface not in joint.typefaces[name]:
            adder.embed(name, embed(name, typeface))
    return replace(joint, bank=adder.bank(), records={**joint.records, **done}, typefaces=typefaces)


def _keys(joint: Joint) -> set[int]:
    bank = joint.bank
    opening = (bank.opening,) if bank.opening else ()
    statics = (*chain.from_iterable(bank.fronts), *opening, *(bank.backs[0] or ()), *(bank.backs[1] or ()))
    found = {static.block.key for static in statics} | {block.key for _, _, block, _ in joint.others}
    for record in joint.records.values():
        if isinstance(record, Record):
            found |= {block.key for block in (record.blocks.stem, *record.blocks.choices)}
    return found


class _Adder:
    """A bank that grows."""

    def __init__(self, joint: Joint, first: int) -> None:
        self._bank, self._level, self._key = joint.bank, joint.level, first
        self._objects: dict[int, bytes] = dict(joint.bank.objects)
        self._resources: dict[Name, str] = dict(joint.bank.resources)
        self.fonts = dict(joint.bank.fonts)
        self._above, self._below = dict(joint.bank.margins.above), dict(joint.bank.margins.below)
        self._next = joint.bank.next_number

    def bank(self) -> Bank:
        """The bank as it has become."""
        return replace(
            self._bank,
            objects=self._objects,
            resources=self._resources,
            fonts=dict(sorted(self.fonts.items())),
            margins=Margins(self._above, self._below),
            next_number=self._next,
        )

    def embed(self, name: str, font: Embedded) -> None:
        """Take up a font, also in the place of one with fewer glyphs."""
        numbers = self._taken(font.objects)
        self.fonts[name] = f"/{name} {numbers[font.root]} 0 R", tuple(sorted(numbers.values()))

    def added(self, record: Record | Refusal) -> Record | Refusal:
        """The record with its blocks as they are in the bank."""
        if isinstance(record, Refusal):
            return record
        try:
            self._measure(record)
        except UnpressableError as reason:
            return Refusal(str(reason))
        numbers = {FONTS: self._bank.font_table} | self._taken(record.objects)
        self._resources |= {name: renumbered(entry, numbers) for name, entry in record.resources.items()}

        def own(block: Block) -> Block:
            self._key += 1
            return replace(
                block,
                key=self._key - 1,
                needs=frozenset(numbers[number] for number in block.needs),
                elements=tuple(_deeper(element, self._level - 1) for element in block.elements),
            )

        blocks = record.blocks
        blocks = replace(blocks, stem=own(blocks.stem), choices=tuple(map(own, blocks.choices)))
        return replace(record, blocks=blocks, objects={}, resources={})

    def _measure(self, record: Record) -> None:
        """See that it keeps the same distances as others of its kind."""
        for found, own in ((self._above, record.above), (self._below, record.below)):
            if abs(found.setdefault(record.kind, own) - own) > _NEAR:
                raise UnpressableError(f"not every {record.kind} has the same margin")

    def _taken(self, objects: Mapping[int, bytes]) -> dict[int, int]:
        """Take up objects; their new numbers."""
        numbers = {old: new for new, old in enumerate(sorted(objects), start=self._next)}
        self._next += len(numbers)
        known = {FONTS: self._bank.font_table} | numbers
        self._objects |= {numbers[old]: moved(data, known) for old, data in objects.items()}
        return numbers


def _deeper(element: Element, levels: int) -> Element:
    """An element with its headings so much deeper."""
    heading = _HEADING.fullmatch(element.tag)
    tag = f"/H{min(int(heading[1]) + levels, 6)}" if heading else element.tag
    kids = tuple(_deeper(kid, levels) if isinstance(kid, Element) else kid for kid in element.kids)
    return replace(element, tag=tag, kids=kids)
