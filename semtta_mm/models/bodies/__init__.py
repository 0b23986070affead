from .output import BodyOutput
from .smpl_body import SMPLBody

__all__ = ['BodyOutput', 'SMPLBody']
