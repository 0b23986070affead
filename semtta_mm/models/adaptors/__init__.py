from .semtta import SemTTA
from .session import FrameLabels, Session

__all__ = ['FrameLabels', 'SemTTA', 'Session']
