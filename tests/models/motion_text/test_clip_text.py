"""CLIP's text encoder on small files of the three public layouts."""

import gzip
import json

import pytest
import torch
from torch import nn

from semtta_mm.compat.torchvision import ensure_torchvision
from semtta_mm.models.motion_text.clip_network import CLIPTextNetwork
from semtta_mm.models.motion_text.clip_text import CLIPText
from semtta_mm.models.motion_text.clip_tokenizer import CLIPTokenizer
from semtta_mm.utils import InputError
from semtta_mm.utils.package_data import known_files

WIDTH = 128
TEXTS = ['a person walks', 'walk', "the person's 12 kicks"]


@pytest.fixture(scope='module')
def vocabulary(tmp_path_factory):
    """A vocabulary of CLIP's layout, with merges for 'walk'."""
    merges = ['w a', 'l k</w>', 'wa lk</w>', 'l k', 'wa lk', 'a b']
    lines = '\n'.join(['#version: small', *merges, ''])
    path = tmp_path_factory.mktemp('clip') / 'bpe_simple_vocab_16e6.txt.gz'
    path.write_bytes(gzip.compress(lines.encode()))
    return path


@pytest.fixture
def network():
    torch.manual_seed(0)
    net = CLIPTextNetwork(600, 20, WIDTH, 2, 32)
    for value in net.parameters():
        nn.init.normal_(value, std=0.1)
    return net.eval()


class Archive(nn.Module):
    """A program with OpenAI's names, with the image encoder."""

    def __init__(self, net: CLIPTextNetwork) -> None:
        super().__init__()
        self.token_embedding = net.token_embedding
        self.positional_embedding = net.positional_embedding
        self.transformer = Holder(net.transformer.resblocks)
        self.ln_final = net.ln_final
        self.text_projection = net.text_projection
        self.visual = nn.Linear(3, 3)
        self.logit_scale = nn.Parameter(torch.ones([]))
        self.register_buffer('context_length', torch.tensor(20))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.ln_final(x)


class Holder(nn.Module):
    def __init__(self, blocks: nn.ModuleList) -> None:
        super().__init__()
        self.resblocks = nn.Sequential(*(Plain(b) for b in blocks))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


class Plain(nn.Module):
    """A block that TorchScript can compile; its output is not used."""

    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        self.ln_1, self.ln_2 = block.ln_1, block.ln_2
        self.attn = block.attn
        self.mlp = nn.Sequential()
        self.mlp.add_module('c_fc', block.mlp.c_fc)
        self.mlp.add_module('c_proj', block.mlp.c_proj)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


def as_transformers(net: CLIPTextNetwork) -> dict:
    """Named and cut as in transformers' ``CLIPModel``."""
    state = net.state_dict()
    out = {
        'text_model.embeddings.token_embedding.weight': state[
            'token_embedding.weight'
        ],
        'text_model.embeddings.position_embedding.weight': state[
            'positional_embedding'
        ],
        'text_model.embeddings.position_ids': torch.arange(20)[None],
        'text_model.final_layer_norm.weight': state['ln_final.weight'],
        'text_model.final_layer_norm.bias': state['ln_final.bias'],
        'text_projection.weight': state['text_projection'].T,
        'vision_model.x': torch.ones(2),
        'logit_scale': torch.ones([]),
    }
    pairs = {
        'layer_norm1': 'ln_1',
        'layer_norm2': 'ln_2',
        'mlp.fc1': 'mlp.c_fc',
        'mlp.fc2': 'mlp.c_proj',
        'self_attn.out_proj': 'attn.out_proj',
    }
    for i in range(2):
        to, own = (
            f'text_model.encoder.layers.{i}',
            f'transformer.resblocks.{i}',
        )
        for kind in ('weight', 'bias'):
            for theirs, ours in pairs.items():
                out[f'{to}.{theirs}.{kind}'] = state[f'{own}.{ours}.{kind}']
            parts = state[f'{own}.attn.in_proj_{kind}'].chunk(3)
            for name, part in zip('qkv', parts, strict=True):
                out[f'{to}.self_attn.{name}_proj.{kind}'] = part
    return out


def test_network_agrees_with_torchs_own_layers(network):
    tokens = torch.randint(0, 500, (3, 20))
    tokens[:, 9] = 599
    mask = nn.Transformer.generate_square_subsequent_mask(20)
    with torch.no_grad():
        x = network.token_embedding(tokens) + network.positional_embedding
        for block in network.transformer.resblocks:
            layer = nn.TransformerEncoderLayer(
                WIDTH,
                WIDTH // 64,
                4 * WIDTH,
                0,
                lambda y: y * torch.sigmoid(1.702 * y),
                batch_first=True,
                norm_first=True,
            )
            layer.norm1, layer.norm2 = block.ln_1, block.ln_2
            layer.self_attn = block.attn
            layer.linear1, layer.linear2 = block.mlp.c_fc, block.mlp.c_proj
            x = layer.eval()(x, mask)
        want = network.ln_final(x)[:, 9] @ network.text_projection
        assert torch.allclose(network(tokens, 599), want, atol=1e-4)
        later = tokens.clone()
        later[:, 10:] = 0  # behind the end nothing counts
        assert torch.allclose(network(later, 599), want, atol=1e-4)


