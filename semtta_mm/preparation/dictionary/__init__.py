from .babel import read_babel
from .babel_dictionary import write_babel_dictionary
from .build import build_dictionary

__all__ = ['build_dictionary', 'read_babel', 'write_babel_dictionary']
