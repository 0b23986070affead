from .errors import InputError, MissingDependencyError, NoPersonError
from .npz import read_npz
from .optional import INSTALL_MM, extra, require

__all__ = [
    'INSTALL_MM',
    'InputError',
    'MissingDependencyError',
    'NoPersonError',
    'extra',
    'read_npz',
    'require',
]
