import pytest
import torch

from semtta_mm.geometry import (
    crop_intrinsics,
    crop_to_image,
    image_to_crop,
    project_points,
    unproject_points,
    weak_perspective_to_image_translation,
    weak_perspective_to_translation,
)

BOXES = torch.tensor([[100.0, 50.0, 548.0, 498.0], [10.0, 20.0, 122.0, 132.0]])
CAMERA = torch.tensor([[0.8, 0.1, -0.2], [1.1, -0.05, 0.3]])


def test_crop_camera_by_hand():
    """Box side 448 = 2 x 224: f doubles, the centre is the box centre."""
    intrinsics = crop_intrinsics(BOXES[:1], 224)[0]
    assert intrinsics.tolist() == [
        [10000.0, 0.0, 324.0],
        [0.0, 10000.0, 274.0],
        [0.0, 0.0, 1.0],
    ]
    translation = weak_perspective_to_translation(CAMERA[:1], 224)[0]
    assert translation[2].item() == pytest.approx(2 * 5000 / (224 * 0.8))
    assert translation[:2].tolist() == pytest.approx([0.1, -0.2])


def test_crop_camera_equals_the_lineages_projection():
    """f = 5000, centre S/2 in the crop (SPIN), then stretched to the box."""
    torch.manual_seed(0)
    points = torch.randn(2, 5, 3) * 0.5
    translation = weak_perspective_to_translation(CAMERA, 224)
    moved = points + translation[:, None]
    in_crop = 5000 * moved[..., :2] / moved[..., 2:] + 112
    expected = crop_to_image(in_crop, BOXES, 224)
    image = project_points(moved, crop_intrinsics(BOXES, 224))
    torch.testing.assert_close(image, expected, rtol=0, atol=1e-2)


def test_true_camera_keeps_place_and_size_in_the_box():
    """Far bodies: both cameras agree to first order in size / depth."""
    torch.manual_seed(0)
    points = torch.randn(2, 5, 3) * torch.tensor([0.5, 0.5, 0.0])
    intrinsics = torch.tensor(
        [[3000.0, 0, 640], [0, 3000.0, 360], [0, 0, 1]]
    ).expand(2, 3, 3)
    in_true = project_points(
        points
        + weak_perspective_to_image_translation(CAMERA, BOXES, intrinsics)[
            :, None
        ],
        intrinsics,
    )
    in_crop = project_points(
        points + weak_perspective_to_translation(CAMERA, 224)[:, None],
        crop_intrinsics(BOXES, 224),
    )
    torch.testing.assert_close(in_true, in_crop, rtol=0, atol=0.05)


def test_true_camera_with_tall_pixels():
    intrinsics = torch.tensor([[[3000.0, 0, 640], [0, 1500, 360], [0, 0, 1]]])
    root = torch.zeros(1, 1, 3)
    translation = weak_perspective_to_image_translation(
        CAMERA[:1], BOXES[:1], intrinsics
    )
    image = project_points(root + translation[:, None], intrinsics)[0, 0]
    # Weak perspective of the root: box centre + (tx, ty) s b / 2.
    expected = [324 + 0.1 * 0.8 * 224, 274 - 0.2 * 0.8 * 224]
    assert image.tolist() == pytest.approx(expected, abs=1e-3)


def test_crop_and_back():
    corners = torch.tensor([[[100.0, 50.0], [548.0, 498.0], [324.0, 274.0]]])
    crop = image_to_crop(corners, BOXES[:1], 224)
    assert crop[0].tolist() == [[0, 0], [224, 224], [112, 112]]
    torch.testing.assert_close(crop_to_image(crop, BOXES[:1], 224), corners)


def test_rays_project_to_their_points():
    intrinsics = crop_intrinsics(BOXES, 224)
    points = torch.tensor(
        [[[120.0, 60.0], [500.0, 470.0]], [[15, 25], [70, 90]]]
    )
    rays = unproject_points(points, intrinsics)
    assert torch.equal(rays[..., 2], torch.ones(2, 2))
    found = project_points(3 * rays, intrinsics)
    assert torch.allclose(found, points, atol=1e-2)
