"""From a video to people with identities, keypoints and tracks."""

import cv2
import numpy as np
import pytest
from people_stand_ins import (
    COUNT,
    LEFT,
    RIGHT,
    Crowd,
    Poses,
    SeesAll,
    box_of,
    joints,
    register,
)

from semtta_mm.apis.input_tracks import input_tracks
from semtta_mm.detection import Detector2D
from semtta_mm.detection.people import (
    PeopleReader,
    TrackedPeople,
    choose,
    find_people,
    main_first,
)
from semtta_mm.registry import TASK_UTILS
from semtta_mm.utils import InputError


@pytest.fixture
def video(tmp_path, film):
    frames = [np.full((240, 640, 3), 7 * i) for i in range(COUNT)]
    return film(tmp_path / 'walk.avi', frames)


@pytest.fixture
def find(video, tmp_path):
    def found(*people, **options):
        crowd = Crowd(*people)
        found.poses, found.finder = Poses(crowd), SeesAll(crowd)
        return find_people(
            video, found.poses, found.finder, tmp_path / 'kept', **options
        )

    return found


def test_two_people_the_taller_first(find, video):
    people = find(LEFT, RIGHT)
    assert [p.id for p in people] == [0, 1]
    assert people[0].height > people[1].height
    assert find.poses.calls == [2]
    tracks = [p.track(video) for p in people]
    assert [t.name for t in tracks] == ['walk_p0', 'walk_p1']
    np.testing.assert_allclose(tracks[1].keypoints[5], joints(5, 110, 150))
    np.testing.assert_allclose(tracks[0].scores, 0.9)


def test_everything_is_found_once(find):
    find(LEFT, RIGHT)
    again = find(LEFT, RIGHT)
    assert (find.finder.calls, find.poses.calls) == (0, [])
    assert [len(p.poses) for p in again] == [COUNT, COUNT]


def test_the_only_person_has_the_keypoints_of_the_whole_video(find):
    (person,) = find(LEFT)
    assert find.poses.calls == [1, 'detect']
    np.testing.assert_allclose(person.poses.scores, 0.8)
    assert person.id == 0


def test_frames_of_something_else_are_left_out(find):
    """Alone, the detector sees the first person, who passes by."""
    people = find((0, 6, 300, 150), (4, COUNT, 100, 150))
    (person,) = people
    assert person.boxes.frame_ids[0] == 4
    # Two of 30 frames show another person to a detector of one.
    assert person.poses.frame_ids.tolist() == list(range(6, COUNT))


def test_nobody(find, video, tmp_path):
    assert find() == []
    assert find.poses.calls == []


def test_only_some_frames(find):
    people = find(LEFT, RIGHT, frames=slice(4, 28, 2))
    for person in people:
        assert person.boxes.frame_ids.tolist() == list(range(4, 28, 2))


def test_a_still_one_is_no_person(find, monkeypatch):
    monkeypatch.setattr(Crowd, 'at', lambda self, frame: [joints(0, 300, 150)])
    assert find(LEFT) == []


def test_order_and_choice(find):
    people = find((0, 12, 100, 150), (4, COUNT, 400, 180))
    assert [p.boxes.frame_ids[0] for p in people] == [0, 4]
    assert [p.id for p in main_first(people)] == [1, 0]
    assert [p.id for p in choose(people, [1, 0, 1])] == [1, 0]
    with pytest.raises(InputError, match='person: 2: was not found.*0, 1'):
        choose(people, [2])


def test_gaps_of_up_to_a_second_are_interpolated_and_marked():
    frames = np.array([0, 3, 12, 40, 43])
    boxes = np.array([[f, 0, f + 10, 20.0] for f in frames])
    tracked = TrackedPeople(
        fps=10.0,
        image_size=(100, 100),
        searched=np.arange(0, 46, 3),
        people=np.zeros(5, int),
        frame_ids=frames,
        boxes=boxes,
        scores=np.full(5, 0.5),
        keypoints=np.zeros((5, 17, 2)),
        keypoint_scores=np.zeros((5, 17)),
    )
    found = tracked.person_boxes(0)
    assert found.frame_ids.tolist() == [*range(13), *range(40, 44)]
    np.testing.assert_allclose(found.boxes[:, 0], found.frame_ids)
    marked = np.isnan(found.scores)
    assert found.frame_ids[~marked].tolist() == frames.tolist()


