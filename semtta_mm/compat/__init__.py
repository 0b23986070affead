"""Workarounds for neighbours (mmpose, mmhuman3d, torchvision) that break.

Nothing here touches a neighbour at import time; every change made to get a
neighbour imported is undone before the call returns. ``hybrik.py`` and
``torchvision.py`` name what remains, and why it is harmless.
"""
