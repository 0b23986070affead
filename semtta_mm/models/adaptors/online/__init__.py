from .boa import BOA
from .dynaboa import DynaBOA
from .functional import ema_update, inner_step
from .history import FrameHistory
from .online_adaptor import OnlineAdaptor
from .step import OnlineInput

__all__ = [
    'BOA',
    'DynaBOA',
    'FrameHistory',
    'OnlineAdaptor',
    'OnlineInput',
    'ema_update',
    'inner_step',
]
