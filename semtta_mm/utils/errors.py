"""Errors that a user can fix: source, problem and fix."""

from os import PathLike


class InputError(ValueError):
    """Bad user input, reported in one line.

    Args:
        source: The file (or config key, or argument) that is wrong.
        field: The field inside it; ``'file'`` for the file as a whole.
        problem: What is wrong, with the value that was found.
        fix: What the user can do.
    """

    def __init__(
        self, source: str | PathLike[str], field: str, problem: str, fix: str
    ) -> None:
        self.source, self.field = str(source), field
        self.problem, self.fix = problem, fix
        message = f'{self.source}: {field}: {problem}. Fix: {fix}'
        super().__init__(' '.join(message.split()))


class NoPersonError(InputError):
    """Nobody was found in a video: an answer more than a mistake."""


class MissingDependencyError(ImportError):
    """An optional package is absent.

    Args:
        package: Name of the absent package.
        needed_by: The part that needs it.
        command: Shell command that installs it.
    """

    def __init__(self, package: str, needed_by: str, command: str) -> None:
        self.package, self.command = package, command
        super().__init__(
            f'{needed_by} needs {package!r}, which is not installed. '
            f'Install it with: {command}'
        )
