import logging

import numpy as np
from mmengine.logging import MMLogger
from video_files import write_film

from semtta_mm.apis.input_tracks import input_tracks


def test_an_unusual_video_is_logged(tmp_path, caplog):
    """Also from Python, where no command prints a summary."""
    logger = MMLogger.get_instance('notes')
    video = write_film(tmp_path / 'phone.mp4', rotation=90)
    points = np.ones((20, 17, 3)) * np.linspace(10, 50, 17)[:, None]
    logger.addHandler(caplog.handler)
    (track,) = input_tracks(video, tmp_path, keypoints=points)
    assert len(track.frame_ids) == 20
    (record,) = [r for r in caplog.records if 'rotated' in r.message]
    assert record.levelno == logging.WARNING
    assert record.message.startswith('phone.mp4: The file is marked')
