from .cycle_lr import CycleAdaptLR, cycleadapt_lr

__all__ = ['CycleAdaptLR', 'cycleadapt_lr']
