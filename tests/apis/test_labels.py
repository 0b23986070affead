"""The labeler of tracks that a user gives."""

import pytest

from semtta_mm.apis.labels import labeler_config
from semtta_mm.labeling import LabelSpan
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError

FIXED = dict(type='FixedLabeler', text='run')
FILES = dict(type='FileLabeler', path='pose2sim')


@pytest.fixture(autouse=True)
def registered():
    register_all_modules()


def test_given_labels_replace_the_default():
    assert labeler_config('walk', None, FIXED)['text'] == 'walk'
    from_file = labeler_config(None, 'a.json', FIXED)
    assert from_file == dict(type='FileLabeler', path='a.json')
    spans = labeler_config(None, [LabelSpan(0, 5, 'walk')], FIXED)
    assert spans['type'] == 'SpanLabeler'
    assert spans['spans'][0]['text'] == 'walk'


def test_the_default_is_used_if_it_can_label_any_track():
    assert labeler_config(default=FIXED) == FIXED
    assert labeler_config(default=FILES) is None
    of_set = dict(type='TestSetLabeler', folder='x')
    assert labeler_config(default=of_set) is None
    assert labeler_config() is None


def test_text_and_labels_exclude_each_other():
    with pytest.raises(InputError, match='give one of them'):
        labeler_config('walk', 'a.json')
