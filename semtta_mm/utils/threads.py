"""How the threads of torch wait for each other."""

from __future__ import annotations

import os

_POLICY = 'OMP_WAIT_POLICY'


def wait_passively() -> None:
    """Let threads sleep at barriers, unless the user has chosen otherwise.

    By default OpenMP's threads wait actively: beside other programs one that
    waits takes the core that the awaited one needs (benchmarks/bench_busy.py).
    OpenMP reads the setting when torch is first imported, so this comes
    before.
    """
    os.environ.setdefault(_POLICY, 'PASSIVE')
