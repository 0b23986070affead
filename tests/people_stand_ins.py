"""A video, its people, and detectors that know them."""

import numpy as np
from people_poses import poses

from semtta_mm.detection import DetectionResult, Detector2D, PersonDetector
from semtta_mm.detection.people import FoundPeople
from semtta_mm.registry import TASK_UTILS

FPS, COUNT = 10.0, 34


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
        found = self.crowd.at(round(float(image.mean()) / 7))
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


LEFT, RIGHT = (0, COUNT, 100, 150), (0, COUNT, 400, 180)


def register(*people):
    """Register both stand-ins under their names."""
    crowd = Crowd(*people)
    for kind in (SeesAll, Poses):
        TASK_UTILS.register_module(
            name=kind.__name__, module=lambda k=kind: k(crowd), force=True
        )
