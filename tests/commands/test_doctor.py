"""``semtta doctor``: what it finds, also in broken environments."""

import json
import os
import stat
import subprocess
import sys

import pytest

from semtta_mm.apis.config import read_config
from semtta_mm.apis.missing_files import missing_files
from semtta_mm.commands import doctor, doctor_files, doctor_packages
from semtta_mm.commands.doctor_packages import (
    INFO,
    MISSING,
    OK,
    PROBLEM,
    conflict_checks,
    import_checks,
    package_checks,
)


def versions(monkeypatch, **found):
    """Pretend some versions; None is an absent package."""
    real = doctor_packages.installed_version

    def version(name):
        return found.get(name, real(name))

    monkeypatch.setattr(doctor_packages, 'installed_version', version)


def by_name(checks):
    return {check.name: check for check in checks}


def test_this_environment_is_ready(capsys):
    assert doctor.main(['--no-imports', '--json']) == 0
    report = json.loads(capsys.readouterr().out)
    assert report['ready']
    found = {row['name']: row for row in report['checks']}
    assert found['torch']['state'] == OK
    assert found['hmr_mobilenetv2_open']['state'] == OK
    assert found['SMPL, neutral']['required'] is False
    assert doctor.main(['--no-imports']) == 0
    printed = capsys.readouterr().out
    assert printed.splitlines()[-1] == 'ready: semtta run VIDEO'


@pytest.mark.parametrize(
    ('found', 'name', 'fix'),
    [
        ({'numpy': '2.1.0'}, 'numpy and xtcocotools', 'semtta install-mm'),
        ({'setuptools': '81.0.0'}, 'setuptools', "'setuptools<81'"),
    ],
)
def test_combinations_that_do_not_work(monkeypatch, found, name, fix):
    assert name not in by_name(conflict_checks())
    versions(monkeypatch, **found)
    check = by_name(conflict_checks())[name]
    assert check.blocks
    assert fix in check.fix


def test_two_distributions_of_one_module(monkeypatch):
    both = ['mmcv', 'mmcv-lite']
    monkeypatch.setattr(
        doctor_packages, 'providers', lambda module: both[: 1 + (module != '')]
    )
    check = by_name(conflict_checks())['mmcv']
    assert check.state == PROBLEM
    assert 'pip uninstall mmcv mmcv-lite' in check.fix


@pytest.mark.parametrize(
    ('torch', 'torchvision', 'agree'),
    [
        ('2.13.0+cpu', '0.28.0+cpu', True),
        ('2.13.0+cpu', '0.28.0+cu126', False),
        ('2.13.0+cu124', '0.28.0+cu126', True),
        ('2.13.0', '0.28.0+cu126', True),  # not known
    ],
)
def test_builds_of_torch_and_torchvision(
    monkeypatch, torch, torchvision, agree
):
    versions(monkeypatch, torch=torch, torchvision=torchvision)
    name = 'torch and torchvision'
    assert (name not in by_name(conflict_checks())) == agree


def test_an_absent_package_stops_only_who_needs_it(monkeypatch, capsys):
    versions(monkeypatch, transformers=None)
    check = by_name(package_checks())['transformers']
    assert (check.state, check.blocks) == (MISSING, False)
    assert check.fix == "pip install 'semtta_mm[text]'"
    versions(monkeypatch, mmpose=None)
    assert by_name(package_checks())['mmpose'].fix == 'semtta install-mm'
    assert doctor.main(['--no-imports']) == 2
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == 'not ready (mmpose); first: semtta install-mm'


def test_a_package_of_a_wrong_version(monkeypatch):
    versions(monkeypatch, mmengine='0.12.0')
    check = by_name(package_checks())['mmengine']
    assert check.state == PROBLEM
    assert '0.12.0, wanted' in check.found


def test_a_package_that_fails_or_ends_the_process(tmp_path, monkeypatch):
    """Stand-ins of packages that break while they are imported."""
    for name, body in (
        ('numpy', ''),
        ('torch', 'raise OSError("libfoo.so is absent")'),
        ('cv2', 'import os; os._exit(11)'),
    ):
        (tmp_path / f'{name}.py').write_text(body)
    # -I -S: nothing else can be imported.
    start = tmp_path / 'python'
    start.write_text(
        f'#!/bin/sh\nshift\ncode="$1"; shift\n'
        f'PYTHONPATH={tmp_path} exec {sys.executable} -S -c "$code" "$@"\n'
    )
    start.chmod(start.stat().st_mode | stat.S_IXUSR)
    found = by_name(import_checks([str(start)]))
    assert found['numpy'].state == OK
    assert found['torch'].found == 'OSError: libfoo.so is absent'
    assert 'ended the process (11)' in found['cv2'].found
    assert found['torch'].blocks and found['cv2'].blocks


def test_weights_that_are_cut_off(tmp_path):
    folder = tmp_path / 'weights'
    folder.mkdir()
    (check,) = doctor_files.asset_checks(tmp_path)
    assert check.blocks  # no manifest
    (folder / 'manifest.json').write_text('{"a": {"bytes": 4}}')
    states = []
    for content in (None, b'abc', b'abcd'):
        if content is not None:
            (folder / 'a.safetensors').write_bytes(content)
        (check,) = doctor_files.asset_checks(tmp_path)
        states.append(check.state)
    assert states == [MISSING, PROBLEM, OK]


def test_licensed_files_where_the_configs_expect_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv('SMPL_MODEL_DIR', raising=False)
    cfg = read_config('semtta_hmr_3dpw')
    wanted = {str(item.path) for item in missing_files(cfg.to_dict())}
    for place in doctor_files.LICENSED_DATA.values():
        named = place in wanted
        other = place.startswith('data/checkpoints/hmr2')
        assert named or other, place
    assert all(c.state == INFO for c in doctor_files.licensed_checks())
    smpl = tmp_path / 'data/body_models/smpl'
    smpl.mkdir(parents=True)
    (smpl / 'SMPL_NEUTRAL.npz').touch()
    checks = by_name(doctor_files.licensed_checks())
    assert checks['SMPL, neutral'].state == OK


def test_a_cache_that_cannot_be_written(tmp_path, monkeypatch):
    monkeypatch.setenv('SEMTTA_CACHE', str(tmp_path / 'new' / 'cache'))
    assert by_name(doctor_files.machine_checks())['cache is writable'].state
    monkeypatch.setattr(os, 'access', lambda path, mode: False)
    check = by_name(doctor_files.machine_checks())['cache is writable']
    assert check.blocks


def test_free_memory_is_measured():
    memory = doctor_files.available_memory_gb()
    assert memory is not None and 0.01 < memory < 10_000


def test_the_doctor_imports_nothing_heavy():
    code = (
        'import sys; from semtta_mm.commands.doctor import all_checks\n'
        'all_checks(imports=False)\n'
        'heavy = {"torch", "mmengine", "cv2", "mmpose"} & set(sys.modules)\n'
        'assert not heavy, heavy'
    )
    done = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
