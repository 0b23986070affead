"""Small videos with the oddities of real ones, written with PyAV."""

import struct
from fractions import Fraction

import av
import numpy as np

CLOCK = 90_000
_MATRICES = {
    90: (0, 1, 0, -1, 0, 0, 0, 0, 1),
    180: (-1, 0, 0, 0, -1, 0, 0, 0, 1),
    270: (0, -1, 0, 1, 0, 0, 0, 0, 1),
}


def level_frame(i, size):
    """Grey 8 i, with a white corner at the top left."""
    image = np.full((size[1], size[0], 3), 8 * i % 200, np.uint8)
    image[:16, :16] = 255
    return image


def write_film(
    path,
    count=20,
    size=(96, 64),
    fps=30,
    times=None,
    rotation=0,
    sound=None,
    seconds=None,
    fast_start=False,
    image=level_frame,
):
    """H.264, one grey a frame.

    Args:
        times: Of each frame, s; None is a constant rate.
        rotation: Degrees clockwise of the display matrix (mp4).
        sound: Codec of a 440 Hz tone; None for none.
        seconds: Length of the tone.
    """
    options = {'movflags': '+faststart'} if fast_start else {}
    with av.open(str(path), 'w', options=options) as output:
        stream = output.add_stream('libx264', rate=Fraction(fps))
        stream.width, stream.height = size
        stream.pix_fmt = 'yuv420p'
        if sound is not None:
            tone = output.add_stream(sound, rate=44100)
            tone.codec_context.layout = 'mono'
        if times is not None:
            stream.codec_context.time_base = Fraction(1, CLOCK)
        for i in range(count):
            frame = av.VideoFrame.from_ndarray(image(i, size), 'bgr24')
            if times is not None:
                frame.pts = round(times[i] * CLOCK)
                frame.time_base = Fraction(1, CLOCK)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
        if sound is not None:
            _write_tone(output, tone, seconds or count / fps)
    if rotation:
        _set_rotation(path, rotation)
    return path


def _write_tone(output, tone, seconds):
    t = np.arange(int(seconds * 44100)) / 44100
    wave = (np.sin(2 * np.pi * 440 * t) * 9000).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(wave[None], 's16', 'mono')
    frame.rate, frame.pts = 44100, 0
    output.mux(tone.encode(frame))
    output.mux(tone.encode())


def _set_rotation(path, degrees):
    """Write the display matrix into the track header of an mp4 file."""
    data = bytearray(path.read_bytes())
    body = data.index(b'tkhd') + 4
    start = body + (40 if data[body] == 0 else 52)
    values = [
        int(value * (1 << 30 if i % 3 == 2 else 1 << 16))
        for i, value in enumerate(_MATRICES[degrees])
    ]
    data[start : start + 36] = struct.pack('>9i', *values)
    path.write_bytes(bytes(data))


def cut(path, target, share):
    """Keep the first part of a file, as a stopped download does."""
    data = path.read_bytes()
    target.write_bytes(data[: int(len(data) * share)])
    return target


def noise_frame(i, size):
    """Noise, which compresses badly: a cut file ends between frames."""
    rng = np.random.default_rng(i)
    return rng.integers(0, 255, (size[1], size[0], 3), np.uint8)
