"""The path of a moving body from its projections, all frames at once."""

import pytest
import torch

from semtta_mm.geometry.track_translation import track_translation

FRAMES, POINTS, RATE = 40, 12, 30
ACCELERATION = 5.0


@pytest.fixture
def walk():
    """A body that walks past at 1.2 m/s and comes nearer."""
    torch.manual_seed(0)
    times = torch.arange(FRAMES) / RATE
    path = torch.stack((1.2 * times - 1, 0 * times, 4 - 0.8 * times), dim=-1)
    points = 0.4 * torch.randn(FRAMES, POINTS, 3)
    placed = points + path[:, None]
    return points, placed[..., :2] / placed[..., 2:], times, path


def solve(walk, rays=None, seen=None, noise=0.01, start=None):
    points, exact, times, path = walk
    if seen is None:
        seen = torch.ones(FRAMES, POINTS, dtype=torch.bool)
    return track_translation(
        points,
        exact if rays is None else rays,
        seen,
        torch.full((FRAMES,), noise),
        times,
        path + 0.3 if start is None else start,
        ACCELERATION,
    )


def test_exact_projections_give_the_path(walk):
    torch.testing.assert_close(solve(walk), walk[3], atol=2e-3, rtol=0)


def test_noise_moves_the_depth_less_than_frame_by_frame(walk):
    rays = walk[1] + 0.01 * torch.randn(FRAMES, POINTS, 2)
    found, path = solve(walk, rays), walk[3]
    alone = torch.cat(
        [
            track_translation(
                walk[0][t : t + 1],
                rays[t : t + 1],
                torch.ones(1, POINTS, dtype=torch.bool),
                torch.full((1,), 0.01),
                walk[2][t : t + 1],
                path[t : t + 1] + 0.3,
                ACCELERATION,
            )
            for t in range(FRAMES)
        ]
    )
    assert (found - path)[:, 2].std() < 0.5 * (alone - path)[:, 2].std()


def test_frames_without_keypoints_are_interpolated(walk):
    seen = torch.ones(FRAMES, POINTS, dtype=torch.bool)
    seen[15:25] = False
    start = walk[3].clone()
    start[15:25] += 5
    found = solve(walk, seen=seen, start=start)
    torch.testing.assert_close(found, walk[3], atol=0.01, rtol=0)


def test_a_gross_error_hardly_counts(walk):
    rays = walk[1].clone()
    rays[10, :3] += 0.5
    off = (solve(walk, rays) - walk[3])[10].norm()
    assert off < 0.1


def test_an_uneven_rate_is_the_same_path(walk):
    """Times of the frames count, not their positions in the list."""
    keep = torch.tensor([t for t in range(FRAMES) if t not in range(12, 20)])
    points, rays, times, path = walk
    found = track_translation(
        points[keep],
        rays[keep],
        torch.ones(len(keep), POINTS, dtype=torch.bool),
        torch.full((len(keep),), 0.01),
        times[keep],
        path[keep] + 0.3,
        ACCELERATION,
    )
    torch.testing.assert_close(found, path[keep], atol=2e-3, rtol=0)


def test_without_any_keypoint_it_stays(walk):
    seen = torch.zeros(FRAMES, POINTS, dtype=torch.bool)
    start = walk[3] + 1
    torch.testing.assert_close(solve(walk, seen=seen, start=start), start)
