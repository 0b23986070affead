import numpy as np
import pytest
import torch

from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import SMPLParams
from semtta_mm.visualization import BodyMesh, BodyPainter
from semtta_mm.visualization.body_painter import (
    draw_coloured,
    random_window,
    sampled_colours,
)

SIZE = 96
CAMERA = np.array([[400.0, 0, 48], [0, 400, 48], [0, 0, 1]])


@pytest.fixture(scope='module')
def person():
    """An upright person 10 m away: 0.025 m are a pixel."""
    body = SMPLBody()
    pose = torch.eye(3).repeat(1, 24, 1, 1)
    pose[:, 0] = torch.diag(torch.tensor([1.0, -1, -1]))
    out = body(SMPLParams.from_pose(pose, torch.zeros(1, 10)))
    vertices = out.vertices[0].double().numpy() + [0, 0, 10]
    joints = out.joints[0].double().numpy() + [0, 0, 10]
    mesh = BodyMesh(
        body.faces.numpy().astype(np.int32),
        body.weights.argmax(dim=1).numpy(),
    )
    return mesh, vertices, joints


def pixels(points):
    homogeneous = points @ CAMERA.T
    return homogeneous[:, :2] / homogeneous[:, 2:]


def test_the_drawn_body_is_where_its_labels_are(person):
    mesh, vertices, joints = person
    crop = np.full((SIZE, SIZE, 3), 10, np.uint8)
    white = np.full((len(vertices), 3), 255.0)
    image = draw_coloured(crop, vertices, mesh.faces, white, CAMERA)
    mask = image[..., 0] > 200
    assert ((image == 10) | (image == 255)).all()
    # Joints lie inside of the body.
    x, y = np.floor(pixels(joints)).astype(int).T
    assert mask[y, x].all()
    # The silhouette ends where the vertices end, within a pixel.
    low, high = pixels(vertices).min(0), pixels(vertices).max(0)
    rows, columns = np.nonzero(mask)
    assert abs(columns.min() - low[0]) < 1 and abs(rows.min() - low[1]) < 1
    assert abs(columns.max() + 1 - high[0]) < 1
    assert abs(rows.max() + 1 - high[1]) < 1


def test_colours_are_those_of_the_crop(person):
    """A person with a red left and a blue right half."""
    mesh, vertices, _ = person
    crop = np.zeros((SIZE, SIZE, 3), np.uint8)
    crop[:, :48, 0], crop[:, 48:, 2] = 200, 150
    found = sampled_colours(crop, vertices, mesh, CAMERA)
    front = draw_coloured(crop * 0, vertices, mesh.faces, found, CAMERA)
    mask = front.sum(-1) > 0
    left = mask & (np.arange(SIZE) < 46)
    right = mask & (np.arange(SIZE) > 50)
    assert left.sum() > 100 and right.sum() > 100
    assert (front[left] == [200, 0, 0]).all(axis=1).mean() > 0.98
    assert (front[right] == [0, 0, 150]).all(axis=1).mean() > 0.98
    # The back is hidden: the mean of each part.
    assert np.abs(found[vertices[:, 2].argmax()]).sum() > 0


def test_a_person_outside_of_the_crop_is_grey(person):
    mesh, vertices, _ = person
    crop = np.zeros((SIZE, SIZE, 3), np.uint8)
    away = vertices + [9, 0, 0]
    assert (sampled_colours(crop, away, mesh, CAMERA) == 128).all()


def test_the_same_seed_gives_the_same_picture(person):
    mesh, vertices, _ = person
    crop = np.random.default_rng(0).integers(0, 255, (SIZE, SIZE, 3))
    crop = crop.astype(np.uint8)
    for texture in ('crop', 'parts'):
        painter = BodyPainter(texture)
        first, again, other = (
            painter(
                crop,
                vertices,
                vertices,
                mesh,
                CAMERA,
                np.random.default_rng(seed),
            )
            for seed in (1, 1, 2)
        )
        np.testing.assert_array_equal(first, again)
        assert (first != other).any()
        assert first.shape == crop.shape and first.dtype == np.uint8


def test_the_background_is_a_window_of_the_crop():
    ramp = np.tile(np.arange(SIZE, dtype=np.uint8), (SIZE, 1))[..., None]
    crop = ramp.repeat(3, -1)
    rng = np.random.default_rng(0)
    np.testing.assert_array_equal(random_window(crop, 1.0, rng), crop)
    window = random_window(crop, 0.5, rng)
    span = int(window.max()) - int(window.min())
    assert window.shape == crop.shape and SIZE / 2 - 2 <= span < SIZE - 1
    with pytest.raises(ValueError, match='least_window'):
        BodyPainter(least_window=0.0)
    with pytest.raises(ValueError, match='texture'):
        BodyPainter('smooth')
