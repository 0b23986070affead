"""A predicted track on a level floor."""

import numpy as np
import torch

from semtta_mm.export import ExportTrack, ResultFile


def lowest(track):
    return torch.cat(list(track.meshes()))[..., 1].amin(dim=1)


def test_feet_are_on_the_floor_and_the_root_is_continuous(person):
    track = ExportTrack(person.result, person.body, world=True)
    heights = lowest(track)
    assert heights.min() > -1e-5
    assert heights.max() < 0.1
    with torch.no_grad():
        joints = track.body.joints_only(track.params)
    steps = joints[1:, 0] - joints[:-1, 0]
    camera = torch.from_numpy(track.result.joints3d[:, 0])
    moved = (camera[1:] - camera[:-1]) * torch.tensor([1.0, -1, -1])
    assert (steps - moved).abs().max() < 0.02
    # Bodies and meshes are at the same place.
    with torch.no_grad():
        posed = track.body(track.params, keypoints=()).vertices
    meshes = torch.cat(list(track.meshes()))
    torch.testing.assert_close(posed, meshes, atol=1e-4, rtol=0)


def test_gravity_makes_a_leaning_person_upright(make_arrays, body):
    """The up direction is that of the person's own trunk in frame 0."""
    arrays = make_arrays()
    pelvis, neck = arrays['joints3d'][0, [0, 12]]
    lean = np.array([0.2, 0, 0.5]) + (neck - pelvis)
    for direction in (neck - pelvis, lean):
        up = np.tile(direction / np.linalg.norm(direction), (9, 1))
        saved = ResultFile.from_arrays(make_arrays(up=up), 'x')
        track = ExportTrack(saved, body, world=True)
        with torch.no_grad():
            joints = body.joints_only(track.params)[0]
        trunk = joints[12] - joints[0]
        cosine = float(trunk[1] / trunk.norm())
        expected = up[0] @ (neck - pelvis) / np.linalg.norm(neck - pelvis)
        assert abs(cosine - expected) < 1e-5
        assert lowest(track).min() > -1e-5
    assert expected < 0.95  # the second one does lean
