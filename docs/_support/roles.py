"""Griffe extension: roles of docstrings become links of the site.

Docstrings of this project follow mmengine in writing references as
``:class:`~package.Name```. Each becomes code, and a link where the reference
has an entry for it.
"""

from __future__ import annotations

import contextlib
import re
from typing import Any

import griffe

_ROLE = re.compile(r':(?:class|func|meth|attr|data|mod):`([^`]+)`')
_LITERAL = re.compile(r'``([^`]+)``')


class Roles(griffe.Extension):
    """Rewrites the docstring of every object."""

    def on_instance(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        """Rewrite one docstring.

        Args:
            obj: Module, class, function or attribute.
            **kwargs: Not used.
        """
        if obj.docstring is not None:
            obj.docstring.value = rewritten(obj.docstring.value, obj)


def rewritten(text: str, scope: griffe.Object) -> str:
    """A docstring with links.

    Args:
        text: The docstring.
        scope: Object whose docstring it is.
    """
    text = _ROLE.sub(lambda match: _link(match[1], scope), text)
    return _LITERAL.sub(r'`\1`', text)


def _link(target: str, scope: griffe.Object) -> str:
    shown = target.removeprefix('~') if target[0] != '~' else ''
    shown = shown.lstrip('.') or target.rpartition('.')[2].lstrip('~')
    name = target.lstrip('~.')
    # Not found: a name of another package, or of a neighbour's member.
    with contextlib.suppress(griffe.NameResolutionError):
        name = scope.resolve(name)
    return (
        f'<autoref identifier="{name}" optional><code>{shown}</code></autoref>'
    )