@pytest.fixture
def registered():
    register(LEFT, RIGHT)


def test_the_reader_gives_tracks(registered, video, tmp_path):
    reader = dict(
        video=video,
        detector=dict(type='Poses'),
        finder=dict(type='SeesAll'),
        folder=tmp_path / 'kept',
    )
    assert [t.name for t in PeopleReader(**reader)()] == ['walk_p0', 'walk_p1']
    assert [t.name for t in PeopleReader(**reader, person=1)()] == ['walk_p1']
    both = PeopleReader(**reader, person=[1, 0])()
    assert [t.name for t in both] == ['walk_p1', 'walk_p0']


def test_given_boxes_are_searched_and_nothing_else(
    registered, video, tmp_path, monkeypatch
):
    monkeypatch.setenv('SEMTTA_CACHE', str(tmp_path / 'cache'))
    boxes = np.full((COUNT, 4), np.nan)
    for frame in range(5, 20):
        boxes[frame] = box_of(joints(frame, 100 + 2 * frame, 150))
    detector = dict(type='Poses')
    (track,) = input_tracks(video, tmp_path, detector, boxes=boxes)
    assert track.frame_ids.tolist() == list(range(5, 20))
    np.testing.assert_allclose(track.keypoints[0], joints(5, 110, 150))
    with pytest.raises(InputError, match='boxes: value: have no area'):
        input_tracks(video, tmp_path, detector, boxes=boxes * np.nan)
    with pytest.raises(InputError, match='person: value: is of no use'):
        input_tracks(video, tmp_path, detector, boxes=boxes, person=0)


def test_a_detector_of_one_person_keeps_working(registered, video, tmp_path):
    class Single(Poses):
        detect_in_boxes = Detector2D.detect_in_boxes

    TASK_UTILS.register_module(
        name='Single', module=lambda: Single(Crowd(LEFT)), force=True
    )
    finder = dict(type='SeesAll')
    kept = tmp_path / 'kept'
    reader = PeopleReader(video, dict(type='Single'), kept, finder=finder)
    assert [t.name for t in reader()] == ['walk_p0']
    with pytest.raises(InputError, match='detects one person'):
        reader.people()


def test_a_photograph_and_a_poster_with_real_networks(
    finder, photo, blazepose, film, tmp_path
):
    from semtta_mm.detection import BlazePoseDetector

    detector = BlazePoseDetector(**blazepose)
    folder = tmp_path / 'photo'
    folder.mkdir()
    cv2.imwrite(str(folder / 'a.png'), photo)
    kept = tmp_path / 'kept'
    people = find_people(folder, detector, finder, kept, fps=30)
    assert len(people) >= 1
    assert people[0].height > 400
    poster = film(tmp_path / 'poster.avi', [photo[::2, ::2]] * 32)
    assert find_people(poster, detector, finder, kept) == []


def test_no_person_in_noise_with_real_networks(
    finder, blazepose, film, tmp_path
):
    from semtta_mm.detection import BlazePoseDetector
    from semtta_mm.synthetic.scene.backgrounds import sample_background

    rng = np.random.default_rng(0)
    scenes = [sample_background(256, rng) for _ in range(4)]
    scale = 255 if scenes[0].dtype.kind == 'f' else 1
    frames = [scale * scene for scene in scenes for _ in range(6)]
    video = film(tmp_path / 'noise.avi', frames)
    detector = BlazePoseDetector(**blazepose)
    assert find_people(video, detector, finder, tmp_path / 'kept') == []
