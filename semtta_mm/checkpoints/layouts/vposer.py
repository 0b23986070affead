"""VPoser's encoder in checkpoints of its two releases.

Names by nghorbani/human_body_prior, versions V01 (``bodyprior_enc_*``) and
V02_05 (indices of a ``Sequential``, in a Lightning checkpoint with the prefix
``vp_model.``), as in public copies of the network.
"""

from __future__ import annotations

from .layout import CheckpointLayout

_V02 = {
    '1': 'norm1',
    '2': 'linear1',
    '4': 'norm2',
    '6': 'linear2',
    '7': 'linear3',
}
_V01 = {
    'bn1': 'norm1',
    'fc1': 'linear1',
    'bn2': 'norm2',
    'fc2': 'linear2',
    'mu': 'mu',
}


VPOSER_V02_WHOLE = CheckpointLayout(
    'vposer_v02',
    marks=('encoder_net.2.weight', 'decoder_net.5.weight'),
    wrappers=(('state_dict',), ()),
    prefixes=('vp_model.', 'module.', ''),
    foreign=('bm_train.',),
)
"""Encoder and decoder of V02_05 in a network with the official names."""


def vposer_layouts(version: int) -> tuple[CheckpointLayout, ...]:
    """Layouts of both versions; the other version's has a refusal.

    Args:
        version: 1 or 2, of the network.
    """
    return (
        CheckpointLayout(
            'vposer_v02',
            marks=('encoder_net.2.weight', 'encoder_net.8.mu.weight'),
            wrappers=(('state_dict',), ()),
            prefixes=('vp_model.', 'module.', ''),
            rename=_rename_v02,
            foreign=('decoder_net.', 'bm_train.'),
            refusal=_refusal(2, version),
        ),
        CheckpointLayout(
            'vposer_v01',
            marks=('bodyprior_enc_fc1.weight', 'bodyprior_enc_mu.weight'),
            wrappers=((), ('state_dict',)),
            prefixes=('module.', ''),
            rename=_rename_v01,
            foreign=('bodyprior_dec_',),
            refusal=_refusal(1, version),
        ),
    )


def _rename_v02(name: str) -> str | None:
    net, _, rest = name.partition('.')
    layer, _, entry = rest.partition('.')
    if net != 'encoder_net':
        raise KeyError(name)
    if layer == '8':
        return _of_distribution(entry, name)
    return f'{_V02[layer]}.{entry}'


def _rename_v01(name: str) -> str | None:
    if not name.startswith('bodyprior_enc_'):
        raise KeyError(name)
    layer, _, entry = name.removeprefix('bodyprior_enc_').partition('.')
    if layer == 'logvar':
        return None  # the prior uses the mean only
    return f'{_V01[layer]}.{entry}'


def _of_distribution(entry: str, name: str) -> str | None:
    """Keep the mean; the prior does not use the variance."""
    part, _, rest = entry.partition('.')
    if part == 'logvar':
        return None
    if part != 'mu':
        raise KeyError(name)
    return f'mu.{rest}'


def _refusal(version: int, own: int) -> tuple[str, str] | None:
    if version == own:
        return None
    return (
        f'is VPoser of version {version}, the config has version {own}',
        f'set version={version}',
    )
