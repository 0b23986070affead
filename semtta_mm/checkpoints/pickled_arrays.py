"""Boxes: what a pickle's objects become, and the arrays made of them."""

from __future__ import annotations

import re
from math import prod
from typing import Any

import numpy as np
from scipy.sparse import csc_matrix


class Box:
    """Holds the state of an object of a class that we do not run."""

    def __init__(self, *args: Any) -> None:
        self.args = args
        self.state: Any = {}

    def __setstate__(self, state: Any) -> None:
        self.state = state


class DtypeBox(Box):
    """``numpy.dtype``: its name in the arguments, its byte order in state."""

    def dtype(self) -> np.dtype:
        """The plain number type; anything else is an error."""
        name = str(self.args[0])
        order = self.state[1] if self.state else '='
        if not re.fullmatch(r'[<>=|][biuf]\d+', f'{order}{name}'):
            raise ValueError(f'not a type of numbers: {name}')
        return np.dtype(f'{order}{name}')


class ArrayBox(Box):
    """``numpy.ndarray``: (version, shape, dtype, Fortran order, bytes)."""

    def array(self) -> np.ndarray:
        """The array."""
        _, shape, dtype, fortran, data = self.state
        # Python 2 wrote bytes as a string, read here as latin1.
        data = data.encode('latin1') if isinstance(data, str) else data
        numbers = np.frombuffer(data, dtype.dtype())
        if numbers.size != prod(shape):
            raise ValueError(f'{numbers.size} numbers for shape {shape}')
        return numbers.reshape(shape, order='F' if fortran else 'C')


class ScalarBox(Box):
    """A numpy number: (dtype, bytes)."""

    def array(self) -> np.ndarray:
        """The number as an array without axes."""
        box = ArrayBox()
        box.__setstate__((1, (), self.args[0], False, self.args[1]))
        return box.array()


class SparseBox(Box):
    """A compressed sparse column matrix of scipy."""

    def array(self) -> np.ndarray:
        """The dense matrix; scipy checks the indices."""
        shape = self.state.get('_shape', self.state.get('shape'))
        names = ('data', 'indices', 'indptr')
        parts = tuple(unbox(self.state[name]) for name in names)
        matrix = csc_matrix(parts, shape=shape)
        matrix.check_format(full_check=True)
        return matrix.toarray()


class ChumpyBox(Box):
    """A chumpy array: ``Ch`` keeps its value in x, ``Select`` picks from a."""

    def array(self) -> np.ndarray | None:
        """The value; None for an expression of chumpy that we do not know."""
        if 'x' in self.state:
            return unbox(self.state['x'])
        if 'a' not in self.state or 'idxs' not in self.state:
            return None
        inner, index = unbox(self.state['a']), unbox(self.state['idxs'])
        if inner is None or index is None:
            return None
        shape = self.state.get('preferred_shape') or index.shape
        return inner.ravel()[index].reshape(shape)


def unbox(value: Any) -> np.ndarray | None:
    """The array that a value stands for; None if it stands for none.

    Raises:
        ValueError, KeyError, TypeError, ...: If the box's state is broken.
    """
    if isinstance(value, (ArrayBox, ScalarBox, SparseBox, ChumpyBox)):
        return value.array()
    if isinstance(value, (str, int, float)):
        return np.asarray(value)
    return None
