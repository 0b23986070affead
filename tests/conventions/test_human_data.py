import ast
from importlib.util import find_spec
from pathlib import Path

import pytest

from semtta_mm.conventions import HUMAN_DATA_ALTERNATES, keypoint_names

OURS = keypoint_names('human_data_190')


@pytest.fixture(scope='module')
def theirs():
    """mmhuman3d's own tables, parsed: importing it would run it."""
    spec = find_spec('mmhuman3d')
    if spec is None:
        pytest.skip('mmhuman3d is not installed')
    path = Path(spec.submodule_search_locations[0]).joinpath(
        'core/conventions/keypoints_mapping/human_data.py'
    )
    wanted = ('HUMAN_DATA', 'APPROXIMATE_MAPPING_LIST')
    return {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign) and node.targets[0].id in wanted
    }


def same(ours, theirs):
    """Names that differ in spelling only."""
    for short, long in (('bigtoe', 'big_toe'), ('smalltoe', 'small_toe')):
        theirs = theirs.replace(short, long)
    fingers = ('thumb', 'index', 'middle', 'ring', 'pinky')
    tips = {f'{s}_{f}' for s in ('left', 'right') for f in fingers}
    theirs = f'{theirs}_4' if theirs in tips else theirs
    return ours == {'headtop': 'head_top'}.get(theirs, theirs)


def test_every_slot_is_that_of_mmhuman3d(theirs):
    table = theirs['HUMAN_DATA']
    assert len(OURS) == len(table) == 190
    face = [i for i, name in enumerate(OURS) if name == f'human_data_{i}']
    assert len(face) == 68
    assert table[face[0]] == 'right_eyebrow_1'
    assert table[face[-1]] == 'left_contour_1'
    for i in set(range(190)) - set(face):
        assert same(OURS[i], table[i]), i


def test_alternates_are_those_of_mmhuman3d(theirs):
    table = theirs['HUMAN_DATA']
    ours = {
        tuple(table[OURS.index(n)] for n in (name, *others))
        for name, others in HUMAN_DATA_ALTERNATES.items()
    }
    groups = {tuple(group) for group in theirs['APPROXIMATE_MAPPING_LIST']}
    # A pair without a name of ours in it.
    assert groups - ours == {('head_extra', 'head_h36m')}
    assert ours <= groups


def test_body_joints_by_hand():
    assert OURS[0] == 'pelvis'
    assert OURS[4] == 'left_knee'
    assert OURS[21] == 'right_wrist'
    assert OURS[55] == 'nose'
    assert OURS[188:] == ('left_hand', 'right_hand')
    assert HUMAN_DATA_ALTERNATES['left_hip'] == (
        'left_hip_openpose',
        'left_hip_extra',
    )
