"""Where a config and a checkpoint of mmpose come from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config
from mmengine.fileio import load

from ...checkpoints.movenet import is_movenet
from ...checkpoints.shipped import shipped_weights
from ...utils import INSTALL_MM, InputError, MissingDependencyError
from ...utils.digest import settings_digest
from ...utils.files import file_sha256
from ...utils.package_data import cache_dir, known_files
from ..cache import file_hash

_PACKAGE = Path(__file__).parents[2]
_URL = re.compile(r'(https?|file)://')
_HASH_IN_NAME = re.compile(r'-([0-9a-f]{8})(?:_\d+)?\.pth$')


@dataclass(frozen=True)
class PoseSource:
    """A config and its checkpoint.

    Attributes:
        config: The config, of a top-down estimator.
        name: Of the config, for messages.
        checkpoint: Shipped name or file.
        sha256: Hash of the checkpoint, hexadecimal.
    """

    config: Config
    name: str
    checkpoint: str
    sha256: str

    def digest(self) -> str:
        """Hash of the network's and the pipeline's config."""
        return settings_digest(
            self.config.model.to_dict(), test_pipeline(self.config, self.name)
        )


def find_source(
    config: str | PathLike[str], checkpoint: str | PathLike[str] | None
) -> PoseSource:
    """Find a config and a checkpoint.

    Args:
        config: A file; a file of this package's ``configs/mmpose`` or of
            mmpose's ``configs``, by its path in there or by its name; or a
            name or alias of mmpose's metafiles such as ``'rtmpose-m'`` or
            ``'body26'``.
        checkpoint: A file, a name of shipped weights, or a URL. None takes
            ``load_from`` of the config, else what mmpose's metafile gives.

    Raises:
        InputError: If one cannot be found or downloaded, or the model is no
            top-down estimator.
        MissingDependencyError: If mmpose is needed and absent.
    """
    path, weights = find_pose_config(str(config))
    cfg = _read(path)
    source = checkpoint or cfg.get('load_from') or weights
    if not source:
        fix = 'give checkpoint=, a file that was trained with this config'
        raise InputError(path.name, 'checkpoint', 'is not given', fix)
    local, sha256 = find_checkpoint(str(source))
    return PoseSource(cfg, path.name, local, sha256)


def find_pose_config(name: str) -> tuple[Path, str | None]:
    """Path of a config, and the checkpoint that mmpose publishes for it.

    Raises:
        InputError: If it is neither a file nor a known name.
        MissingDependencyError: If it is no file and mmpose is absent.
    """
    path = Path(name).expanduser()
    if path.is_file():
        return path, None
    own = (_PACKAGE.parent / 'configs', _PACKAGE / '.mim' / 'configs')
    for folder in own:
        for found in _inside(folder / 'mmpose', name):
            return found, None
    models = _published()
    for folder, entry in models:
        aliases = entry.get('Alias') or []
        aliases = [aliases] if isinstance(aliases, str) else aliases
        stem = Path(entry['Config']).stem
        known = {entry['Name'], stem, f'{stem}.py', entry['Config'], *aliases}
        known.add(entry['Config'].removeprefix('configs/'))
        if name.lower() in {alias.lower() for alias in known}:
            return folder / entry['Config'], entry.get('Weights')
    for found in _inside(_mmpose() / '.mim' / 'configs', name):
        return found, None
    raise InputError(
        name,
        'config',
        'is no file and no name of mmpose',
        'give a config file, or an alias such as rtmpose-m or body26',
    )


def find_checkpoint(source: str) -> tuple[str, str]:
    """Name or local file of a checkpoint, and its hash.

    A URL is downloaded once; if its name contains a hash, as those of
    OpenMMLab do, the file must have it.

    Raises:
        InputError: If it is missing or cannot be downloaded.
    """
    if source in (shipped := shipped_weights()):
        return source, shipped[source].sha256
    if is_movenet(source):
        files = known_files()
        hashes = [files[f'{source}.{end}'].sha256 for end in ('json', 'bin')]
        return source, settings_digest(hashes)
    if _URL.match(source):
        source = str(_download(source))
    path = Path(source).expanduser()
    if not path.is_file():
        names = ', '.join(n for n in shipped if 'movenet' in n) or 'none'
        fix = f'give a file, a URL or the name of shipped weights ({names})'
        raise InputError(source, 'checkpoint', 'does not exist', fix)
    return str(path), file_hash(path)


def test_pipeline(cfg: Config, name: str) -> list[dict[str, Any]]:
    """Transforms of the test data loader.

    Raises:
        InputError: If the config has none.
    """
    loader = cfg.get('test_dataloader') or cfg.get('val_dataloader') or {}
    pipeline = (loader.get('dataset') or {}).get('pipeline')
    if not pipeline:
        fix = 'add the data loader of the test, as the configs of mmpose do'
        raise InputError(
            name, 'test_dataloader.dataset.pipeline', 'is absent', fix
        )
    return list(pipeline)


def _read(path: Path) -> Config:
    fix = 'give a config of mmpose'
    try:
        cfg = Config.fromfile(path)
    except (SyntaxError, KeyError, OSError) as error:
        raise InputError(
            path, 'file', f'cannot be read ({error})', fix
        ) from error
    kind = (cfg.get('model') or {}).get('type')
    if kind != 'TopdownPoseEstimator':
        fix = 'use a top-down model, such as rtmpose-m'
        raise InputError(
            path, 'model.type', f'{kind} is no TopdownPoseEstimator', fix
        )
    return cfg


def _inside(folder: Path, name: str) -> list[Path]:
    """Files of a folder by their relative path, name or stem."""
    file = name if name.endswith('.py') else f'{name}.py'
    file = file.removeprefix('configs/').removeprefix('mmpose/')
    if not folder.is_dir():
        return []
    if (folder / file).is_file():
        return [folder / file]
    return sorted(folder.rglob(file)) if '/' not in file else []


def _mmpose() -> Path:
    spec = find_spec('mmpose')
    if spec is None or spec.origin is None:
        raise MissingDependencyError('mmpose', 'MMPoseDetector', INSTALL_MM)
    return Path(spec.origin).parent


def _published() -> list[tuple[Path, dict[str, Any]]]:
    """Entries of mmpose's metafiles, each with the folder of its configs."""
    root = next(
        (r for r in (_mmpose() / '.mim', _mmpose().parent)
         if (r / 'model-index.yml').is_file()),
        None,
    )  # fmt: skip
    if root is None:
        return []
    found = []
    for file in load(root / 'model-index.yml')['Import']:
        models = load(root / file).get('Models') or []
        found += [(root, entry) for entry in models]
    return found


def _download(url: str) -> Path:
    path = cache_dir() / 'mmpose' / url.rsplit('/', 1)[-1]
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            torch.hub.download_url_to_file(url, str(path), progress=False)
        except OSError as error:
            fix = 'download it elsewhere and give checkpoint=FILE'
            raise InputError(
                url, 'checkpoint', f'cannot be downloaded ({error})', fix
            ) from error
    expected = _HASH_IN_NAME.search(path.name)
    if expected and not file_sha256(path).startswith(expected[1]):
        path.unlink()
        problem = f'its hash does not start with {expected[1]}'
        raise InputError(url, 'checkpoint', problem, 'download it again')
    return path
