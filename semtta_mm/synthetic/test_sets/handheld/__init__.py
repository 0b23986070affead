from .clip import make_handheld_files

__all__ = ['make_handheld_files']
