"""A local OpenAI-compatible server that answers, and misbehaves, on order."""

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass
class Request:
    """What the client sent."""

    path: str
    key: str
    body: dict

    @property
    def text(self):
        return self.body['messages'][1]['content'][0]['text']

    @property
    def kind(self):
        for kind in ('description', 'label', 'contradicted'):
            if f'{{"{kind}": "' in self.text:
                return kind
        raise AssertionError(self.text)

    @property
    def images(self):
        parts = self.body['messages'][1]['content'][1:]
        urls = [part['image_url']['url'] for part in parts]
        return [base64.b64decode(url.split(',')[1]) for url in urls]


@dataclass
class Server:
    """Answers by kind of question; ``faults`` come first, one a request.

    A fault is a status code, or seconds to wait before the answer.
    """

    url: str = ''
    answers: dict = field(
        default_factory=lambda: {
            'description': ['someone strolls along'],
            'label': ['walk'],
            'contradicted': ['no'],
        }
    )
    faults: list = field(default_factory=list)
    schemas: bool = True
    requests: list = field(default_factory=list)

    def reply(self, request):
        """The model's text; the answers of a kind take turns."""
        self.requests.append(request)
        answers = self.answers[request.kind]
        answer = answers[self.count(request.kind, -1) % len(answers)]
        if answer.startswith('raw:'):
            return answer.removeprefix('raw:')
        return json.dumps({request.kind: answer})

    def count(self, kind, start=0):
        return start + sum(r.kind == kind for r in self.requests)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):  # noqa: N802 (of the base class)
        server = self.server.state
        length = int(self.headers['Content-Length'])
        body = json.loads(self.rfile.read(length))
        fault = server.faults.pop(0) if server.faults else None
        if isinstance(fault, int):
            return self.answer(fault, {'error': {'message': 'on order'}})
        if fault is not None:
            time.sleep(fault)
        if not server.schemas and 'response_format' in body:
            message = 'response_format is not supported'
            return self.answer(400, {'error': {'message': message}})
        key = self.headers.get('Authorization', '')
        text = server.reply(Request(self.path, key, body))
        message = {'role': 'assistant', 'content': text}
        choice = {'index': 0, 'message': message, 'finish_reason': 'stop'}
        return self.answer(
            200,
            {
                'id': 'x',
                'object': 'chat.completion',
                'created': 0,
                'model': body['model'],
                'choices': [choice],
            },
        )

    def answer(self, status, content):
        data = json.dumps(content).encode()
        try:
            self.send_response(status)
            self.send_header('Content-Type', 'application/json')
            self.send_header('Content-Length', str(len(data)))
            self.send_header('Retry-After', '0')
            self.end_headers()
            self.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client did not wait

    def log_message(self, *args):
        """Nothing is printed."""


@pytest.fixture
def server():
    http = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
    http.state = Server(f'http://127.0.0.1:{http.server_port}/v1')
    thread = threading.Thread(
        target=http.serve_forever, args=(0.02,), daemon=True
    )
    thread.start()
    yield http.state
    http.shutdown()
    http.server_close()
    thread.join()
