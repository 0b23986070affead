from .denoiser_hook import DenoiserHook
from .plain_checkpoint_hook import PlainCheckpointHook
from .pose_bank_hooks import PoseBankEMAHook, PoseBankFillInHook
from .refresh_hook import RefreshHook
from .segment_reweight_hook import SegmentReweightHook
from .track_metrics_hook import TrackMetricsHook
from .track_result_hook import TrackResultHook

__all__ = [
    'DenoiserHook',
    'PlainCheckpointHook',
    'PoseBankEMAHook',
    'PoseBankFillInHook',
    'RefreshHook',
    'SegmentReweightHook',
    'TrackMetricsHook',
    'TrackResultHook',
]
