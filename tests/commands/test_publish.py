"""Command publish: the file, its provenance, errors in one line."""

import json

import pytest
import torch

from semtta_mm.commands.publish import main


@pytest.fixture
def arguments(tmp_path):
    path = tmp_path / 'epoch_1.pth'
    state = {'net.w': torch.ones(2000), 'net.b': torch.ones(2)}
    torch.save({'state_dict': state, 'meta': {'seed': 3}}, path)
    return [
        *(str(path), 'net_open', '--prefix', 'net.', '--half'),
        *('--trained-on', 'ones (CC0)', '--folder', str(tmp_path / 'out')),
    ]


COMMAND = ['--command', 'semtta train configs/train_x.py --seed 3']
DATE = ['--date', '2026-11-23']


def test_publish(arguments, tmp_path, capsys):
    assert main([*arguments, *COMMAND, *DATE]) == 0
    out = tmp_path / 'out'
    entry = json.loads((out / 'manifest.json').read_text())['net_open']
    size = (out / 'net_open.safetensors').stat().st_size
    assert len(entry.pop('sha256')) == 64
    assert entry == {
        'averaged': False,
        'bytes': size,
        'command': COMMAND[1],
        'config': 'train_x',
        'date': '2026-11-23',
        'dtype': 'float16',
        'licence': 'Apache-2.0',
        'parameters': 2002,
        'seed': 3,
        'trained_on': 'ones (CC0)',
    }
    assert size < 2 * 2000 + 4 * 2 + 300
    assert f'2002 parameters, {size} bytes' in capsys.readouterr().out
    assert len(list(out.iterdir())) == 2


@pytest.mark.parametrize(
    ('more', 'message'),
    [
        (['--command', 'train', *DATE], '--command: value: names no .py'),
        ([*COMMAND, '--date', '23.11.26'], '--date: value: Invalid'),
    ],
)
def test_bad_arguments_are_one_line(
    arguments, tmp_path, capsys, more, message
):
    assert main([*arguments, *more]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count('\n') == 1
    assert not (tmp_path / 'out').exists()
