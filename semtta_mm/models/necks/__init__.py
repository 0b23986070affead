from .part_neck import PartNeck

__all__ = ['PartNeck']
