import json

import numpy as np
import pytest

from semtta_mm.datasets import guess_reader
from semtta_mm.utils import InputError


@pytest.mark.parametrize(
    ('content', 'reader'),
    [
        ([{'frame_id': 0, 'instances': []}], 'MMPoseReader'),
        ({'meta_info': {}, 'instance_info': []}, 'MMPoseReader'),
        ({'images': [], 'annotations': []}, 'CocoJsonReader'),
        ([{'image_id': 1, 'keypoints': []}], 'CocoJsonReader'),
    ],
)
def test_reader_of_json_by_its_content(tmp_path, content, reader):
    path = tmp_path / 'a.json'
    path.write_text(json.dumps(content))
    assert guess_reader(path) == reader


def test_readers_of_folders_and_npz(tmp_path):
    folder = tmp_path / 'openpose'
    folder.mkdir()
    (folder / 'a_000000000000_keypoints.json').write_text('{"people": []}')
    assert guess_reader(folder) == 'OpenPoseReader'
    other = tmp_path / 'mmpose'
    other.mkdir()
    (other / '0.json').write_text('[{"keypoints": []}]')
    assert guess_reader(other) == 'MMPoseReader'
    np.savez(tmp_path / 'a.npz', image_path=['x'], smpl={'a': 1})
    assert guess_reader(tmp_path / 'a.npz') == 'HumanDataReader'
    np.savez(tmp_path / 'b.npz', schema='semtta_mm/track/1')
    assert guess_reader(tmp_path / 'b.npz') == 'NpzTrackReader'
    np.savez(other / 'b.npz', schema='semtta_mm/track/1')
    assert guess_reader(other) == 'NpzTrackReader'


@pytest.mark.parametrize(
    ('text', 'problem'),
    [
        ('3', 'has an unknown format'),
        ('{"people": []}', 'is one frame of OpenPose'),
        ('[{', 'is not valid JSON'),
    ],
)
def test_files_without_a_reader(tmp_path, text, problem):
    path = tmp_path / 'a.json'
    path.write_text(text)
    with pytest.raises(InputError, match=problem):
        guess_reader(path)
