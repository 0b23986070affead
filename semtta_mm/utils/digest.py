"""Hashes of settings, which decide whether a result can be taken over."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any


def settings_digest(*parts: Any) -> str:
    """Changes when any of some settings does.

    Args:
        *parts: Plain data; other values count by their text.

    Returns:
        SHA-256, hexadecimal.
    """
    text = json.dumps(parts, sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()
