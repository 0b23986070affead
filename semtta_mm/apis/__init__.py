from ..datasets import guess_reader

__all__ = ['guess_reader']
