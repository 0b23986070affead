"""A gate of its own: thresholds by label, and the hooks that ask it."""

from types import SimpleNamespace

import pytest
import torch
from calibrations import make_calibration

from semtta_mm.engine.hooks import PoseBankFillInHook, SegmentReweightHook
from semtta_mm.models.adaptors.gate import calibrated_agreement
from semtta_mm.models.motion_text import read_dictionary
from semtta_mm.models.motion_text.calibration_file import write_calibration
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError

SMALL = dict(
    type='MotionCLIP',
    width=16,
    layers=1,
    heads=2,
    feedforward=16,
    text_dim=384,
)


def test_each_label_has_its_own_thresholds():
    words = read_dictionary()
    least = torch.full((len(words),), 0.4)
    least[1], least[2] = 0.8, torch.nan
    found = make_calibration(torch.nn.Linear(1, 1), words, accept_cosine=least)
    cosines = torch.zeros(5, len(words))
    cosines[:, :3] = torch.tensor(
        [
            [0.5, 0.1, 0.1],  # above 0.4
            [0.5, 0.6, 0.1],  # behind another text
            [0.1, 0.7, 0.1],  # below 0.8
            [0.1, 0.1, 0.9],  # no threshold
            [0.9, 0.1, 0.1],  # no label
        ]
    )
    label = torch.tensor([0, 0, 1, 2, -1])
    fits = calibrated_agreement(cosines, label, found)
    assert fits.tolist() == [True, False, False, False, False]


@pytest.fixture
def gate(tmp_path):
    """A config whose model has known weights, and its calibration."""
    register_all_modules()
    torch.manual_seed(0)
    model = MODELS.build(SMALL)
    torch.save(model.state_dict(), tmp_path / 'w.pth')
    words = read_dictionary()
    low = torch.full((len(words),), -2.0)
    found = make_calibration(
        model, words, accept_cosine=low, accept_margin=low
    )
    path = write_calibration(tmp_path / 'a.json', found, 'a test')
    return dict(
        type='MotionTextGate',
        motion_text=SMALL | {'weights': str(tmp_path / 'w.pth')},
        calibration=str(path),
    )


def test_another_dictionary_is_refused(gate):
    built = MODELS.build(gate)
    built.check(read_dictionary())
    with pytest.raises(InputError, match='dictionary'):
        built.check(None)
    other = MODELS.build(gate | {'motion_text': SMALL})  # random weights
    with pytest.raises(InputError, match='encoder'):
        other.check(read_dictionary())


def session_of(label, frames=60):
    """One window; the method's own cosines are 0.9 everywhere."""
    words = read_dictionary()
    pose = torch.eye(3).repeat(frames, 24, 1, 1)
    part = SimpleNamespace(
        index=torch.arange(frames)[None],
        valid=torch.ones(1, frames, dtype=torch.bool),
        label=torch.tensor([label]),
    )

    class Segments(SimpleNamespace):
        def __len__(self):
            return 1

        def __getitem__(self, rows):
            return part

    labelled = part.label >= 0
    return SimpleNamespace(
        segments=Segments(labelled=labelled, **vars(part)),
        refreshed=SimpleNamespace(params=SimpleNamespace(pose=pose)),
        frames=SimpleNamespace(track=SimpleNamespace(rate=30.0)),
        cosines=torch.full((1, len(words)), 0.9),
        similarity=torch.tensor([0.9]),
    )


def adaptor_with(session):
    return SimpleNamespace(
        session=session,
        dictionary=read_dictionary(),
        device=torch.device('cpu'),
    )


def test_the_hooks_ask_the_gate(gate):
    adaptor = adaptor_with(session_of(4))
    expected = MODELS.build(gate).cosines(
        adaptor.session, adaptor.dictionary, adaptor.device
    )
    assert expected.shape == (1, 40) and expected.max() < 0.9
    hook = SegmentReweightHook(gate)
    assert hook.similarity(adaptor).item() == expected[0, 4].item()
    assert SegmentReweightHook().similarity(adaptor).item() == (
        pytest.approx(0.9)
    )
    # Thresholds of -2 pass everything, whatever sigma is.
    assert PoseBankFillInHook(sigma=2.0, gate=gate).agrees(adaptor).all()
    assert not PoseBankFillInHook(sigma=2.0).agrees(adaptor).any()
    rank = PoseBankFillInHook(max_rank=0, gate=gate)
    assert not rank.agrees(adaptor).any()


def test_no_label_no_agreement(gate):
    adaptor = adaptor_with(session_of(-1))
    assert not PoseBankFillInHook(gate=gate).agrees(adaptor).any()
    adaptor.dictionary = None
    assert PoseBankFillInHook(gate=gate).agrees(adaptor) is None


def test_the_history_has_the_shares_of_both_models(gate):
    """All windows pass the gate, and none a sigma of 2."""
    session = session_of(4)
    session.history = [{}]
    hook = PoseBankFillInHook(sigma=2.0, gate=gate)
    hook._record(session, hook.agrees(adaptor_with(session)))
    expected = {'agreeing': 1.0, 'agreeing_without_gate': 0.0}
    assert session.history == [expected]
    session.history = []
    hook._record(session, torch.tensor([True]))  # nothing is measured
