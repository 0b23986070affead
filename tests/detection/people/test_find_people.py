"""From a video to people with identities, keypoints and tracks."""

import cv2
import numpy as np
import pytest
from people_poses import poses

from semtta_mm.apis.input_tracks import input_tracks
from semtta_mm.detection import DetectionResult, Detector2D, PersonDetector
from semtta_mm.detection.people import (
    FoundPeople,
    PeopleReader,
    TrackedPeople,
    choose,
    find_people,
    main_first,
)
from semtta_mm.registry import TASK_UTILS
from semtta_mm.utils import InputError

FPS, COUNT = 10.0, 30


def joints(frame, x, height):
    """A walking person's joints, centred at x."""
    points = poses(frame + 1, swing=0.1)[-1]
    return (points - [400, 300]) * height / 200 + [x, 120]


def box_of(points):
    return np.concatenate([points.min(axis=0), points.max(axis=0)])


class Crowd:
    """Who is in which frame: start, end, x, height."""

    def __init__(self, *people):
        self.people = people

    def at(self, frame):
        return [
            joints(frame, x + 2 * frame, height)
            for start, end, x, height in self.people
            if start <= frame < end
        ]


class SeesAll(PersonDetector):
    """Reads the frame number from the image's grey value."""

    def __init__(self, crowd):
        self.crowd, self.calls = crowd, 0

    def settings(self):
        return {'type': 'SeesAll', 'people': self.crowd.people}

    def find(self, image, tiles=1):
        self.calls += 1
        found = self.crowd.at(round(float(image.mean()) / 8))
        n = len(found)
        return FoundPeople(
            np.array([box_of(p) for p in found]).reshape(n, 4),
            np.full(n, 0.6),
            np.array(found).reshape(n, 17, 2),
            np.full((n, 17), 0.7),
        )


class Poses(Detector2D):
    """Finds the joints of whoever is in the box; alone, the first person."""

    def __init__(self, crowd):
        self.crowd, self.calls = crowd, []

    def settings(self):
        return {'type': 'Poses'}

    def detect(self, video, frames=None, progress=None, fps=None):
        self.calls.append('detect')
        found = {f: p[0] for f in range(COUNT) if (p := self.crowd.at(f))}
        return self._result(video, found, np.arange(COUNT), 0.8)

    def detect_in_boxes(self, video, people, progress=None, fps=None):
        self.calls.append(len(people))
        return [self._one(video, boxes) for boxes in people]

    def _one(self, video, boxes):
        found = {}
        for frame, box in zip(boxes.frame_ids, boxes.boxes, strict=True):
            near = [
                p
                for p in self.crowd.at(frame)
                if np.abs(box_of(p) - box).max() < 10
            ]
            if near:
                found[int(frame)] = near[0]
        return self._result(video, found, boxes.frame_ids, 0.9)

    def _result(self, video, found, searched, score):
        points = np.array(list(found.values())).reshape(-1, 17, 2)
        return DetectionResult(
            source=video.name,
            fps=FPS,
            image_size=(640, 240),
            convention='coco_17',
            searched=searched,
            frame_ids=np.array(list(found), int),
            keypoints=points,
            scores=np.full((len(found), 17), score),
            boxes=np.array([box_of(p) for p in points]).reshape(-1, 4),
        )


@pytest.fixture
def video(tmp_path, film):
    frames = [np.full((240, 640, 3), 8 * i) for i in range(COUNT)]
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


LEFT, RIGHT = (0, COUNT, 100, 150), (0, COUNT, 400, 180)


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
    # Two of 26 frames show another person to a detector of one.
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
def registered(monkeypatch):
    crowd = Crowd(LEFT, RIGHT)
    for name, kind in (('SeesAll', SeesAll), ('Poses', Poses)):
        TASK_UTILS.register_module(
            name=name, module=lambda k=kind: k(crowd), force=True
        )
    return crowd


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
