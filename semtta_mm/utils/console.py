"""The console that all commands print to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import ConsoleOptions, RenderResult

_PLAIN = str.maketrans({'–': '-', '→': '->'})


def make_console(stderr: bool = False) -> Console:
    """Console of a command.

    Text is printed as it is: brackets are no markup, numbers and paths are
    not coloured, and no line break is inserted (a terminal wraps by itself).
    A file or a pipe gets plain text without control codes. Tables fit the
    console: its width is that of the terminal, of ``$COLUMNS``, or 80.

    Args:
        stderr: Write to stderr, not to stdout.
    """
    return Console(
        stderr=stderr,
        markup=False,
        highlight=False,
        emoji=False,
        soft_wrap=True,
    )


def print_notes(console: Console, notes: Iterable[str]) -> None:
    """Print sentences that the user should read, one a line.

    Args:
        console: See :func:`make_console`.
        notes: The sentences.
    """
    for note in notes:
        console.print(f'note: {note}')


def is_plain(options: ConsoleOptions) -> bool:
    """Whether to draw with ASCII only: in files, pipes and old terminals."""
    return not options.is_terminal or options.ascii_only


def plain_text(text: str, plain: bool) -> str:
    """The text, with ASCII dashes and arrows if ``plain``."""
    return text.translate(_PLAIN) if plain else text


def wrapped(text: str, width: int, console: Console) -> list[str]:
    """Lines of at most ``width`` cells; long words are broken.

    Args:
        text: May have several lines.
        width: Cells of a line.
        console: The console that prints the lines.
    """
    lines = Text(text).wrap(console, max(1, width), overflow='fold')
    return [line.plain.rstrip() for line in lines]


class FieldList:
    """Items with named fields, for values that are too long for a table.

    On a terminal, long values are wrapped to its width. In a file or a pipe
    each value is one line, so that a path can be searched for.

    Args:
        title: Above the list.
        items: Heading, and names of fields with values.
        caption: Below the list.
    """

    def __init__(
        self,
        title: str,
        items: list[tuple[str, dict[str, str]]],
        caption: str = '',
    ) -> None:
        self.title, self.items, self.caption = title, items, caption

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> RenderResult:
        """See rich."""
        plain = is_plain(options)
        for label, text, style in self._lines():
            text = plain_text(text, plain)
            room = options.max_width - len(label)
            lines = [text]
            if not plain:
                lines = wrapped(text, room, console) or ['']
            for part in lines:
                yield Text(
                    label + part, style, no_wrap=True, overflow='ignore'
                )
                label = ' ' * len(label)

    def _lines(self) -> Iterator[tuple[str, str, str]]:
        """Lines before wrapping: label, text, style."""
        if self.title:
            yield '', self.title, 'bold'
        names = [name for _, fields in self.items for name in fields]
        left = max(map(len, names), default=0) + 4
        for heading, fields in self.items:
            yield '', heading, 'bold'
            for name, value in fields.items():
                yield f'  {name}'.ljust(left), value, ''
        if self.caption:
            yield '', self.caption, 'dim'
