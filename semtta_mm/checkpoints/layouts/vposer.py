"""VPoser's encoder as its two releases store it.

Names by nghorbani/human_body_prior, versions V01 (``bodyprior_enc_*``) and
V02_05 (numbers of a ``Sequential``, a Lightning checkpoint with ``vp_model.``
before every name), as public copies of the network have them.
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


def vposer_layouts(version: int) -> tuple[CheckpointLayout, ...]:
    """Layouts of both versions; the one that is not built refuses.

    Args:
        version: 1 or 2, of the network at hand.
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
        return None  # see below
    return f'{_V01[layer]}.{entry}'


def _of_distribution(entry: str, name: str) -> str | None:
    """The mean; the spread has no part in the prior."""
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
        f'is VPoser of version {version}, this one of {own}',
        f'set version={version}',
    )
