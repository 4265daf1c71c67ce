"""Tiny language models as real GGUF files: random weights, a token a byte, so that any text goes through.

They write nonsense, but llama.cpp loads them, reads prompts and obeys grammars as with any other.
"""

from pathlib import Path

import gguf
import numpy as np

TEMPLATE = (
    "{% for message in messages %}<|start|>{{ message.role }}\n{{ message.content }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|start|>assistant\n{% endif %}"
)
CONTROL = ("<|start|>", "<|end|>")


def make(
    path: Path,
    *,
    template: str | None = TEMPLATE,
    width: int = 64,
    layers: int = 2,
    context: int = 4096,
    heads: int = 4,
    seed: int = 1,
    parts: int = 0,
) -> Path:
    """Some 400 KB unless it shall be bigger."""
    writer = gguf.GGUFWriter(path, "llama")
    _describe(writer, width, layers, context, heads)
    if template is not None:
        writer.add_chat_template(template)
    if parts:
        writer.add_uint16("split.count", parts)
    for name, shape in _shapes(width, layers).items():
        writer.add_tensor(name, _weights(name, shape, np.random.default_rng(seed)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _describe(writer: gguf.GGUFWriter, width: int, layers: int, context: int, heads: int) -> None:
    letters = _letters()
    merges = [f"{letters[ord('t')]} {letters[ord('h')]}"]
    tokens = [*letters, "th", *CONTROL]
    kinds = [gguf.TokenType.NORMAL] * (len(tokens) - len(CONTROL)) + [gguf.TokenType.CONTROL] * len(CONTROL)
    writer.add_name("tiny")
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(2 * width)
    writer.add_head_count(heads)
    writer.add_head_count_kv(heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(width // heads)
    writer.add_rope_freq_base(10_000.0)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(len(tokens) - 2)
    writer.add_eos_token_id(len(tokens) - 1)
    writer.add_add_bos_token(False)


def _letters() -> list[str]:
    """GPT-2's letter for each byte: printable ones are themselves, the others come after 255."""
    printable = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return [chr(byte if byte in printable else next(others)) for byte in range(256)]


def _shapes(width: int, layers: int) -> dict[str, tuple[int, ...]]:
    wide, square = (2 * width, width), (width, width)
    shapes: dict[str, tuple[int, ...]] = {"token_embd.weight": (256 + 1 + len(CONTROL), width)}
    for layer in range(layers):
        block = {
            "attn_norm": (width,), "attn_q": square, "attn_k": square, "attn_v": square,
            "attn_output": square, "ffn_norm": (width,), "ffn_gate": wide, "ffn_up": wide,
            "ffn_down": (width, 2 * width),
        }  # fmt: skip
        shapes |= {f"blk.{layer}.{name}.weight": shape for name, shape in block.items()}
    return shapes | {"output_norm.weight": (width,)}


def _weights(
    name: str, shape: tuple[int, ...], dice: np.random.Generator
) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32 | np.float16]]":
    if len(shape) == 1:
        return np.ones(shape, np.float32)
    return (dice.standard_normal(shape) / shape[1] ** 0.5).astype(np.float16)
