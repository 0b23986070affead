"""Old names of options work and name the new ones on stderr."""

import argparse

import pytest

from semtta_mm.commands import convert_dataset, diagnose_alignment, make_crops
from semtta_mm.commands.options import add_cfg_options


def parsed(command, *arguments):
    return command.build_parser().parse_args(arguments)


def test_flags_and_values(capsys):
    args = parsed(make_crops, '--out', 'x', '--places')
    assert args.real_backgrounds and not args.unmodified_poses
    error = capsys.readouterr().err
    assert error == '--places is deprecated, use --real-backgrounds\n'
    base = ('a.py', 'b.npz', '--out', 'x')
    args = parsed(
        diagnose_alignment, *base, '--enough=0.8', '--hidden', 'arms'
    )
    assert (args.saturation, args.perturbed) == (0.8, 'arms')
    assert capsys.readouterr().err.count('is deprecated') == 2


def test_new_names_warn_of_nothing(capsys):
    args = parsed(make_crops, '--out', 'x', '--unmodified-poses')
    assert args.unmodified_poses and not args.real_backgrounds
    base = ('a.py', 'b.npz', '--out', 'x')
    args = parsed(diagnose_alignment, *base, '--observed-weight', '2')
    assert (args.observed_weight, args.saturation) == (2, None)
    assert args.perturbed == 'legs'
    assert capsys.readouterr().err == ''


def test_a_flag_that_switches_off(capsys):
    places = ('3dpw', 'a', 'b')
    assert parsed(convert_dataset, *places).drop_wild_betas
    for flag in ('--keep-outlier-betas', '--keep-wild-betas'):
        assert not parsed(convert_dataset, *places, flag).drop_wild_betas
    assert capsys.readouterr().err.count('use --keep-outlier-betas') == 1


def test_old_names_are_not_in_the_help():
    text = diagnose_alignment.build_parser().format_help()
    assert '--saturation' in text
    for old in ('--enough', '--stay', '--hidden'):
        assert old not in text


def test_values_are_checked_under_the_old_name(capsys):
    with pytest.raises(SystemExit):
        parsed(diagnose_alignment, 'a', 'b', '--out', 'x', '--hidden', 'nose')
    assert "invalid choice: 'nose'" in capsys.readouterr().err


def test_changes_of_a_config():
    parser = argparse.ArgumentParser()
    add_cfg_options(parser, 'a.b=3')
    assert 'e.g. a.b=3' in ' '.join(parser.format_help().split())
    args = parser.parse_args(['--cfg-options', 'a.b=3', 'c=x'])
    assert args.cfg_options == {'a.b': 3, 'c': 'x'}
