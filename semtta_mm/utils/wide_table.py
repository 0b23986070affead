"""Tables that fit the console without cutting a number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from .console import is_plain, plain_text, wrapped

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

_GAP = 2
_SMALLEST_KEY = 4


class WideTable:
    """A table whose columns move to a second table if they do not fit.

    Print it with a ``rich.console.Console``. Columns that do not fit the
    width follow in a further table below, with the key columns repeated. No
    cell is cut: keys are folded where they leave no room for a value. A key
    that repeats the one above is left out on a terminal, and written in
    files and pipes, where lines are searched for.

    Args:
        keys: Headings of the columns that name a row.
        columns: Headings of the values; a heading may have several lines.
        title: Above the table.
        caption: Below the table.
        left: Headings of values that are text, aligned to the left.
    """

    def __init__(
        self,
        keys: Sequence[str],
        columns: Sequence[str],
        title: str = '',
        caption: str = '',
        left: Collection[str] = (),
    ) -> None:
        self.title, self.caption = title, caption
        self._keys = len(keys)
        self._heads = [*keys, *columns]
        self._left = {
            i
            for i, head in enumerate(self._heads)
            if i < self._keys or head in left
        }
        self._rows: list[tuple[list[str], str]] = []
        self._sections: set[int] = set()

    def add_row(self, *cells: str, style: str = '') -> None:
        """Append a row.

        Args:
            cells: Of the keys and the values.
            style: Style of rich.

        Raises:
            ValueError: If the number of cells is not that of the columns.
        """
        if len(cells) != len(self._heads):
            raise ValueError(
                f'cells: {len(cells)}, but {len(self._heads)} columns'
            )
        self._rows.append((list(cells), style))

    @property
    def rows(self) -> list[list[str]]:
        """Cells of all rows."""
        return [list(cells) for cells, _ in self._rows]

    def add_section(self) -> None:
        """Draw a line before the next row."""
        self._sections.add(len(self._rows))

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        """See rich."""
        plain = is_plain(options)
        painter = _Painter(console, options.max_width, plain)
        if self.title:
            yield from painter.text(self.title, 'bold')
        rows = [[plain_text(c, plain) for c in row] for row, _ in self._rows]
        widths = self._widths(rows, options.max_width)
        for number, block in enumerate(
            self._blocks(widths, options.max_width)
        ):
            if number:
                yield Text()
            yield from self._block(painter, rows, widths, block)
        if self.caption:
            yield from painter.text(self.caption, 'dim')
        yield Text()

    def _widths(self, rows: list[list[str]], room: int) -> list[int]:
        """Widths of the columns, cells."""
        widths = [
            max(cell_len(line) for cell in column for line in cell.split('\n'))
            for column in zip(self._heads, *rows, strict=True)
        ]
        keys, values = widths[: self._keys], widths[self._keys :]
        rest = max(values, default=0) + _GAP * len(keys)
        while sum(keys) + rest > room and max(keys) > _SMALLEST_KEY:
            keys[keys.index(max(keys))] -= 1
        return keys + values

    def _blocks(self, widths: list[int], room: int) -> list[list[int]]:
        """Columns of each table that is drawn."""
        keys = list(range(self._keys))
        used = sum(widths[: self._keys]) + _GAP * (self._keys - 1)
        blocks, left = [keys.copy()], room - used
        for i in range(self._keys, len(widths)):
            if widths[i] + _GAP > left and len(blocks[-1]) > self._keys:
                blocks.append(keys.copy())
                left = room - used
            blocks[-1].append(i)
            left -= widths[i] + _GAP
        if len(blocks) > 1 and len(blocks[-1]) == self._keys + 1:
            # No table of a single column: it takes one from its neighbour.
            wider = len(blocks[-2]) > self._keys + 2
            if wider and widths[blocks[-2][-1]] + _GAP <= left:
                blocks[-1].insert(self._keys, blocks[-2].pop())
        return blocks

    def _block(
        self,
        painter: _Painter,
        rows: list[list[str]],
        widths: list[int],
        block: list[int],
    ) -> RenderResult:
        """One table with some of the columns."""
        sizes = [widths[i] for i in block]
        left = [i in self._left for i in block]
        heads = [self._heads[i] for i in block]
        yield from painter.row(heads, sizes, left, 'bold', top=False)
        above: list[str] = []
        for number, row in enumerate(rows):
            if number == 0 or number in self._sections:
                yield painter.rule(sizes)
                above = []
            cells = [row[i] for i in block]
            if not painter.plain:
                cells = _without_repeats(cells, above, self._keys)
            above = row[: self._keys]
            style = self._rows[number][1]
            yield from painter.row(cells, sizes, left, style)


def _without_repeats(
    cells: list[str], above: list[str], keys: int
) -> list[str]:
    """Empty cells for the first keys that are those of the row above."""
    same = 0
    # The last key always stays: it distinguishes the rows.
    while same < min(keys - 1, len(above)) and cells[same] == above[same]:
        same += 1
    return [''] * same + cells[same:]


class _Painter:
    """Lines of a table.

    Args:
        console: Console of the table.
        room: Its width, cells.
        plain: ASCII only.
    """

    def __init__(self, console: Console, room: int, plain: bool) -> None:
        self.console, self.room, self.plain = console, room, plain

    def text(self, text: str, style: str) -> RenderResult:
        """A paragraph across the whole width."""
        text = plain_text(text, self.plain)
        for line in wrapped(text, self.room, self.console):
            yield _line(line, style)

    def rule(self, widths: list[int]) -> Text:
        """A line across all columns."""
        length = sum(widths) + _GAP * (len(widths) - 1)
        return _line(('-' if self.plain else '─') * min(length, self.room))

    def row(
        self,
        cells: list[str],
        widths: list[int],
        left: list[bool],
        style: str,
        top: bool = True,
    ) -> RenderResult:
        """A row, of several lines if a cell has them.

        Args:
            cells: Of the columns.
            widths: Of the columns.
            left: Which columns are aligned to the left.
            style: Of the row.
            top: Short cells start in the first line, not end in the last.
        """
        room = [min(width, self.room) for width in widths]
        columns = [
            wrapped(cell, width, self.console) or ['']
            for cell, width in zip(cells, room, strict=True)
        ]
        height = max(map(len, columns))
        if not top:
            columns = [[''] * (height - len(c)) + c for c in columns]
        for parts in zip_longest(*columns, fillvalue=''):
            aligned = [
                _aligned(part, width, to_left)
                for part, width, to_left in zip(parts, room, left, strict=True)
            ]
            yield _line((' ' * _GAP).join(aligned).rstrip(), style)


def _aligned(text: str, width: int, left: bool) -> str:
    space = ' ' * (width - cell_len(text))
    return text + space if left else space + text


def _line(text: str, style: str = '') -> Text:
    return Text(text, style, no_wrap=True, overflow='ignore')
