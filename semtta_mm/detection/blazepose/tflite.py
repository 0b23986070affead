"""A tflite network run by ai-edge-litert."""

from pathlib import Path

import numpy as np

from ...compat.third_party_messages import (
    TFLITE_DELEGATE,
    drop_stderr_lines,
)
from ...utils import InputError, extra, require

_FIX = 'give the tflite file of the model, or none to fetch the known one'


class TFLiteNetwork:
    """One network with one float32 input.

    Args:
        path: The tflite file.
        outputs: Shapes of the outputs, without the batch axis; they identify
            outputs, whose names have no meaning.
        threads: CPU threads.

    Raises:
        InputError: If the file is absent, is no tflite file or has other
            outputs.
        MissingDependencyError: If ai-edge-litert is not installed.
    """

    def __init__(
        self, path: Path, outputs: tuple[tuple[int, ...], ...], threads: int
    ) -> None:
        if not path.is_file():
            raise InputError(path, 'file', 'does not exist', _FIX)
        litert = require(
            'ai_edge_litert.interpreter',
            'the BlazePose detector',
            extra('blazepose'),
        )
        try:
            with drop_stderr_lines(TFLITE_DELEGATE):
                self._net = litert.Interpreter(
                    model_path=str(path), num_threads=threads
                )
                self._net.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise InputError(
                path, 'file', f'is no tflite model ({error})', _FIX
            ) from error
        self._input = self._net.get_input_details()[0]['index']
        found = {
            tuple(int(n) for n in detail['shape'][1:]): detail['index']
            for detail in self._net.get_output_details()
        }
        if not set(outputs) <= set(found):
            raise InputError(
                path,
                'outputs',
                f'have shapes {sorted(found)}, expected {sorted(outputs)}',
                _FIX,
            )
        self._outputs = [found[shape] for shape in outputs]

    def __call__(self, values: np.ndarray) -> list[np.ndarray]:
        """Run one input ``[1, H, W, 3]``.

        Returns:
            The outputs without batch axis, in the order of ``outputs``.
        """
        self._net.set_tensor(self._input, values)
        self._net.invoke()
        return [self._net.get_tensor(index)[0] for index in self._outputs]
