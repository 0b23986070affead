"""The sound of one video, copied into another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

COPIED = ('aac', 'mp3')
"""Codecs that browsers play in mp4; others are encoded as AAC."""


class AudioCopy:
    """Moves sound from a file into an output, in step with its frames.

    Args:
        av: The module ``av``.
        output: PyAV's output container, before its first packet.
        source: PyAV's input container; None copies nothing.
        start: Time in the source that becomes 0, s.
    """

    def __init__(
        self,
        av: ModuleType,
        output: Any,
        source: Any = None,
        start: float = 0.0,
    ) -> None:
        self._av = av
        self._output, self._source, self._start = output, source, start
        self._packets: Iterator[Any] = iter(())
        self._next: Any = None
        if source is None:
            return
        stream = source.streams.audio[0]
        if stream.codec_context.codec.canonical_name in COPIED:
            target = output.add_stream_from_template(stream)
            self._packets = self._copied(stream, target)
        else:
            target = output.add_stream('aac', rate=stream.rate)
            target.codec_context.layout = stream.layout.name
            self._packets = self._encoded(stream, target)

    @classmethod
    def open(
        cls, av: ModuleType, output: Any, path: Path | None, start: float
    ) -> AudioCopy:
        """Open a file's sound.

        Args:
            av: The module ``av``.
            output: PyAV's output container.
            path: The file; None, a folder, and a file without sound copy
                nothing.
            start: Time from the file's first frame that becomes 0, s.
        """
        if path is None or not path.is_file():
            return cls(av, output)
        try:
            source = av.open(str(path))
        except av.error.FFmpegError:
            return cls(av, output)
        if not source.streams.audio:
            source.close()
            return cls(av, output)
        for stream in source.streams.video[:1]:
            start += float((stream.start_time or 0) * stream.time_base)
        if start > 0:
            source.seek(int(start * av.time_base))
        return cls(av, output, source, start)

    def until(self, time: float) -> None:
        """Write what is heard before a time, s of the output."""
        while True:
            packet, self._next = self._next, None
            if packet is None:
                packet = next(self._packets, None)
            if packet is None:
                return
            stamp = 0 if packet.pts is None else packet.pts
            if float(stamp * packet.time_base) >= time:
                self._next = packet
                return
            self._output.mux(packet)

    def close(self) -> None:
        """Close the source; the output stays open."""
        self._packets = iter(())
        if self._source is not None:
            self._source.close()
            self._source = None

    def _copied(self, stream: Any, target: Any) -> Iterator[Any]:
        for packet in self._source.demux(stream):
            if packet.dts is None:
                continue
            shift = round(self._start / float(packet.time_base))
            packet.pts -= shift
            packet.dts -= shift
            if packet.pts >= 0:
                packet.stream = target
                yield packet

    def _encoded(self, stream: Any, target: Any) -> Iterator[Any]:
        for packet in self._source.demux(stream):
            for frame in self._decoded(packet):
                if frame.pts is None:
                    continue
                frame.pts -= round(self._start / float(frame.time_base))
                if frame.pts >= 0:
                    yield from target.encode(frame)
        yield from target.encode()

    def _decoded(self, packet: Any) -> list[Any]:
        """Frames of a packet; a damaged one is silent."""
        try:
            return list(packet.decode())
        except self._av.error.FFmpegError:
            return []
