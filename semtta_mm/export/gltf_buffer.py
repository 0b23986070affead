"""Arrays in the binary buffer of a glTF file."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TYPES = {1: 'SCALAR', 3: 'VEC3', 4: 'VEC4', 16: 'MAT4'}
_COMPONENTS = {'float32': 5126, 'uint8': 5121, 'uint16': 5123, 'uint32': 5125}
VERTICES, INDICES = 34962, 34963
"""Uses of a buffer view: vertex attributes, and indices of triangles."""


class GltfBuffer:
    """Appends arrays to a glTF document; each gets an accessor.

    Args:
        library: The module ``pygltflib``.
        document: Its ``GLTF2``, without a buffer.
    """

    def __init__(self, library: ModuleType, document: Any) -> None:
        self._library, self._document = library, document
        self._data = bytearray()

    def add(
        self,
        array: NDArray[Any],
        target: int | None = None,
        bounds: bool = False,
    ) -> int:
        """Append an array.

        Args:
            array: ``[N]`` or ``[N, 1, 3, 4 or 16]``, of one of the types
                float32, uint8, uint16, uint32.
            target: :data:`VERTICES`, :data:`INDICES`, or None for other data.
            bounds: Write minimum and maximum, which glTF demands of
                positions and of the times of an animation.

        Returns:
            Number of the accessor.
        """
        rows = array.reshape(len(array), -1)
        content = np.ascontiguousarray(rows).tobytes()
        document = self._document
        view = self._library.BufferView(
            buffer=0,
            byteOffset=len(self._data),
            byteLength=len(content),
            target=target,
        )
        accessor = self._library.Accessor(
            bufferView=len(document.bufferViews),
            componentType=_COMPONENTS[rows.dtype.name],
            count=len(rows),
            type=_TYPES[rows.shape[1]],
        )
        if bounds:
            accessor.min = rows.min(axis=0).tolist()
            accessor.max = rows.max(axis=0).tolist()
        document.bufferViews.append(view)
        document.accessors.append(accessor)
        # Views start at multiples of four bytes, the largest component.
        self._data += content + bytes(-len(content) % 4)
        return len(document.accessors) - 1

    def to_bytes(self) -> bytes:
        """The whole file, document and buffer."""
        document = self._document
        document.buffers = [self._library.Buffer(byteLength=len(self._data))]
        document.set_binary_blob(bytes(self._data))
        return b''.join(document.save_to_bytes())
