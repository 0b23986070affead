from .semtta_runner import SemTTARunner

__all__ = ['SemTTARunner']
