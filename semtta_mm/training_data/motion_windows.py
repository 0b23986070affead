"""Windows of motion, clean and noisy, for training a motion denoiser."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from os import PathLike

import numpy as np
import torch
from scipy.spatial.transform import Rotation
from torch import Tensor
from torch.utils.data import Dataset

from ..geometry.resampling import MOTION_RATE
from ..geometry.views import look_at
from ..models.denoisers import hidden_frames
from ..registry import DATASETS
from ..utils import InputError
from .motion_clip import MotionClip, mirror_pose
from .motion_set import read_motion_set
from .pose_noise import PoseNoise

MAX_SPEED = 1.25
"""Motion is played between this and its inverse times its own speed."""


@DATASETS.register_module()
class MotionWindowDataset(Dataset):
    """Windows of a motion set, clean and as a pose estimator predicts them.

    Training (``windows`` given) draws clip, start, speed, mirror, view and
    noise for each item; a label's probability is proportional to the square
    root of its seconds. All unlabelled clips together count as one label.
    Without ``windows`` the set is cut at ``stride`` at
    its own speed, and items are deterministic.

    Args:
        path: File of ``semtta make-motions``. Clips shorter than a window are
            left out; looping ones are repeated.
        frames: Length T of a window.
        fps: Frames per second of a window.
        windows: Items of a training epoch; None cuts the set instead.
        stride: Frames (at ``fps``) between the windows of a cut set.
        noise: Options of :class:`PoseNoise`.
        seed: Seed of view and noise of a cut set.

    Raises:
        InputError: If the file is bad or no clip is long enough.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        frames: int = 49,
        fps: float = MOTION_RATE,
        windows: int | None = None,
        stride: int = 24,
        noise: dict | None = None,
        seed: int = 0,
    ) -> None:
        self.frames, self.fps = frames, fps
        self.windows, self.seed = windows, seed
        self.noise = PoseNoise(**(noise or {}))
        self.clips = _long_enough(read_motion_set(path), frames, fps)
        if not self.clips:
            raise InputError(
                path,
                'length',
                f'no clip has {frames} frames at {fps:g} fps',
                'give longer clips or another rate',
            )
        self._quaternions = [_quaternions(clip) for clip in self.clips]
        self._chances = np.cumsum(clip_chances(self.clips))
        self._cuts = [
            (number, start / fps)
            for number, clip in enumerate(self.clips)
            for start in range(0, self._spare(clip) + 1, stride)
        ]

    def __len__(self) -> int:
        return len(self._cuts) if self.windows is None else self.windows

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        """One window.

        Returns:
            ``clean`` and ``noisy`` ``[T, 24, 3, 3]``, the root in camera
            coordinates, ``hidden`` ``[T]`` bool and ``index``.
        """
        if not 0 <= index < len(self):
            raise IndexError(f'{index} of {len(self)} windows')
        if self.windows is None:
            rng = np.random.default_rng([self.seed, index])
            pose = self._window(*self._cuts[index], 1.0)
        else:
            # torch's generator is what mmengine seeds for each worker.
            rng = np.random.default_rng(int(torch.randint(2**62, ())))
            pose = self._draw(rng)
        pose[:, 0] = _view(rng) @ pose[:, 0]
        generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
        return {
            'clean': torch.from_numpy(pose).float(),
            'noisy': torch.from_numpy(self.noise(pose, rng)).float(),
            'hidden': hidden_frames(
                1, self.frames, self.frames // 2, generator
            )[0],
            'index': torch.tensor(index),
        }

    def _draw(self, rng: np.random.Generator) -> np.ndarray:
        """A window of a random clip, start and speed, mirrored or not."""
        at = np.searchsorted(self._chances, rng.random(), side='right')
        number = min(int(at), len(self.clips) - 1)
        clip = self.clips[number]
        last = (len(clip) - 1) / clip.fps
        own = (self.frames - 1) / self.fps
        speed = min(MAX_SPEED ** rng.uniform(-1, 1), last / own)
        start = rng.random() * (last - own * speed)
        pose = self._window(number, start, speed)
        return mirror_pose(pose) if rng.random() < 0.5 else pose

    def _window(self, number: int, start: float, speed: float) -> np.ndarray:
        """Poses ``[T, 24, 3, 3]`` of a clip from ``start``, s."""
        at = start + np.arange(self.frames) / self.fps * speed
        return pose_between(
            self._quaternions[number], at * self.clips[number].fps
        )

    def _spare(self, clip: MotionClip) -> int:
        """Frames at ``fps`` beyond the first window."""
        last = (len(clip) - 1) / clip.fps
        return int(last * self.fps + 1e-6) - (self.frames - 1)


def pose_between(quaternions: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Poses between frames; equal to slerp for small rotations.

    Args:
        quaternions: Unit quaternions ``[T, J, 4]``, scalar last.
        at: Frame positions ``[N]``; clipped to the first and last frame.

    Returns:
        Rotation matrices ``[N, J, 3, 3]``.
    """
    last = len(quaternions) - 1
    at = np.clip(at, 0, last)
    first = np.floor(at).astype(int)
    start, end = quaternions[first], quaternions[np.minimum(first + 1, last)]
    same = (start * end).sum(-1, keepdims=True) >= 0
    share = (at - first)[:, None, None]
    mixed = (1 - share) * start + np.where(same, share, -share) * end
    matrices = Rotation.from_quat(mixed.reshape(-1, 4)).as_matrix()
    return matrices.reshape(*start.shape[:2], 3, 3)


def clip_chances(clips: Sequence[MotionClip]) -> np.ndarray:
    """Probability of each clip ``[C]``; see :class:`MotionWindowDataset`."""
    seconds: dict[str, float] = defaultdict(float)
    for clip in clips:
        seconds[clip.label] += clip.seconds
    weights = [clip.seconds / seconds[clip.label] ** 0.5 for clip in clips]
    return np.array(weights) / sum(weights)


def _long_enough(
    clips: Sequence[MotionClip], frames: int, fps: float
) -> list[MotionClip]:
    """Clips with at least one window; loops are repeated first."""
    span = (frames - 1) / fps
    tiled = [c.tiled(int(np.ceil(span * c.fps)) + 1) for c in clips]
    return [c for c in tiled if (len(c) - 1) / c.fps >= span - 1e-6]


def _quaternions(clip: MotionClip) -> np.ndarray:
    rotations = Rotation.from_matrix(clip.pose.reshape(-1, 3, 3))
    return rotations.as_quat().reshape(len(clip), -1, 4)


def _view(rng: np.random.Generator) -> np.ndarray:
    """World to camera ``[3, 3]``, at common angles of a camera."""
    return look_at(
        yaw=rng.uniform(-np.pi, np.pi),
        pitch=np.clip(rng.normal(0.15, 0.22), -0.5, 1.1),
        roll=np.clip(rng.normal(0, 0.12), -0.5, 0.5),
    )
