"""Results of finished runs in formats of other programs."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from ..engine.hooks.track_result_hook import RESULT_FILE
from ..export import ExportTrack, ResultFile, check_formats, export_track
from ..export.coco import write_people
from ..models.bodies import SMPLBody
from ..utils import InputError


def find_results(place: str | PathLike[str]) -> list[Path]:
    """Result files of a run.

    Args:
        place: ``result.npz`` (or ``before.npz``), the folder of a person, or
            a work directory.

    Returns:
        One file or more, sorted.

    Raises:
        InputError: If there is none.
    """
    place = Path(place)
    fix = 'give a result.npz, or the --work-dir of a finished `semtta adapt`'
    if not place.exists():
        raise InputError(place, 'file', 'does not exist', fix)
    if place.is_file():
        return [place]
    if (place / RESULT_FILE).is_file():
        return [place / RESULT_FILE]
    found = sorted(place.glob(f'*/{RESULT_FILE}'))
    if not found:
        raise InputError(place, 'folder', f'has no {RESULT_FILE}', fix)
    return found


def export_results(
    results: Sequence[Path],
    formats: Sequence[str],
    out: str | PathLike[str] | None = None,
    world: bool = False,
    smpl_model: str | PathLike[str] | None = None,
) -> dict[str, dict[str, Path]]:
    """Write each person's files; no network is needed.

    Args:
        results: See :func:`find_results`.
        formats: Names of formats (docs/results_files.md).
        out: ``{out}/{person}/`` gets the files; None takes the folder of
            each result. Files of ``before.npz`` go to ``before/`` there.
        world: Whether to place people on a level floor; the camera must not
            have moved.
        smpl_model: Of results that were made with official SMPL.

    Returns:
        Person to format to the file or folder written. With ``json``, several
        people of one video have a file together too, beside their folders;
        its key is the video's name.

    Raises:
        InputError: If a format is unknown, or a result is broken or was made
            with another body. People before it are written.
    """
    check_formats(formats)
    bodies: dict[str, SMPLBody] = {}
    written: dict[str, dict[str, Path]] = {}
    videos: dict[tuple[Path, str, str], list[ExportTrack]] = {}
    for path in results:
        result = ResultFile.read(path)
        if result.gender not in bodies:
            bodies[result.gender] = body_of(result, path, smpl_model)
        track = ExportTrack(result, bodies[result.gender], world)
        folder = path.parent if out is None else Path(out) / result.name
        if path.name != RESULT_FILE:  # before.npz must not replace it
            folder = folder / path.stem
        written[result.name] = export_track(track, folder, formats)
        video = folder.parent, result.video, result.convention
        videos.setdefault(video, []).append(track)
    for (place, video_name, _), people in videos.items():
        if 'json' in formats and video_name and len(people) > 1:
            name = f'{Path(video_name).stem}.coco.json'
            written[video_name] = {'json': write_people(people, place / name)}
    return written


def body_of(
    result: ResultFile,
    path: Path,
    smpl_model: str | PathLike[str] | None = None,
) -> SMPLBody:
    """The body that a result was made with.

    Args:
        result: The result.
        path: Of its file, for the message.
        smpl_model: Of official SMPL.

    Raises:
        InputError: If it needs SMPL and none is given, or it is not there.
    """
    if result.body == 'smpl' and smpl_model is None:
        fix = 'add --smpl-model $SMPL_MODEL_DIR (a file or folder of SMPL)'
        raise InputError(path, 'body', 'is official SMPL', fix)
    return SMPLBody(
        None if smpl_model is None else str(smpl_model), result.gender
    )
