"""MkDocs hook: equations become MathML when the site is built.

Pages with ``math: true`` in their front matter hold ``$$...$$`` and
``$...$``, which GitHub shows as well. MathML needs no script in the browser.
"""

from __future__ import annotations

import re
from typing import Any

from latex2mathml.converter import convert

_BLOCK = re.compile(r'\$\$(.+?)\$\$', re.DOTALL)
_INLINE = re.compile(r'(?<![\\$`])\$([^$`\n]+)\$(?!\$)')


def on_page_markdown(markdown: str, page: Any, **kwargs: Any) -> str:
    """Replace the equations of a page.

    Args:
        markdown: Text of the page.
        page: MkDocs' page.
        **kwargs: Not used.
    """
    if not page.meta.get('math'):
        return markdown
    markdown = _BLOCK.sub(lambda m: _mathml(m[1], 'block'), markdown)
    return _INLINE.sub(lambda m: _mathml(m[1], 'inline'), markdown)


def _mathml(latex: str, display: str) -> str:
    mathml = convert(' '.join(latex.split()), display=display)
    if display == 'block':
        return mathml
    # Markdown takes a line that begins with <math> for a block of HTML and
    # breaks the paragraph there; it leaves <span> in its line.
    return f'<span>{mathml}</span>'
