from .bank import (
    SourceBank,
    cluster_features,
    encode_jpeg,
    nearest_cluster,
)
from .file import read_bank, write_bank
from .readers import SourceBankFile, TrackSource, normalized_to_box

__all__ = [
    'SourceBank',
    'SourceBankFile',
    'TrackSource',
    'cluster_features',
    'encode_jpeg',
    'nearest_cluster',
    'normalized_to_box',
    'read_bank',
    'write_bank',
]
