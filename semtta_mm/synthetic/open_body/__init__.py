"""Building the open body (needs ``anny``; see ``docs/open_body.md``)."""

from .build import OpenBody, build_open_body
from .write import TOPOLOGY, write_open_body

__all__ = ['TOPOLOGY', 'OpenBody', 'build_open_body', 'write_open_body']