def test_tokens_by_hand(vocabulary):
    tokenizer = CLIPTokenizer(vocabulary, 12)
    end = tokenizer.end
    assert end == 2 * 256 + 6 + 1
    row = tokenizer(['Walk  walk!'])[0].tolist()
    walk = 2 * 256 + 2  # the third merge
    bang = 256 + 0  # '!' is the first letter
    assert row == [end - 1, walk, walk, bang, end, *[0] * 7]
    long = tokenizer(['walk ' * 40])[0].tolist()
    assert long == [end - 1, *[walk] * 10, end]


def test_official_tokens_where_the_vocabulary_is_at_hand():
    file = known_files()['clip/bpe_simple_vocab_16e6.txt.gz'].path()
    if not file.is_file():
        pytest.skip('the vocabulary of CLIP is not in the cache')
    row = CLIPTokenizer(file)(['a photo of a cat'])[0, :7].tolist()
    assert row == [49406, 320, 1125, 539, 320, 2368, 49407]


def write_sources(network, folder, vocabulary) -> dict:
    """The same weights in every public layout."""
    from safetensors.torch import save_file

    archive = folder / 'ViT-B-32.pt'
    torch.jit.script(Archive(network)).save(str(archive))
    lone = folder / 'lone.pt'
    state = network.state_dict() | {'visual.proj': torch.ones(2)}
    wrapped = {f'module.{k}': v for k, v in state.items()}
    torch.save({'state_dict': wrapped, 'epoch': 3}, lone)
    open_clip = folder / 'open_clip'
    open_clip.mkdir()
    save_file(state, open_clip / 'open_clip_model.safetensors')
    config = {'model_cfg': {'quick_gelu': True}}
    (open_clip / 'open_clip_config.json').write_text(json.dumps(config))
    hugging = folder / 'transformers'
    hugging.mkdir()
    torch.save(as_transformers(network), hugging / 'pytorch_model.bin')
    config = {'text_config': {'hidden_act': 'quick_gelu'}}
    (hugging / 'config.json').write_text(json.dumps(config))
    return {
        'openai': (archive, None),
        'file': (lone, 'quick_gelu'),
        'open_clip': (open_clip, None),
        'transformers': (hugging, None),
    }


def test_all_layouts_give_the_same_vectors(network, tmp_path, vocabulary):
    sources = write_sources(network, tmp_path, vocabulary)
    out = {
        name: CLIPText(path, vocabulary, activation).encode(TEXTS)
        for name, (path, activation) in sources.items()
    }
    tokens = CLIPTokenizer(vocabulary, 20)
    with torch.no_grad():
        want = network(tokens(TEXTS), tokens.end)
    want = want / want.norm(dim=-1, keepdim=True)
    for name, value in out.items():
        assert torch.allclose(value, want, atol=1e-5), name
        assert value.shape == (3, 32)


def test_activation_must_be_known(network, tmp_path, vocabulary):
    path, _ = write_sources(network, tmp_path, vocabulary)['file']
    with pytest.raises(InputError, match='quick_gelu'):
        CLIPText(path, vocabulary)
    other = CLIPText(path, vocabulary, 'gelu').encode(TEXTS)
    same = CLIPText(path, vocabulary, 'quick_gelu').encode(TEXTS)
    assert not torch.allclose(other, same, atol=1e-5)


def test_bad_files_are_named(network, tmp_path, vocabulary):
    with pytest.raises(InputError, match='does not exist'):
        CLIPText(tmp_path / 'none.pt', vocabulary)
    (tmp_path / 'empty').mkdir()
    with pytest.raises(InputError, match=r'open_clip_model\.safetensors'):
        CLIPText(tmp_path / 'empty', vocabulary)
    torch.save({'fc.weight': torch.ones(2)}, tmp_path / 'other.pt')
    with pytest.raises(InputError, match='is not CLIP'):
        CLIPText(tmp_path / 'other.pt', vocabulary, 'gelu')
    state = network.state_dict()
    del state['transformer.resblocks.1.ln_2.bias']
    torch.save(state, tmp_path / 'part.pt')
    with pytest.raises(InputError, match=r'lacks.*resblocks\.1\.ln_2\.bias'):
        CLIPText(tmp_path / 'part.pt', vocabulary, 'gelu')
    with pytest.raises(InputError, match='is not a vocabulary'):
        CLIPTokenizer(tmp_path / 'part.pt')


def test_agrees_with_transformers(network, tmp_path, vocabulary):
    ensure_torchvision()
    transformers = pytest.importorskip('transformers')
    config = transformers.CLIPTextConfig(
        vocab_size=600,
        hidden_size=WIDTH,
        intermediate_size=4 * WIDTH,
        projection_dim=32,
        num_hidden_layers=2,
        num_attention_heads=WIDTH // 64,
        max_position_embeddings=20,
        eos_token_id=519,
        bos_token_id=518,
    )
    model = transformers.CLIPTextModelWithProjection(config).eval()
    model.save_pretrained(tmp_path / 'hf')
    ours = CLIPText(tmp_path / 'hf', vocabulary)
    tokens = CLIPTokenizer(vocabulary, 20)(TEXTS)
    with torch.no_grad():
        want = model(input_ids=tokens).text_embeds
    want = want / want.norm(dim=-1, keepdim=True)
    assert torch.allclose(ours.encode(TEXTS), want, atol=1e-5)
