"""Error handling of all commands: bad input and Ctrl-C, one line each."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import overload

from .console import make_console
from .errors import InputError, MissingDependencyError, NoPersonError

EXIT_INPUT = 2
"""Exit code for bad input or an absent package."""

EXIT_INTERRUPTED = 130
"""Exit code after Ctrl-C: 128 and the number of SIGINT, as in shells."""

RESUME_OPTION = 'run the same command with --resume to continue'
"""Interrupt hint of a command that has ``--resume``."""

RESUME_BY_RERUN = 'run the same command again to continue'
"""Interrupt hint of a command that keeps finished parts by itself."""

_UNFINISHED = 'the command did not finish'

Command = Callable[[Sequence[str] | None], int]


@overload
def one_line_errors(main: Command) -> Command: ...


@overload
def one_line_errors(*, on_interrupt: str) -> Callable[[Command], Command]: ...


def one_line_errors(
    main: Command | None = None, *, on_interrupt: str = _UNFINISHED
) -> Command | Callable[[Command], Command]:
    """Decorate a command's ``main(argv) -> int``.

    Args:
        main: Takes the arguments (None: those of the process) and returns an
            exit code.
        on_interrupt: What the user can do after Ctrl-C, such as
            :data:`RESUME_OPTION`.

    Returns:
        The same command. Its exit code is 0 for success.
        :class:`NoPersonError` becomes one line on stderr and exit code 0,
        since a video without people is no mistake. Other :class:`InputError`
        and :class:`MissingDependencyError` become one line on stderr and exit
        code 2, Ctrl-C one line and exit code 130. Other errors are bugs and
        keep their traceback.
    """
    if main is None:
        return functools.partial(_decorate, on_interrupt=on_interrupt)
    return _decorate(main, on_interrupt)


def _decorate(main: Command, on_interrupt: str) -> Command:
    @functools.wraps(main)
    def wrapped(argv: Sequence[str] | None = None) -> int:
        try:
            return main(argv)
        except NoPersonError as error:
            print_error(f'nobody to adapt to: {error}')
            return 0
        except (InputError, MissingDependencyError) as error:
            print_error(f'error: {error}')
            return EXIT_INPUT
        except BaseException as error:
            if not is_interrupt(error):
                raise
            print_error(f'interrupted; {on_interrupt}')
            return EXIT_INTERRUPTED

    return wrapped


def is_interrupt(error: BaseException | None) -> bool:
    """Whether an error is Ctrl-C, or was raised while it was handled.

    Some packages have a bare ``except`` that makes another error of it:
    mmengine's ``Config.pretty_text`` says that the config is wrong.

    Args:
        error: The error.
    """
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def print_error(line: str) -> None:
    """Print one line on stderr, unwrapped and without markup."""
    make_console(stderr=True).print(line)
