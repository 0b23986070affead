"""three.js (MIT) as modules inside a page, from the cache of packages."""

from __future__ import annotations

import base64
import posixpath
import re

from ...utils.package_data import fetch_known, known_files

MODULES = {
    'three': 'three/three.module.min.js',
    'three.core.min.js': 'three/three.core.min.js',
    'three/addons/controls/OrbitControls.js': 'three/OrbitControls.js',
    'three/addons/loaders/GLTFLoader.js': 'three/GLTFLoader.js',
    'three/addons/utils/BufferGeometryUtils.js': (
        'three/BufferGeometryUtils.js'
    ),
}
"""Name in an import statement to file of ``assets/packages.json``."""

LICENCE = 'three/LICENSE'

_RELATIVE = re.compile(r"""(\bfrom\s*)(['"])(\.{1,2}/[^'"]+)\2""")


def import_map() -> dict[str, dict[str, str]]:
    """An import map with the modules as ``data:`` addresses.

    Raises:
        InputError: If three.js is not in the cache and cannot be downloaded.
        MissingDependencyError: If it would be downloaded and npm is absent.
    """
    return {
        'imports': {
            name: _data_address(absolute_imports(_text(file), name))
            for name, file in MODULES.items()
        }
    }


def licence() -> tuple[str, str]:
    """Version of three.js, and the text of its licence."""
    return known_files()[LICENCE].version, _text(LICENCE)


def absolute_imports(source: str, name: str) -> str:
    """Replace relative imports; a ``data:`` address has no folder.

    Args:
        source: A JavaScript module.
        name: Its name in imports, which its own are relative to.
    """
    folder = posixpath.dirname(name)

    def replaced(match: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, match[3]))
        return f'{match[1]}{match[2]}{path}{match[2]}'

    return _RELATIVE.sub(replaced, source)


def _text(file: str) -> str:
    return fetch_known(file).read_text('utf-8')


def _data_address(source: str) -> str:
    content = base64.b64encode(source.encode()).decode()
    return f'data:text/javascript;base64,{content}'
