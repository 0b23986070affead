"""What all commands share: bad input is one line, never a traceback."""

import functools
import sys
from collections.abc import Callable, Sequence

from rich.console import Console

from .errors import InputError, MissingDependencyError

EXIT_INPUT = 2
"""Exit code for bad input or an absent package."""

Command = Callable[[Sequence[str] | None], int]


def one_line_errors(main: Command) -> Command:
    """Decorate a command's ``main(argv) -> int``.

    Args:
        main: Takes the arguments (None: those of the process) and returns an
            exit code.

    Returns:
        The same command; :class:`InputError` and
        :class:`MissingDependencyError` become one line on stderr and exit
        code 2. Other errors are bugs and keep their traceback.
    """

    @functools.wraps(main)
    def wrapped(argv: Sequence[str] | None = None) -> int:
        try:
            return main(argv)
        except (InputError, MissingDependencyError) as error:
            Console(file=sys.stderr, highlight=False, soft_wrap=True).print(
                f'error: {error}', markup=False
            )
            return EXIT_INPUT

    return wrapped
