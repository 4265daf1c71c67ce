"""A sentence-transformers folder with a tiny random BERT in it: python tiny.py FOLDER WIDTH"""

import string
import sys
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

SIGNS = string.ascii_lowercase + string.digits
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *SIGNS, *"?!.,", *(f"##{sign}" for sign in SIGNS)]


def tokenizer() -> PreTrainedTokenizerFast:
    words = {word: place for place, word in enumerate(WORDS)}
    whole = Tokenizer(models.WordPiece(words, unk_token="[UNK]"))
    whole.normalizer = normalizers.BertNormalizer()
    whole.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    whole.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = {"pad": "[PAD]", "unk": "[UNK]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
    return PreTrainedTokenizerFast(
        tokenizer_object=whole, **{f"{kind}_token": word for kind, word in names.items()}
    )


def main(folder: Path, width: int) -> None:
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=width,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
    )
    BertModel(config).save_pretrained(folder / "bert")
    tokenizer().save_pretrained(folder / "bert")
    parts = [Transformer(str(folder / "bert")), Pooling(width)]
    SentenceTransformer(modules=parts, device="cpu").save(str(folder / "tiny"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
