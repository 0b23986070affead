"""Trials of CMU's subjects, cut into spans; folder and tar files."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest
from asf_files import amc_text, asf_text

from semtta_mm.models.motion_text.dictionary_file import read_dictionary
from semtta_mm.synthetic.motions import library
from semtta_mm.synthetic.motions.asf_amc import read_asf_amc
from semtta_mm.synthetic.motions.cmu_subjects import (
    END,
    MIN_SECONDS,
    SPANS,
    read_cmu_subjects,
    split_spans,
)
from semtta_mm.utils import InputError

FRAMES = 361
"""Three seconds at 120 Hz."""


def trial() -> str:
    """The knee bends by 1 degree every fourth frame."""
    return amc_text(*({'ltibia': f'{i / 4}'} for i in range(FRAMES)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for subject, number in (('02', '01'), ('02', '02'), ('03', '01')):
        place = tmp_path / 'subjects' / subject
        place.mkdir(parents=True, exist_ok=True)
        (place / f'{subject}.asf').write_text(asf_text())
        (place / f'{subject}_{number}.amc').write_text(trial())
    return tmp_path / 'subjects'


def archive(path: Path, files: dict[str, str]) -> Path:
    with tarfile.open(path, 'w:xz') as tar:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
        link = tarfile.TarInfo('subjects/02/02_03.amc')
        link.type, link.linkname = tarfile.SYMTYPE, '/etc/passwd'
        tar.addfile(link)
    return path


def test_spans_and_the_rests_between_them(folder, rest_joints):
    spans = {'02_01': ((1.0, 2.0, 'walk'), (2.5, END, 'jump'))}
    clips = read_cmu_subjects(folder, rest_joints, '02_01'.__eq__, spans)
    assert [(c.name, c.label, c.fps) for c in clips] == [
        ('cmu_subjects/02_01/0.0', '', 30),
        ('cmu_subjects/02_01/1.0', 'walk', 30),
        ('cmu_subjects/02_01/2.5', 'jump', 30),
    ]
    assert {c.source for c in clips} == {'cmu_subjects'}
    assert [c.labelled for c in clips] == [False, True, True]
    assert [len(c) for c in clips] == [30, 30, 16]
    # Four frames of the file for one of the clip, from the span's start.
    files = folder / '02' / '02.asf', folder / '02' / '02_01.amc'
    whole = read_asf_amc(*files, rest_joints, label='').pose
    np.testing.assert_allclose(clips[1].pose, whole[120:240:4], atol=1e-9)


def test_short_rests_are_left_out():
    spans = ((0.5, 2.0, 'walk'), (2.0, 3.0, 'run'), (5.0, END, 'jump'))
    assert split_spans(9.0, spans) == [
        (0.5, 2.0, 'walk'),
        (2.0, 3.0, 'run'),
        (3.0, 5.0, ''),
        (5.0, 9.0, 'jump'),
    ]
    assert split_spans(9.0, ()) == [(0.0, 9.0, '')]


def test_spans_are_in_order_and_in_the_dictionary():
    labels = read_dictionary('open').labels
    for spans in SPANS.values():
        at = 0.0
        for start, end, label in spans:
            assert at <= start < end - MIN_SECONDS / 2
            assert label in labels
            at = end


def test_every_trial_has_one_split(folder, rest_joints):
    names = {
        split: [
            clip.name.split('/')[1]
            for clip in library.cmu_subject_clips(folder, split, rest_joints)
        ]
        for split in ('train', 'dev', 'test')
    }
    assert names == {'train': ['02_01'], 'dev': ['03_01'], 'test': ['02_02']}


def test_an_archive_is_read_like_its_folder(folder, tmp_path, rest_joints):
    files = {
        f'a/{path.relative_to(folder)}': path.read_text()
        for path in folder.rglob('*.a?[cf]')
    }
    packed = archive(tmp_path / 'subjects.tar.xz', files)
    for a, b in zip(
        read_cmu_subjects(packed, rest_joints),
        read_cmu_subjects(folder, rest_joints),
        strict=True,
    ):
        assert (a.name, a.label) == (b.name, b.label)
        np.testing.assert_array_equal(a.pose, b.pose)


def test_nothing_is_written_outside(tmp_path, rest_joints):
    outside = tmp_path / 'outside'
    outside.mkdir()
    files = {
        '../outside/02.asf': asf_text(),
        f'{outside}/02_01.amc': trial(),
        f'{outside}/other.txt': 'x',
        '../outside/..': 'x',
    }
    packed = archive(tmp_path / 'bad.tar.xz', files)
    clips = read_cmu_subjects(packed, rest_joints)
    assert [clip.name for clip in clips] == ['cmu_subjects/02_01/0.0']
    assert not list(outside.iterdir())


def test_bad_files(tmp_path, rest_joints):
    with pytest.raises(InputError, match='none: file: does not exist'):
        read_cmu_subjects(tmp_path / 'none', rest_joints)
    with pytest.raises(InputError, match=r'contains no \.amc file'):
        read_cmu_subjects(tmp_path, rest_joints)
    path = tmp_path / 'x.tar.xz'
    path.write_bytes(b'not a tar')
    with pytest.raises(InputError, match='is not a readable tar archive'):
        read_cmu_subjects(path, rest_joints)
    (tmp_path / '07_01.amc').write_text(trial())
    with pytest.raises(InputError, match=r'07\.asf: file: does not exist'):
        read_cmu_subjects(tmp_path, rest_joints)
