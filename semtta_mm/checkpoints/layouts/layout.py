"""Checkpoint layout of one network in one public project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from os import PathLike
from typing import Any

from torch import Tensor

from ...utils import InputError
from ..placeholders import class_name
from ..state_dict import list_names

State = dict[str, Tensor]
_LISTED = 12
"""Number of unknown entries that an error message names."""


def same_name(name: str) -> str:
    """The name itself, for networks that keep the official names."""
    return name


@dataclass(frozen=True)
class LayoutResult:
    """The entries of a file: loaded, left out and dropped.

    Attributes:
        state: Our name to tensor.
        left_out: Entries of other networks, by their name in the file.
        dropped: Entries of this network that are recomputed, likewise.
    """

    state: State
    left_out: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckpointLayout:
    """Checkpoint layout of one network in one public project.

    Attributes:
        name: Such as ``'gn_hmr'``.
        wrappers: Where the state dict may be in the file, as nested keys;
            ``()`` is the file itself.
        prefixes: Prefixes that all names of this network may have; the
            longest that matches is taken.
        rename: Name in the file, without prefix, to ours. None drops an
            entry that is recomputed; ``KeyError`` means unknown.
        foreign: Prefixes of the names (after or before removing the prefix
            above) of other networks' entries, which are left out.
        marks: Names, without prefix, that must be present in this layout.
        absent: Names, without prefix, that must be absent.
        convert: Applied to the renamed entries, for splits and
            transposes; may raise ``KeyError`` or ``ValueError``.
        refusal: Problem and fix, if this layout does not fit the network: a
            file that matches it then raises an error with both.
    """

    name: str
    marks: tuple[str, ...]
    wrappers: tuple[tuple[str, ...], ...] = ((),)
    prefixes: tuple[str, ...] = ('',)
    rename: Callable[[str], str | None] = same_name
    foreign: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    convert: Callable[[State], State] | None = None
    refusal: tuple[str, str] | None = field(default=None, repr=False)

    def matches(self, content: object) -> bool:
        """Whether the content of a file has this layout."""
        return self._find(content) is not None

    def apply(self, content: object, path: str | PathLike[str]) -> State:
        """Our names to tensors.

        Args:
            content: Content of the file.
            path: The file, for messages.

        Raises:
            InputError: See :meth:`extract`.
        """
        return self.extract(content, path).state

    def extract(
        self, content: object, path: str | PathLike[str]
    ) -> LayoutResult:
        """As :meth:`apply`, with the names of the other entries.

        Raises:
            InputError: If the content has another layout; if the layout
                does not fit the network; if entries are neither renamed nor
                foreign (lists them) or not tensors, or two get the same
                name.
        """
        found = self._find(content)
        if found is None:
            problem = f'is not of the layout {self.name}'
            fix = f'give a file with {", ".join(self.marks)}'
            raise InputError(path, 'weights', problem, fix)
        if self.refusal is not None:
            raise InputError(path, 'weights', *self.refusal)
        result, unknown = self._sort(*found, path)
        if unknown:
            names = list_names(unknown, _LISTED)
            problem = f'has entries unknown to {self.name}: {names}'
            fix = 'give the original file, or remove them'
            raise InputError(path, 'weights', problem, fix)
        if self.convert is None:
            return result
        return self._converted(self.convert, result, path)

    def _sort(
        self, state: Mapping[str, Any], prefix: str, path: str | PathLike[str]
    ) -> tuple[LayoutResult, list[str]]:
        """Sort the entries of a state dict; also returns unknown names."""
        own: State = {}
        left_out, dropped, unknown = [], [], []
        for name, value in state.items():
            if not isinstance(name, str):
                unknown.append(repr(name))
                continue
            if self._is_foreign(name, prefix):
                left_out.append(name)
                continue
            try:
                target = self._target(name, prefix)
            except KeyError:
                unknown.append(name)
                continue
            if target is None:
                dropped.append(name)
            else:
                _put(own, target, name, value, path)
        return LayoutResult(own, tuple(left_out), tuple(dropped)), unknown

    def _is_foreign(self, name: str, prefix: str) -> bool:
        spellings = (name, name.removeprefix(prefix), _unwrapped(name))
        return any(one.startswith(self.foreign) for one in spellings)

    def _target(self, name: str, prefix: str) -> str | None:
        if not name.startswith(prefix):
            raise KeyError(name)
        return self.rename(name.removeprefix(prefix))

    def _converted(
        self,
        convert: Callable[[State], State],
        result: LayoutResult,
        path: str | PathLike[str],
    ) -> LayoutResult:
        try:
            state = convert(result.state)
        except (KeyError, ValueError) as error:
            problem = f'is not a complete {self.name} ({error})'
            fix = 'give the original file'
            raise InputError(path, 'weights', problem, fix) from error
        return replace(result, state=state)

    def _find(self, content: object) -> tuple[Mapping[str, Any], str] | None:
        """State dict and prefix; None if the content has another layout."""
        for keys in self.wrappers:
            state = _inside(content, keys)
            if state is None:
                continue
            for prefix in sorted(self.prefixes, key=len, reverse=True):
                if all(prefix + mark in state for mark in self.marks) and (
                    not any(prefix + mark in state for mark in self.absent)
                ):
                    return state, prefix
        return None


def _unwrapped(name: str) -> str:
    """Without the prefix of ``DataParallel``."""
    return name.removeprefix('module.')


def _inside(content: object, keys: tuple[str, ...]) -> Mapping | None:
    for key in keys:
        if not isinstance(content, Mapping):
            return None
        content = content.get(key)
    return content if isinstance(content, Mapping) else None


def _put(
    own: State, target: str, name: str, value: Any, path: str | PathLike[str]
) -> None:
    if not isinstance(value, Tensor):
        problem = f'is of type {class_name(value)}, not a tensor'
        raise InputError(path, name, problem, 'give the original file')
    if target in own:
        problem = f'is renamed to {target}, as another entry is'
        raise InputError(path, name, problem, 'give the original file')
    own[target] = value
