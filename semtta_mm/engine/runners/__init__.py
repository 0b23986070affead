from .semtta_runner import SemTTARunner, start_over

__all__ = ['SemTTARunner', 'start_over']
