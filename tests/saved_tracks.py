"""Small results like those of `semtta adapt`."""

import numpy as np

from semtta_mm.conventions import SMPL_JOINTS


def make_arrays(frames=5, fps=25.0, gap=0, seed=0):
    """A waving body that moves to the right, 4 m in front of the camera.

    Every frame has another random pose; frame numbers start at 2 and have a
    gap of ``gap`` frames in the middle.
    """
    rng = np.random.default_rng(seed)
    points = np.zeros((frames, 5, 2))
    frame_ids = 2 + np.arange(frames)
    frame_ids[frames // 2 :] += gap
    upright = np.tile([np.pi, 0.0, 0.0], (frames, 1))
    return {
        'frame_ids': frame_ids,
        'fps': np.asarray(fps),
        'global_orient': upright + rng.normal(0, 0.1, (frames, 3)),
        'body_pose': rng.normal(0, 0.3, (frames, 69)),
        'betas': np.tile(rng.normal(0, 1, 10), (frames, 1)),
        'transl': np.c_[
            np.linspace(-0.6, 0.6, frames),
            np.zeros(frames),
            4 * np.ones(frames),
        ],
        'cam_intrinsics': np.tile(
            [[240.0, 0, 140], [0, 250.0, 130], [0, 0, 1]], (frames, 1, 1)
        ),
        'joints3d': np.zeros((frames, 24, 3)),
        'joint_names': np.array(SMPL_JOINTS),
        'joints2d': points,
        'bank_keypoints': points,
        'bank_source': np.zeros((frames, 5), np.int8),
        'bbox_xyxy': np.zeros((frames, 4)),
    }


def write_run(folder, names=('a',), before=False, **options):
    """A work directory with a folder for each track."""
    for seed, name in enumerate(names):
        place = folder / name
        place.mkdir(parents=True)
        arrays = make_arrays(seed=seed, **options)
        np.savez(place / 'result.npz', **arrays)
        if before:
            arrays['transl'] = arrays['transl'] + [0, 0.3, 0]
            np.savez(place / 'before.npz', **arrays)
    return folder
