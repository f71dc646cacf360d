"""Writes a model of 0.4 MB with random weights that llama.cpp's server loads: `python -m tests.real.tiny_model FILE`.

Its answers are noise; that they come, stop, keep to a schema and can be cancelled is what the tests look at. Every
byte is a token, so that any text goes in and comes out.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

WIDTH, LAYERS, HEADS, INNER, WINDOW = 64, 2, 4, 128, 4096
CONTROL = ("<|im_start|>", "<|im_end|>", "<|endoftext|>")
CHAT = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def write(path: Path) -> Path:
    """Make the file if it is not there; the same bytes each time."""
    if path.exists():
        return path
    import gguf
    import numpy as np

    random = np.random.default_rng(7)

    def noise(*shape: int, scale: float = 0.05) -> Any:
        return (random.standard_normal(shape) * scale).astype(np.float32)

    tokens = [*_characters(), *CONTROL]
    part = path.with_suffix(".part")
    writer = gguf.GGUFWriter(str(part), "llama")
    writer.add_name("tiny-random")
    writer.add_context_length(WINDOW)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(tokens))
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([int(gguf.TokenType.NORMAL)] * 256 + [int(gguf.TokenType.CONTROL)] * len(CONTROL))
    writer.add_token_merges([f"{tokens[ord('h')]} {tokens[ord('i')]}"])
    writer.add_bos_token_id(256)
    writer.add_eos_token_id(257)
    writer.add_pad_token_id(258)
    writer.add_add_bos_token(False)
    writer.add_chat_template(CHAT)
    writer.add_tensor("token_embd.weight", noise(len(tokens), WIDTH))
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    head = noise(len(tokens), WIDTH, scale=0.3)
    head[128:] *= 0  # printable ASCII is likelier than the rest
    head[:32] *= 0
    writer.add_tensor("output.weight", head)
    for layer in range(LAYERS):
        for name, *shape in (
            *(("attn_q", WIDTH, WIDTH), ("attn_k", WIDTH, WIDTH), ("attn_v", WIDTH, WIDTH)),
            *(("attn_output", WIDTH, WIDTH), ("ffn_gate", INNER, WIDTH), ("ffn_up", INNER, WIDTH)),
            ("ffn_down", WIDTH, INNER),
        ):
            writer.add_tensor(f"blk.{layer}.{name}.weight", noise(*shape))
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.ones(WIDTH, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    part.replace(path)
    return path


def _characters() -> list[str]:
    """GPT-2's character for each byte."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
