from .amass import write_amass
from .bvh import write_bvh
from .coco import write_json
from .formats import check_formats, export_track, find_writer, formats
from .glb_format import write_glb
from .npz import write_npz
from .obj import write_obj
from .result_file import SCHEMA_VERSION, ResultFile
from .table import write_csv
from .track import ExportTrack, Writer

__all__ = [
    'SCHEMA_VERSION',
    'ExportTrack',
    'ResultFile',
    'Writer',
    'check_formats',
    'export_track',
    'find_writer',
    'formats',
    'write_amass',
    'write_bvh',
    'write_csv',
    'write_glb',
    'write_json',
    'write_npz',
    'write_obj',
]
