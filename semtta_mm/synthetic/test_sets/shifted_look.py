"""Appearance outside of training's ranges, drawn once per clip."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from scipy.spatial.transform import Rotation

from ...visualization.renderer import Fragments, lambert, rasterize
from ..scene import Dress, Wardrobe, sample_dress
from .looks import Look
from .rig import Rig
from .room import MARGIN, Room, backdrop, sample_room, softened

BULK = (1.3, 1.7)
"""Factor of shifted clothes' offsets against training's."""

LIGHTS = ((1.0, 0.7, 0.45), (0.55, 0.75, 1.0), (0.8, 1.0, 0.6))
"""Shifted light: lamp, sky, leaves; training's is nearly white."""

AMBIENT = (0.1, 0.22)
"""Shifted share of light from everywhere; training has 0.25 to 0.7."""

GAMMA = (0.5, 0.62)
"""Shifted exposure; training has 0.65 to 1.5."""

GRAIN = (0.05, 0.08)
"""Shifted noise, of full scale; training has up to 0.05."""

QUALITY = (12, 24)
"""Shifted JPEG quality, every frame; training has 25 to 95, in half."""

DEFOCUS = (0.8, 1.5)
"""Shifted blur, px for 256 px, every clip; training blurs 40 %."""


@dataclass(frozen=True)
class Faults:
    """Ranges of what a camera does to its images.

    Attributes:
        defocus: Blur, px.
        gamma: Exposure.
        grain: Noise, of full scale.
        quality: Of JPEG, whole numbers.
    """

    defocus: tuple[float, float] = DEFOCUS
    gamma: tuple[float, float] = GAMMA
    grain: tuple[float, float] = GRAIN
    quality: tuple[int, int] = QUALITY


@dataclass(frozen=True)
class Lighting:
    """What the light of a scene is drawn from.

    Attributes:
        tints: Colours of the light, RGB.
        ambient: Share of light from everywhere.
        contrast: Of the background, see :func:`.softened`.
    """

    tints: tuple[tuple[float, float, float], ...] = LIGHTS
    ambient: tuple[float, float] = AMBIENT
    contrast: float = 1.0


COLOURED = Lighting()
"""That of the edition ``steep``."""

BAD_CAMERA = Faults()
"""Those of the edition ``steep``."""


