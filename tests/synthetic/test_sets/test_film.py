"""Rendered frames and self-occlusion."""

import dataclasses

import numpy as np

from semtta_mm.conventions import keypoint_names
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.synthetic.test_sets.film import (
    behind,
    depth_margins,
    render_clip,
)
from semtta_mm.synthetic.test_sets.looks import Look
from semtta_mm.synthetic.test_sets.rig import sample_rig


@dataclasses.dataclass(frozen=True)
class Silhouette(Look):
    """White body on black."""

    def ground(self, large, frame):
        return np.zeros((*large, 3), np.float32)

    def paint(self, fragments, normals):
        return np.ones((int(fragments.mask.sum()), 3))

    def develop(self, image, rng):
        return (255 * image).astype(np.uint8)


def test_body_is_drawn_where_its_vertices_are(marching):
    """Also while the camera sways."""
    body = SMPLBody()
    dress = dataclasses.make_dataclass('Bare', ['offsets'])(
        np.zeros(body.num_vertices)
    )
    rig = sample_rig(marching.keypoints, 96, 'all', np.random.default_rng(1))
    frames = list(
        render_clip(
            marching,
            body.faces.numpy(),
            rig,
            Silhouette(dress, 0.0),
            96,
            'coco_23',
            np.random.default_rng(0),
        )
    )
    homogeneous = rig.to_camera(marching.vertices) @ rig.intrinsics.T
    pixels = homogeneous[..., :2] / homogeneous[..., 2:]
    for frame, points in list(zip(frames, pixels, strict=True))[::13]:
        y, x = np.nonzero(frame.image[..., 0])
        drawn = [x.min(), y.min(), x.max() + 1, y.max() + 1]
        true = [*points.min(axis=0), *points.max(axis=0)]
        np.testing.assert_allclose(drawn, true, atol=1.5)
    hidden = np.stack([frame.hidden for frame in frames])
    assert 0.02 < hidden.mean() < 0.6


def test_behind_means_deeper_than_the_margin():
    depth = np.full((4, 4), np.inf)
    depth[1, 2] = 2.0
    camera = np.array([[4.0, 0, 2], [0, 4, 2], [0, 0, 1]])
    ray = np.array([(2.5 - 2) / 4, (1.5 - 2) / 4, 1.0])
    points = np.stack([2.05 * ray, 2.2 * ray, [-1.0, -1.0, 3.0]])
    result = behind(depth, points, camera, np.full(3, 0.1))
    assert result.tolist() == [False, True, False]


def test_hips_lie_deeper_than_wrists():
    names = keypoint_names('coco_23')
    margin = dict(zip(names, depth_margins('coco_23'), strict=True))
    assert margin['left_hip'] > margin['left_wrist']
