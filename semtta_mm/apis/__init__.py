from .guess import guess_reader

__all__ = ['guess_reader']
