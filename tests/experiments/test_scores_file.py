"""Scores in a CSV file."""

import pytest

from semtta_mm.experiments.scores import Score
from semtta_mm.experiments.scores_file import read_scores_file, write_scores
from semtta_mm.utils import InputError

SCORES = [
    Score('ours, with "text"', 'open', 'none', 'c0', 0, {'mpjpe': 101.25}),
    Score(
        'theirs', 'open', 'none', 'c0', 2, {'mpjpe': 99.5, 'phase_deg': None}
    ),
]


def test_writing_and_reading_keeps_the_scores(tmp_path):
    path = tmp_path / 'scores.csv'
    write_scores(path, SCORES)
    first, second = read_scores_file(path)
    assert first.row == 'ours, with "text"'
    assert (first.seed, second.seed) == (0, 2)
    assert first.values == {'mpjpe': 101.25, 'phase_deg': None}
    assert second == SCORES[1]


@pytest.mark.parametrize(
    ('text', 'field'),
    [
        ('row,set_name,variant,clip\n', 'seed'),
        ('row,set_name,variant,clip,seed,m\na,b,c,d,0,x\n', 'line 2'),
        ('row,set_name,variant,clip,seed,m\na,b,c,d,,1\n', 'line 2'),
        ('row,set_name,variant,clip,seed,m\na,b,c,d\n', 'line 2'),
        ('', 'row'),
    ],
)
def test_other_files_are_refused(tmp_path, text, field):
    path = tmp_path / 'scores.csv'
    path.write_text(text)
    with pytest.raises(InputError, match=field):
        read_scores_file(path)


def test_no_file(tmp_path):
    with pytest.raises(InputError, match='does not exist'):
        read_scores_file(tmp_path / 'none.csv')