@dataclass(frozen=True)
class ShiftedLook(Look):
    """A room with a floor, one coloured light, camouflage, a bad camera."""

    faces: np.ndarray
    rig: Rig
    size: tuple[int, int]
    backdrop: np.ndarray
    light: np.ndarray
    tint: np.ndarray
    ambient: float
    gamma: float
    grain: float
    quality: int

    @classmethod
    def sample(
        cls,
        wardrobe: Wardrobe,
        faces: np.ndarray,
        rig: Rig,
        size: tuple[int, int],
        rng: np.random.Generator,
        blur: float,
        room: Room | None = None,
        margin: float = MARGIN,
        oversampling: int = 2,
        faults: Faults = BAD_CAMERA,
        camouflaged: bool = True,
        lighting: Lighting = COLOURED,
    ) -> ShiftedLook:
        """One look outside training's ranges.

        Args:
            wardrobe: Of the body.
            faces: Of the mesh ``[F, 3]``.
            rig: The camera.
            size: Width and height of the images, px.
            rng: Source of all choices.
            blur: Factor on the blur.
            room: The room; None draws one.
            margin: See :func:`.backdrop`.
            oversampling: See :func:`.backdrop`.
            faults: Of the camera.
            camouflaged: Whether clothes are outside training's ranges too.
            lighting: Of the scene.
        """
        turn = rng.uniform(0, 2 * np.pi)
        low = rng.uniform(0.25, 0.6)
        dress = sample_dress(wardrobe, rng)
        if camouflaged:
            dress = camouflage(dress, wardrobe, rng)
        return cls(
            dress=dress,
            defocus=rng.uniform(*faults.defocus) * blur,
            faces=faces,
            rig=rig,
            size=size,
            backdrop=softened(
                backdrop(
                    room or sample_room(rig, rng),
                    rig,
                    size,
                    margin,
                    oversampling,
                ),
                lighting.contrast,
            ),
            light=np.array([low * np.cos(turn), 1.0, low * np.sin(turn)]),
            tint=np.array(lighting.tints[rng.integers(len(lighting.tints))]),
            ambient=float(rng.uniform(*lighting.ambient)),
            gamma=float(rng.uniform(*faults.gamma)),
            grain=float(rng.uniform(*faults.grain)),
            quality=int(
                rng.integers(faults.quality[0], faults.quality[1] + 1)
            ),
        )

    def ground(self, large: tuple[int, int], frame: int) -> np.ndarray:  # noqa: D102
        scale = large[0] / self.size[0]
        zoom = np.diag([scale, scale, 1.0])
        intrinsics = zoom @ self.rig.intrinsics
        margin = (len(self.backdrop) - large[1]) / 2
        wide = intrinsics.copy()
        wide[:2, 2] += margin
        turn = intrinsics @ self.rig.sway[frame] @ np.linalg.inv(wide)
        return cv2.warpPerspective(
            self.backdrop,
            _pixel_centres(turn),
            large,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )

    def shadow(  # noqa: D102
        self, image: np.ndarray, body: np.ndarray, frame: int
    ) -> None:
        height, width = image.shape[:2]
        flat = body - body[:, 1:2] / self.light[1] * self.light
        zoom = np.diag([width / self.size[0]] * 2 + [1.0])
        fragments = rasterize(
            self.rig.to_camera_at(flat, frame),
            self.faces,
            zoom @ self.rig.intrinsics,
            (width, height),
            cull=False,
        )
        dark = cv2.GaussianBlur(
            fragments.mask.astype(np.float32),
            (0, 0),
            min(width, height) / 170,
        )
        image *= 1 - 0.6 * dark[..., None]

    def paint(self, fragments: Fragments, normals: np.ndarray) -> np.ndarray:  # noqa: D102
        values = np.c_[self.dress.colours, normals]
        pixels = fragments.interpolate(values, self.faces)
        return self.lit(pixels[:, :3], pixels[:, 3:])

    def lit(self, colours: np.ndarray, normals: np.ndarray) -> np.ndarray:
        """Colours under the light of the scene.

        Args:
            colours: RGB ``[N, 3]``.
            normals: Of any length ``[N, 3]``, camera frame.

        Returns:
            RGB ``[N, 3]``.
        """
        length = np.linalg.norm(normals, axis=1, keepdims=True)
        normal = normals / (length + 1e-9)
        direction = self.rig.rotation @ self.light
        direct = lambert(normal, direction.tolist(), 0)[:, None] * self.tint
        light = self.ambient + (1 - self.ambient) * direct
        return np.clip(colours * light, 0, 1)

    def develop(  # noqa: D102
        self, image: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        image = cv2.GaussianBlur(image, (0, 0), self.defocus)
        image = np.clip(image, 0, 1) ** self.gamma
        noise = rng.normal(0, self.grain, image.shape)
        out = np.clip(255 * (image + noise), 0, 255).astype(np.uint8)
        quality = [cv2.IMWRITE_JPEG_QUALITY, self.quality]
        # The codec expects BGR.
        _, data = cv2.imencode('.jpg', out[..., ::-1], quality)
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))[..., ::-1]


def camouflage(
    dress: Dress, wardrobe: Wardrobe, rng: np.random.Generator
) -> Dress:
    """Looser clothes in blotches of three colours; not skin and hair."""
    turns = Rotation.random(4, random_state=rng).as_matrix()[:, 0]
    waves = np.sin(
        wardrobe.rest @ (turns * rng.uniform(12, 45, (4, 1))).T
        + rng.uniform(0, 2 * np.pi, 4)
    ).sum(axis=1)
    tone = np.digitize(waves, [-0.6, 0.6])
    blotches = rng.uniform(0.05, 0.95, (3, 3))[tone]
    cloth = (dress.offsets > 0.003) & ~wardrobe.on('head', 'neck')
    colours = np.where(cloth[:, None], blotches, dress.colours)
    loose = np.where(cloth, rng.uniform(*BULK), 1.0)
    return replace(dress, colours=colours, offsets=dress.offsets * loose)


def _pixel_centres(matrix: np.ndarray) -> np.ndarray:
    """A homography of continuous px, for OpenCV's whole-number centres."""
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    return np.linalg.inv(half) @ matrix @ half
