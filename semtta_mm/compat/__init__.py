"""The only place that knows about broken neighbours.

Nothing here touches a neighbour at import time; every change made to get a
neighbour imported is undone before the call returns (``hybrik.py`` and
``torchvision.py`` say what remains, and why it harms nobody).
"""
