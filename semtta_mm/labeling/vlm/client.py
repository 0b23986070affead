"""Questions with images to an OpenAI-compatible server."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...utils import InputError, extra, require
from ...utils.digest import settings_digest
from ...utils.files import write_atomically
from .questions import SYSTEM, Question

_LONGEST = 200
"""Characters of a server's message that an error repeats."""

_TOKENS = 400
"""Most tokens of an answer; thinking models may need a larger budget."""


class NoAnswerError(RuntimeError):
    """The server gave no answer to one question, after all retries."""


class VisionClient:
    """Asks a vision-language model, and keeps its answers on disk.

    Time-outs, lost connections, and the statuses 408, 409, 429 and 5xx are
    tried again with a growing pause (the ``openai`` package). A server that
    refuses a JSON schema is asked without one.

    Args:
        url: Base URL of the server, such as ``http://localhost:8000/v1``.
        model: Name of the model.
        key_variable: Environment variable with the key; a server without
            keys needs none. Keys are neither kept nor logged.
        timeout: Of a request, s.
        retries: After the first try.
        folder: Of the kept answers; None keeps none.
        max_tokens: Of an answer.

    Attributes:
        asked: Questions that were sent.
    """

    def __init__(
        self,
        url: str,
        model: str,
        key_variable: str = 'OPENAI_API_KEY',
        timeout: float = 60.0,
        retries: int = 4,
        folder: Path | None = None,
        max_tokens: int = _TOKENS,
    ) -> None:
        self.url, self.model = url, model
        self.timeout, self.retries = timeout, retries
        self.key_variable = key_variable
        self.folder, self.max_tokens = folder, max_tokens
        self.asked = 0
        self._schemas = True
        self._openai: Any = None

    def ask(self, question: Question, sample: int = 0) -> str:
        """The text of an answer.

        Args:
            question: What is asked.
            sample: Number of the answer, where several are wanted. The first
                is the most probable one, the others are drawn.

        Raises:
            InputError: If the server cannot be reached at the first
                question, or refuses the key or the model.
            NoAnswerError: If it does not answer this question.
            MissingDependencyError: If ``openai`` is not installed.
        """
        key = settings_digest(
            self.url, self.model, self.max_tokens, question.digest, sample
        )
        path = None if self.folder is None else self.folder / f'{key}.json'
        kept = None if path is None else _kept(path)
        if kept is not None:
            return kept
        text = self._send(question, sample)
        if path is not None:
            content = {'question': question.text, 'answer': text}
            write_atomically(
                path, lambda p: p.write_text(json.dumps(content, indent=1))
            )
        return text

    def _send(self, question: Question, sample: int) -> str:
        openai = _package()
        if self._openai is None:
            self._openai = openai.OpenAI(
                base_url=self.url,
                api_key=os.environ.get(self.key_variable) or 'none',
                timeout=self.timeout,
                max_retries=self.retries,
            )
        try:
            return self._answer(question, sample)
        except (
            openai.AuthenticationError,
            openai.PermissionDeniedError,
        ) as error:
            problem = f'refuses the key ({error.status_code})'
            fix = f'set {self.key_variable} to a key of this server'
            raise InputError(self.url, 'key', problem, fix) from error
        except openai.NotFoundError as error:
            problem = f'does not have {self.model!r}: {_short(error)}'
            fix = 'check --vlm-url (it often ends in /v1) and --vlm-model'
            raise InputError(self.url, 'model', problem, fix) from error
        except openai.OpenAIError as error:
            if self.asked or isinstance(error, openai.APIStatusError):
                raise NoAnswerError(_short(error)) from error
            problem = f'cannot be reached ({_short(error)})'
            fix = 'start the server, or check --vlm-url'
            raise InputError(self.url, 'server', problem, fix) from error

    def _answer(self, question: Question, sample: int) -> str:
        """One answer; without a schema if the server refuses those."""
        openai = _package()
        try:
            return self._complete(question, sample, self._schemas)
        except (openai.BadRequestError, openai.UnprocessableEntityError):
            if not self._schemas:
                raise
            text = self._complete(question, sample, False)
            self._schemas = False
            return text

    def _complete(
        self, question: Question, sample: int, with_schema: bool
    ) -> str:
        more: dict[str, Any] = {}
        if with_schema:
            schema = {
                'name': question.name,
                'schema': question.schema,
                'strict': True,
            }
            more = {
                'response_format': {
                    'type': 'json_schema',
                    'json_schema': schema,
                }
            }
        reply = self._openai.chat.completions.create(
            model=self.model,
            messages=_messages(question),
            temperature=0.0 if sample == 0 else 0.8,
            seed=sample,
            max_tokens=self.max_tokens,
            **more,
        )
        self.asked += 1
        choices = getattr(reply, 'choices', None)
        if not choices:
            raise NoAnswerError('the reply has no choice')
        return str(choices[0].message.content or '')


def _messages(question: Question) -> list[Mapping[str, Any]]:
    images = [
        {
            'type': 'image_url',
            'image_url': {
                'url': 'data:image/jpeg;base64,'
                + base64.b64encode(image).decode()
            },
        }
        for image in question.images
    ]
    content = [{'type': 'text', 'text': question.text}, *images]
    return [
        {'role': 'system', 'content': SYSTEM},
        {'role': 'user', 'content': content},
    ]


def _kept(path: Path) -> str | None:
    """A kept answer; None if there is none, or the file is damaged."""
    try:
        answer = json.loads(path.read_text())['answer']
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return answer if isinstance(answer, str) else None


def _short(error: Exception) -> str:
    return ' '.join(str(error).split())[:_LONGEST]


def _package() -> Any:
    """The package, on first use.

    Raises:
        MissingDependencyError: If it is not installed.
    """
    return require('openai', 'VLMLabeler', extra('vlm'))
