"""What all commands share: bad input is one line, never a traceback."""

import functools
from collections.abc import Callable, Sequence

from .console import make_console
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
            make_console(stderr=True).print(f'error: {error}')
            return EXIT_INPUT

    return wrapped
