import cv2
import numpy as np
import pytest
import torch
from video_files import write_film

from semtta_mm.datasets import read_frames, video_info
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import PersonTrack, SMPLParams
from semtta_mm.utils import InputError
from semtta_mm.visualization import MeshTrack, Scene, draw_people, write_view
from semtta_mm.visualization.fixed_view import FixedView, view_axes
from semtta_mm.visualization.mesh_track import PALETTE
from semtta_mm.visualization.views import check_views, view_file

WIDTH, HEIGHT, FRAMES = 160, 120, 4
INTRINSICS = np.array([[120.0, 0, 80], [0, 120, 60], [0, 0, 1]])
GREY = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
# A cube of 0.5 m around the origin, triangles counter-clockwise outside.
CORNERS = np.array(
    [[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
) * np.float32(0.25)
QUADS = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1)]
QUADS += [(2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
CUBE = np.array([t for a, b, c, d in QUADS for t in ((a, b, c), (a, c, d))])


def cube(places, frames=None, number=0, name='a'):
    places = np.asarray(places, np.float32)
    frames = np.arange(len(places)) if frames is None else np.asarray(frames)
    return MeshTrack(
        name,
        frames,
        CORNERS + places[:, None],
        np.tile(INTRINSICS, (len(places), 1, 1)),
        PALETTE[number],
    )


def like(image, colour):
    """Pixels with the hue of a colour ``[H, W]``, bool."""
    wanted = np.asarray(colour)[::-1] / np.linalg.norm(colour)
    found = image / np.maximum(np.linalg.norm(image, axis=2), 1)[..., None]
    return (found @ wanted) > 0.995


def extent(mask):
    """x1, y1, x2, y2 of a mask, px."""
    y, x = np.nonzero(mask)
    return np.array([x.min(), y.min(), x.max() + 1, y.max() + 1])


def test_cube_is_closed_and_outwards():
    a, b, c = (CORNERS[CUBE[:, k]] for k in range(3))
    outside = np.cross(b - a, c - a)
    assert ((outside * (a + b + c)).sum(axis=1) > 0).all()


@pytest.mark.parametrize('order', [1, -1])
def test_the_nearer_person_is_in_front(order):
    near = cube([[0, 0, 2.0]], number=0)
    far = cube([[0.1, 0, 4.0]], number=1)
    people = [near, far][::order]
    image = draw_people(GREY, people, 0, CUBE, opacity=1.0)
    assert like(image, PALETTE[0])[60, 80]
    assert not like(image, PALETTE[1]).any()  # hidden behind the near one
    image = draw_people(GREY, [near, cube([[1.3, 0, 4.0]])], 0, CUBE)
    assert (image[60, 115] != 128).any()
    assert (GREY == 128).all()


def test_people_are_drawn_in_their_own_frames():
    late = cube([[0, 0, 2.0]], frames=[7])
    assert draw_people(GREY, [late], 6, CUBE) is GREY
    assert late.row(7) == 0
    assert late.row(8) is None
    assert (draw_people(GREY, [late], 7, CUBE) != 128).any()


def test_scaled_images_take_scaled_intrinsics():
    people = [cube([[0.3, 0.1, 3.0]])]
    large = draw_people(GREY, people, 0, CUBE, opacity=1.0)
    small = cv2.resize(GREY, (WIDTH // 2, HEIGHT // 2))
    small = draw_people(small, people, 0, CUBE, 0.5, opacity=1.0)
    big, half = (extent((i != 128).any(axis=2)) for i in (large, small))
    np.testing.assert_allclose(half * 2, big, atol=2)


def test_axes_of_the_views_by_hand():
    level = np.array([0.0, -1, 0])
    side, top = view_axes('side', level), view_axes('top', level)
    np.testing.assert_allclose(side, [[0, 0, 1], [0, 1, 0], [-1, 0, 0]])
    np.testing.assert_allclose(top, [[1, 0, 0], [0, 0, -1], [0, 1, 0]])
    tilted = np.array([0.2, -0.9, 0.3])
    for name in ('side', 'top'):
        axes = view_axes(name, tilted)
        np.testing.assert_allclose(axes @ axes.T, np.eye(3), atol=1e-12)
        assert np.linalg.det(axes) == pytest.approx(1)
    # From the side the vertical is upright, from above it is out of sight.
    unit = tilted / np.linalg.norm(tilted)
    np.testing.assert_allclose(
        view_axes('side', tilted) @ unit, [0, -1, 0], atol=1e-12
    )
    np.testing.assert_allclose(
        view_axes('top', tilted) @ unit, [0, 0, -1], atol=1e-12
    )
    with pytest.raises(ValueError, match="'back'"):
        view_axes('back', level)


def box_in(view, frame):
    return extent(like(view.draw(frame), PALETTE[0]))


def test_scale_is_fixed_and_positions_are_to_scale():
    """0.4 m to the right and 0.2 m away, in frames 0 and 1."""
    people = [cube([[0, 0, 4.0], [0.4, 0, 4.2]])]
    top = FixedView('top', people, CUBE, (300, 300))
    first, second = box_in(top, 0), box_in(top, 1)
    np.testing.assert_allclose(first[2:] - first[:2], second[2:] - second[:2])
    assert first[2] - first[0] == pytest.approx(0.5 * top.scale, abs=1.5)
    move = second[:2] - first[:2]
    np.testing.assert_allclose(
        move, [0.4 * top.scale, -0.2 * top.scale], atol=1.5
    )
    side = FixedView('side', people, CUBE, (300, 300))
    move = box_in(side, 1)[:2] - box_in(side, 0)[:2]
    np.testing.assert_allclose(move, [0.2 * side.scale, 0], atol=1.5)


def test_everything_is_within_the_panel():
    people = [cube([[-1, 0, 3], [1, 0.5, 4]]), cube([[0, 0, 5.0]], [1])]
    for name in ('side', 'top'):
        view = FixedView(name, people, CUBE, (200, 300))
        for frame in (0, 1):
            x1, y1, x2, y2 = box_in(view, frame)
            assert x1 > 5
            assert y1 > 5
            assert x2 < 195
            assert y2 < 295


def test_the_ground_is_below_the_feet():
    view = FixedView('side', [cube([[0, 0, 4.0]] * 3)], CUBE, (200, 200))
    image = view.draw(0)
    lowest = box_in(view, 0)[3]
    line = np.flatnonzero((image[:, 3] == 120).all(axis=1))
    assert len(line) == 2
    assert abs(line.mean() + 0.5 - lowest) <= 2


def test_far_walkers_are_followed():
    people = [cube([[x, 0, 4.0] for x in np.linspace(0, 40, 5)])]
    view = FixedView('top', people, CUBE, (200, 200))
    boxes = np.array([box_in(view, i) for i in range(5)])
    assert (boxes[:, 2] - boxes[:, 0] > 60).all()
    np.testing.assert_allclose(boxes.mean(axis=0)[::2].mean(), 100, atol=2)
    assert np.ptp(boxes, axis=0).max() <= 2
    empty = view.draw(99)
    assert not like(empty, PALETTE[0]).any()


@pytest.fixture(scope='module')
def video(tmp_path_factory):
    path = tmp_path_factory.mktemp('film') / 's.mp4'
    return write_film(path, FRAMES + 2, (WIDTH, HEIGHT), sound='aac')


@pytest.fixture
def scene(video):
    track = PersonTrack(
        name='x',
        frame_ids=np.arange(1, FRAMES),
        fps=30.0,
        boxes=np.tile([40.0, 20, 120, 110], (FRAMES - 1, 1)),
        keypoints=np.tile(
            np.linspace([50.0, 30], [110, 100], 17), (FRAMES - 1, 1, 1)
        ),
        scores=np.ones((FRAMES - 1, 17)),
        convention='coco_17',
        video=video,
    )
    filled = np.ones((FRAMES - 1, 17), bool)
    people = [cube([[0, 0, 2.0]] * 3, [1, 2, 3])]
    before = [cube([[0.4, 0, 2.0]] * 3, [1, 2, 3])]
    return Scene(
        video,
        np.arange(FRAMES),
        30.0,
        CUBE,
        people,
        before,
        [track],
        [filled],
    )


def test_overlay_has_the_size_rate_and_sound_of_the_video(scene, tmp_path):
    done = []
    path = write_view(
        scene, 'overlay', tmp_path / 'o.mp4', 60, lambda: done.append(1)
    )
    info = video_info(path)
    assert (info.width, info.height) == (WIDTH, HEIGHT)
    assert (info.fps, info.frame_count, info.has_audio) == (30, FRAMES, True)
    assert len(done) == FRAMES
    images = [image for _, image in read_frames(path, np.arange(FRAMES))]
    painted = [like(image, PALETTE[0]).sum() for image in images]
    assert painted[0] == 0
    assert min(painted[1:]) > 400


def test_panels_are_beside_each_other(scene, tmp_path):
    view = 'evidence+before+overlay+side+top'
    path = write_view(scene, view, tmp_path / view_file(view), 60)
    assert path.name == 'evidence_before_overlay_side_top.mp4'
    ((_, image),) = read_frames(path, np.array([2]))
    assert image.shape == (60, 3 * 80 + 2 * 60 + 4 * 4, 3)
    parts = [image[:, x : x + w] for x, w in ((0, 80), (84, 80), (168, 80))]
    blue = [extent(like(part, PALETTE[0])) for part in parts[1:]]
    # 0.4 m at 2 m are 24 px, in the halved panel 12.
    assert blue[0][0] - blue[1][0] == pytest.approx(12, abs=3)
    green = parts[0].astype(int)
    assert (green[..., 1] - green[..., 2] > 40).any()  # filled keypoints


def test_a_scene_without_what_a_view_shows(scene, tmp_path):
    bare = Scene(scene.video, scene.frame_ids, 30.0, CUBE, scene.people)
    for view in ('before', 'evidence', 'overlay+before'):
        with pytest.raises(InputError, match='has nothing to show'):
            write_view(bare, view, tmp_path / 'o.mp4')


def test_unknown_views():
    check_views(['before_after', 'overlay', 'side+top'])
    for view in ('back', 'overlay+back', 'overlay+before_after', ''):
        with pytest.raises(InputError, match='choose from before_after'):
            check_views([view])


def test_the_body_stands_upright_from_the_side():
    body = SMPLBody()
    pose = torch.zeros(1, 24, 3)
    pose[:, 0, 0] = torch.pi
    params = SMPLParams.from_axis_angle(
        pose, torch.zeros(1, 10), torch.tensor([[0.0, 0.0, 3.0]])
    )
    out = body(params)
    person = MeshTrack(
        'a', np.arange(1), out.vertices.numpy(), INTRINSICS[None]
    )
    view = FixedView('side', [person], body.faces.numpy(), (300, 300))
    x1, y1, x2, y2 = box_in(view, 0)
    height = float(np.ptp(person.vertices[0][:, 1]))
    assert y2 - y1 == pytest.approx(height * view.scale, rel=0.02)
    assert (y2 - y1) > 3 * (x2 - x1)
    # The body faces the camera, which is on the left: so do its feet.
    rows = like(view.draw(0), PALETTE[0])[y2 - 12 : y2 - 4]
    middle = extent(like(view.draw(0), PALETTE[0])[y1 : y1 + 60])[::2].mean()
    assert np.nonzero(rows)[1].min() < middle - 10
