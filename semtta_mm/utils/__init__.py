from .errors import InputError, MissingDependencyError
from .optional import INSTALL_MM, extra, require

__all__ = [
    'INSTALL_MM',
    'InputError',
    'MissingDependencyError',
    'extra',
    'require',
]
