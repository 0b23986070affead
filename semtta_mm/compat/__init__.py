"""Workarounds that make mmpose, mmhuman3d and torchvision importable.

Importing this package changes nothing. Every change that is made to import
one of them is undone before the call returns. ``hybrik.py`` and
``torchvision.py`` describe the exceptions, and why they are harmless.
"""
