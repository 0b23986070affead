"""One training crop: a dressed body on a background, with exact labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import torch
from scipy.spatial.transform import Rotation

from ...conventions import keypoint_names
from ...models.bodies import SMPLBody
from ...structures import SMPLParams
from ...visualization.renderer import rasterize, vertex_normals
from .backgrounds import sample_background
from .camera import View, sample_view
from .clothes import Wardrobe, sample_dress
from .paint import occlude, photograph, shade
from .panoramas import sample_place

_SUPERSAMPLING = 2


@dataclass(frozen=True)
class Crop:
    """An image and its labels.

    Attributes:
        image: RGB ``[S, S, 3]``, uint8.
        pose: Rotation matrices ``[24, 3, 3]``; the pelvis in the frame of a
            camera whose axis goes through the crop's centre.
        betas: ``[10]``.
        transl: ``[3]``, m, in that camera: ``SMPLBody`` of these parameters,
            projected by ``intrinsics``, gives ``keypoints``.
        intrinsics: ``[3, 3]``, px of the crop.
        keypoints: ``[K, 2]``, px of the crop.
        visible: Keypoints inside the crop and not behind an occluder
            ``[K]``, bool. (Self-occluded keypoints count as visible.)
    """

    image: np.ndarray
    pose: np.ndarray
    betas: np.ndarray
    transl: np.ndarray
    intrinsics: np.ndarray
    keypoints: np.ndarray
    visible: np.ndarray


@dataclass
class CropRenderer:
    """Renders crops of a body.

    Args:
        body: The body, on the CPU.
        size: Side of the crop ``S``, px.
        convention: Keypoint convention of the labels.
        occluders: Probability of an occluder.
        truncation: Probability that the box truncates the person.
        panoramas: Real places, see :mod:`.panoramas`; may be empty.
        real_places: Probability of one of them as background.
        wide_views: Probability of a view beyond the common ones.
    """

    body: SMPLBody
    size: int = 128
    convention: str = 'coco_23'
    occluders: float = 0.35
    truncation: float = 0.2
    panoramas: Sequence[np.ndarray] = ()
    real_places: float = 0.7
    wide_views: float = 0.0
    wardrobe: Wardrobe = field(init=False)

    def __post_init__(self) -> None:
        keypoint_names(self.convention)
        self._faces = self.body.faces.numpy().astype(np.int32)
        rest = self.body.v_template.numpy()
        self.wardrobe = Wardrobe.of_body(
            rest,
            vertex_normals(rest, self._faces),
            self.body.weights.numpy(),
            self._faces,
        )

    def __call__(
        self, pose: np.ndarray, betas: np.ndarray, rng: np.random.Generator
    ) -> Crop:
        """Render one crop.

        Args:
            pose: Rotation matrices ``[24, 3, 3]``, world, y up.
            betas: ``[10]``.
            rng: Source of all other choices; determines the crop.
        """
        vertices, keypoints, pelvis = self._posed(pose, betas)
        view = sample_view(keypoints, self.size, rng, self.wide_views)
        shift = self._centring(keypoints, view, rng)
        keypoints = keypoints @ view.rotation.T + shift
        image = self._paint(vertices @ view.rotation.T + shift, view, rng)
        hidden = np.zeros((self.size, self.size), bool)
        if rng.random() < self.occluders:
            image, hidden = occlude(image, rng)
        intrinsics = view.intrinsics(self.size)
        pixels = _project(keypoints, intrinsics)
        rotated = pose.copy()
        rotated[0] = view.rotation @ pose[0]
        # SMPL rotates about the pelvis joint, which is not at its origin.
        transl = view.rotation @ pelvis + shift - pelvis
        return Crop(
            image=photograph(image, rng),
            pose=rotated.astype(np.float32),
            betas=betas.astype(np.float32),
            transl=transl.astype(np.float32),
            intrinsics=intrinsics.astype(np.float32),
            keypoints=pixels.astype(np.float32),
            visible=_inside(pixels, hidden),
        )

    def _posed(
        self, pose: np.ndarray, betas: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Vertices ``[V, 3]``, keypoints ``[K, 3]``, pelvis ``[3]``; m."""
        params = SMPLParams.from_pose(
            torch.from_numpy(pose[None]).float(),
            torch.from_numpy(betas[None]).float(),
        )
        with torch.no_grad():
            out = self.body(params, keypoints=(self.convention,))
        assert out.vertices is not None
        keypoints = out.keypoints[self.convention]
        values = (out.vertices[0], keypoints[0], out.joints[0, 0])
        vertices, points, pelvis = (value.numpy() for value in values)
        return vertices, points, pelvis

    def _centring(
        self, keypoints: np.ndarray, view: View, rng: np.random.Generator
    ) -> np.ndarray:
        """Translation that puts the keypoints' box about the centre, m."""
        rotated = keypoints @ view.rotation.T
        middle = (rotated.min(axis=0) + rotated.max(axis=0)) / 2
        extent = np.ptp(rotated[:, :2], axis=0).max()
        sigma = 0.25 if rng.random() < self.truncation else 0.04
        jitter = rng.normal(0, sigma, 2) * extent
        return np.r_[jitter - middle[:2], view.distance - middle[2]]

    def _paint(
        self, vertices: np.ndarray, view: View, rng: np.random.Generator
    ) -> np.ndarray:
        """RGB ``[S, S, 3]``, float32 in [0, 1]."""
        dress = sample_dress(self.wardrobe, rng)
        normals = vertex_normals(vertices, self._faces)
        vertices = vertices + dress.offsets[:, None] * normals
        large = self.size * _SUPERSAMPLING
        intrinsics = view.intrinsics(self.size)
        intrinsics[:2] *= _SUPERSAMPLING
        fragments = rasterize(
            vertices, self._faces, intrinsics, (large, large)
        )
        background = self._background(view, rng)
        image = cv2.resize(background, (large, large))
        image[fragments.mask] = shade(
            fragments, normals, self._faces, self.wardrobe, dress, rng
        )
        side = (self.size, self.size)
        return cv2.resize(image, side, interpolation=cv2.INTER_AREA)

    def _background(self, view: View, rng: np.random.Generator) -> np.ndarray:
        """RGB ``[S, S, 3]``, float32 in [0, 1]."""
        if not self.panoramas or rng.random() >= self.real_places:
            return sample_background(self.size, rng)
        place = self.panoramas[rng.integers(len(self.panoramas))]
        # Another heading, the same horizon.
        turn = Rotation.from_euler('y', rng.uniform(-np.pi, np.pi))
        rotation = view.rotation @ turn.as_matrix()
        angle = 2 * np.arctan(self.size / 2 / view.focal)
        return sample_place(place, rotation, angle, self.size, rng)


def _project(points: np.ndarray, intrinsics: np.ndarray) -> np.ndarray:
    homogeneous = points @ intrinsics.T
    return homogeneous[:, :2] / homogeneous[:, 2:]


def _inside(pixels: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    """Keypoints in the image that no occluder hides ``[K]``, bool."""
    size = len(hidden)
    inside = ((pixels >= 0) & (pixels < size)).all(axis=1)
    x, y = np.clip(pixels, 0, size - 1).astype(int).T
    return inside & ~hidden[y, x]
