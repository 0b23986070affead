"""From the texts of a labeler to rows of a motion dictionary."""

from __future__ import annotations

from logging import Logger
from typing import Any

from ..models.motion_text import MotionDictionary, TextEncoder, load_encoder
from ..registry import MODELS
from ..structures import PersonTrack
from ..utils import InputError, MissingDependencyError
from .base import BaseLabeler
from .spans import UNKNOWN_TEXT, LabelSpan, match_spans


class LabelResolver:
    """Matches texts with labels; loads a text encoder only when needed.

    Args:
        labeler: Gives the texts.
        any_wording: Match a text that is no label with the closest label,
            by the dictionary's text encoder.
        text_encoder: Config of that encoder; None takes the encoder of the
            dictionary's embeddings.
        logger: Gets one warning if the encoder cannot be loaded.
    """

    def __init__(
        self,
        labeler: BaseLabeler,
        any_wording: bool,
        text_encoder: dict[str, Any] | None,
        logger: Logger,
    ) -> None:
        self.labeler = labeler
        self.any_wording = any_wording
        self.logger = logger
        self._config = text_encoder
        self._encoder: TextEncoder | None = None
        self._failed = False

    def spans(
        self, track: PersonTrack, dictionary: MotionDictionary
    ) -> list[LabelSpan]:
        """Labels of a track, matched and logged.

        Args:
            track: The track.
            dictionary: Labels of the motion-text space.

        Returns:
            Spans with ``dictionary_entry``, None where the text is unknown.
        """
        texts = self.labeler(track)
        spans = match_spans(texts, dictionary)
        unknown = any(
            span.dictionary_entry is None and span.text != UNKNOWN_TEXT
            for span in spans
        )
        if unknown and self.any_wording:
            encoder = self._text_encoder(dictionary.encoder)
            spans = match_spans(texts, dictionary, encoder)
        for span in spans:
            known = span.dictionary_entry or 'unknown: no alignment there'
            self.logger.info(
                f'{track.name}: frames {span.start} to {span.end}: '
                f'{span.text!r} ({known})'
            )
        return spans

    def _text_encoder(self, name: str) -> TextEncoder | None:
        """None, with one warning, if it cannot be loaded."""
        if self._encoder is None and not self._failed:
            try:
                self._encoder = (
                    load_encoder(name)
                    if self._config is None
                    else MODELS.build(self._config)
                )
            except (InputError, MissingDependencyError) as error:
                self._failed = True
                self.logger.warning(
                    'no text encoder: texts that are no labels of the '
                    f'dictionary are unknown: {error}'
                )
        return self._encoder
