"""Normalisation and synonyms of labels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

SYNONYMS: Mapping[str, str] = MappingProxyType(
    {
        'backflips': 'backflip',
        'balancing on one leg': 'balance on one leg',
        'bending forward': 'bend forward',
        'bending sideways': 'bend sideways',
        'cartwheels': 'cartwheel',
        'clapping hands': 'clap hands',
        'clapping': 'clap hands',
        'climbing stairs': 'climb stairs',
        'walking upstairs': 'climb stairs',
        'crawling': 'crawl',
        'dancing': 'dance',
        'directing traffic': 'direct traffic',
        'drinking from a cup': 'drink from a cup',
        'drinking': 'drink from a cup',
        'getting up from lying': 'get up from lying',
        'getting up': 'get up from lying',
        'jumping': 'jump',
        'kicking': 'kick',
        'kicking a soccer ball': 'kick a soccer ball',
        'playing soccer': 'kick a soccer ball',
        'kneeling': 'kneel',
        'looking around': 'look around',
        'lunging': 'lunge',
        'lunges': 'lunge',
        'making basketball signals': 'make basketball signals',
        'basketball signals': 'make basketball signals',
        'marching in place': 'march in place',
        'playing basketball': 'play basketball',
        'basketball': 'play basketball',
        'pointing at something': 'point at something',
        'pointing': 'point at something',
        'punching': 'punch',
        'reaching up': 'reach up',
        'rolling on the ground': 'roll on the ground',
        'running': 'run',
        'jogging': 'run',
        'sitting': 'sit',
        'sitting down and standing up': 'sit down and stand up',
        'spinning around': 'spin around',
        'spinning kick': 'spin kick',
        'squatting': 'squat',
        'squats': 'squat',
        'standing': 'stand',
        'stepping sideways': 'step sideways',
        'stretching the arms': 'stretch the arms',
        'stretching': 'stretch the arms',
        'talking on the phone': 'talk on the phone',
        'turning around': 'turn around',
        'twisting the torso': 'twist the torso',
        'walking': 'walk',
        'washing a window': 'wash a window',
        'waving a hand': 'wave a hand',
        'waving': 'wave a hand',
    }
)
"""Synonym to label; keys are lower case, without person and punctuation."""

_PERSON = re.compile(
    r'^(?:(?:a|the|one) )?(?:person|someone|somebody|man|woman|people|he|she)'
    r'(?: is| are)? '
)


def normalise(text: str) -> str:
    """Normalise a label.

    Case, punctuation at the end, spaces and a leading ``'a person is'`` are
    ignored; synonyms are replaced by their label.

    Args:
        text: Any text.
    """
    words = ' '.join(text.lower().replace('_', ' ').split()).rstrip('.!')
    words = _PERSON.sub('', words)
    return SYNONYMS.get(words, words)


def has_side(label: str) -> bool:
    """Whether a label contains a side, so that its mirror image is wrong."""
    return bool({'left', 'right'} & set(label.lower().split()))
