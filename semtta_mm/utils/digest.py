"""Hashes of settings, which decide whether a result can be reused."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any


def settings_digest(*parts: Any) -> str:
    """Hash of settings: it changes when any of them changes.

    Args:
        *parts: Plain data; other values are converted by ``str``.

    Returns:
        SHA-256, hexadecimal.
    """
    text = json.dumps(parts, sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()
