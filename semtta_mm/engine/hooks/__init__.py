from .best_epoch_hook import BestEpochHook
from .camera_result_hook import CameraResultHook
from .denoiser_hook import DenoiserHook
from .discriminator_hook import DiscriminatorHook
from .evidence_check_hook import EvidenceCheckHook
from .inpaint_hook import InpaintHook
from .lifted_result_hook import LiftedResultHook
from .lifter_hook import LifterHook
from .motion_label_hook import MotionLabelHook
from .plain_checkpoint_hook import PlainCheckpointHook
from .pose_bank_hooks import PoseBankEMAHook, PoseBankFillInHook
from .progress_hook import AdaptProgressHook
from .refined_result_hook import RefinedResultHook
from .refresh_hook import RefreshHook
from .segment_reweight_hook import SegmentReweightHook
from .smoothed_result_hook import SmoothedResultHook
from .track_export_hook import TrackExportHook
from .track_metrics_hook import TrackMetricsHook
from .track_plot_hook import TrackPlotHook
from .track_result_hook import TrackResultHook
from .track_video_hook import TrackVideoHook

__all__ = [
    'AdaptProgressHook',
    'BestEpochHook',
    'CameraResultHook',
    'DenoiserHook',
    'DiscriminatorHook',
    'EvidenceCheckHook',
    'InpaintHook',
    'LiftedResultHook',
    'LifterHook',
    'MotionLabelHook',
    'PlainCheckpointHook',
    'PoseBankEMAHook',
    'PoseBankFillInHook',
    'RefinedResultHook',
    'RefreshHook',
    'SegmentReweightHook',
    'SmoothedResultHook',
    'TrackExportHook',
    'TrackMetricsHook',
    'TrackPlotHook',
    'TrackResultHook',
    'TrackVideoHook',
]
