"""Degradations of real video for training images: a transform of mmpose's."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import torch

from ..registry import TRANSFORMS


@TRANSFORMS.register_module()
class DegradeImage:
    """Random low resolution, blur, noise, JPEG, grey and an occluder.

    It changes ``img`` only, so it comes after the affine transform. Random
    numbers follow torch's generator, which mmengine seeds. In a config of
    mmpose's: ``type='semtta_mm.DegradeImage'``.

    Args:
        resolution: Probability of a lower resolution.
        blur: Probability of a Gaussian or motion blur.
        noise: Probability of Gaussian noise.
        jpeg: Probability of JPEG compression.
        grey: Probability of a grey image.
        occluder: Probability of a rectangle over a part of the image.
    """

    def __init__(
        self,
        resolution: float = 0.3,
        blur: float = 0.3,
        noise: float = 0.3,
        jpeg: float = 0.5,
        grey: float = 0.05,
        occluder: float = 0.3,
    ) -> None:
        self._steps = (
            (occluder, _occlude),
            (resolution, _lower_resolution),
            (blur, _blur),
            (noise, _add_noise),
            (jpeg, _compress),
            (grey, _make_grey),
        )

    def __call__(self, results: dict[str, Any]) -> dict[str, Any]:
        """Degrade ``results['img']`` ``[H, W, 3]``, uint8."""
        rng = np.random.default_rng(int(torch.randint(2**31, ())))
        image = results['img']
        for probability, step in self._steps:
            if rng.random() < probability:
                image = step(image, rng)
        results['img'] = image
        return results


def _lower_resolution(
    image: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    height, width = image.shape[:2]
    factor = rng.uniform(0.3, 0.9)
    size = (max(int(width * factor), 8), max(int(height * factor), 8))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)


def _blur(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if rng.random() < 0.5:
        return cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.8))
    length = 2 * rng.integers(1, 5) + 1
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1 / length
    turn = cv2.getRotationMatrix2D(
        ((length - 1) / 2, (length - 1) / 2), rng.uniform(0, 180), 1
    )
    turned = cv2.warpAffine(kernel, turn, (length, length))
    return cv2.filter2D(image, -1, turned / max(turned.sum(), 1e-6))


def _add_noise(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    noise = rng.normal(0, rng.uniform(2, 14), image.shape)
    return (image + noise).clip(0, 255).astype(np.uint8)


def _compress(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    quality = int(rng.integers(20, 90))
    _, data = cv2.imencode('.jpg', image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def _make_grey(image: np.ndarray, _rng: np.random.Generator) -> np.ndarray:
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)


def _occlude(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A rectangle of a colour or of another part of the same image."""
    height, width = image.shape[:2]
    size = rng.uniform(0.1, 0.4, 2) * (height, width)
    h, w = size.astype(int).clip(1)
    y, v = rng.integers(0, height - h + 1, 2)
    x, u = rng.integers(0, width - w + 1, 2)
    out = image.copy()
    if rng.random() < 0.5:
        out[y : y + h, x : x + w] = rng.integers(0, 256, 3)
    else:
        out[y : y + h, x : x + w] = image[v : v + h, u : u + w]
    return out
