"""The models of this process: loaded on first use, one thread working them."""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from socialai.domain.support import Candidate, Judgement
from socialai.domain.triage import Language, Traits
from socialai.errors import ModelMissing
from socialai.inference.courtesy import Courtesy
from socialai.inference.encoder import TAP, WIDTH, Encoder
from socialai.inference.heads import OUTPUTS
from socialai.inference.injection import InjectionModel
from socialai.inference.lane import Lane
from socialai.inference.language import LanguageModel
from socialai.inference.manifest import ENCODER_FILE, check_folder, check_made_for, unusable
from socialai.inference.reading import BLENDED, Asked, Reading, Row, read
from socialai.inference.support import SupportModel
from socialai.inference.triage import TriageModel
from socialai.resources import resource

Vectors = NDArray[np.float32]


class Models:
    """Safe to use from every thread. `folder` holds `encoder/`, `triage/` and `injection/`.

    `search` is the folder of an encoder for the knowledge alone, None where the same one does.
    """

    def __init__(self, folder: Path, threads: int = 1, search: Path | None = None) -> None:
        self._folder = folder
        self._search_folder = search
        self._threads = threads
        self._loading = threading.Lock()
        self._encoder: Encoder | None = None
        self._search: Encoder | None = None
        self._triage: TriageModel | None = None
        self._language: LanguageModel | None = None
        self._injection: InjectionModel | None = None
        self._support: SupportModel | None = None
        self.courtesy = Courtesy()
        self._lane: Lane[Asked, Row] = Lane(self._work, name="encoder")
        self._search_lane = Lane(self._work_search, name="search encoder") if search else None

    def encode(self, texts: Sequence[str], timeout: float = 30.0) -> Vectors:
        """Shape (n, 384). Raises Overloaded, DeadlinePassed, ModelMissing or another ModelError."""
        rows = self._lane.run([(text, False) for text in texts], timeout)
        return _stacked([vector for vector, _, _ in rows])

    def blend(self, texts: Sequence[str], timeout: float = 30.0) -> Vectors:
        """What a tenant's own intents are told apart by, shape (n, BLENDED). Raises as `encode` does."""
        rows = self._lane.run([(text, False) for text in texts], timeout)
        return _stacked([blend for _, blend, _ in rows], BLENDED)

    def read(self, texts: Sequence[str], timeout: float = 30.0) -> Reading:
        """Encode and understand. Raises as `encode` does."""
        rows = self._lane.run([(text, True) for text in texts], timeout)
        said = _stacked([row for _, _, row in rows if row is not None], OUTPUTS)
        return Reading(
            vectors=_stacked([vector for vector, _, _ in rows]),
            blends=_stacked([blend for _, blend, _ in rows], BLENDED),
            said=said,
            understood=self._load_triage().understand(said),
        )

    def has(self, said: Vectors, name: str) -> NDArray[np.bool_]:
        """Which rows of what was `said` have a mark or an emotion."""
        return self._load_triage().has(said, name)

    def encode_knowledge(self, texts: Sequence[str], timeout: float = 30.0) -> Vectors:
        """The vectors that the knowledge is kept and found by; unless `searches_apart` those of `encode`."""
        return (
            _stacked(self._search_lane.run(texts, timeout))
            if self._search_lane
            else self.encode(texts, timeout)
        )

    @property
    def searches_apart(self) -> bool:
        return self._search_folder is not None

    def knowledge_version(self) -> str:
        """Vectors of two versions cannot be compared."""
        return (self._load_search() if self.searches_apart else self._load_encoder()).version

    def traits(self, texts: Sequence[str], vectors: Vectors) -> list[Traits]:
        """What kind of text each is; row n of `vectors` is text n."""
        language, chances = self._load_language(), self._load_injection().chances(texts, vectors)
        return [Traits(language.detect(text), chance) for text, chance in zip(texts, chances, strict=True)]

    def judge(self, claim: str, candidates: Sequence[Candidate]) -> Judgement:
        """How well the candidates support a sentence of a reply."""
        return self._load_support().judge(claim, candidates)

    def language(self, text: str) -> Language:
        return self._load_language().detect(text)

    def versions(self) -> dict[str, str]:
        return {
            "encoder": self._load_encoder().version,
            "triage": self._load_triage().version,
            "injection": self._load_injection().version,
        }

    def check(self) -> None:
        """Raise ModelMissing when a file is absent or is not what its manifest says."""
        for name in ("encoder", "triage", "injection"):
            check_folder(self._folder / name)
        if self._search_folder:
            check_folder(self._search_folder)

    def warm(self) -> None:
        """Load everything now, so that the first message does not wait for it."""
        self.traits(["hello"], self.read(["hello"]).vectors)
        self.encode_knowledge(["hello"])

    def close(self) -> None:
        self._lane.close()
        if self._search_lane:
            self._search_lane.close()

    def _work(self, asked: Sequence[Asked]) -> list[Row]:
        encoder = self._load_encoder()
        triage = self._load_triage() if any(wanted for _, wanted in asked) else None
        with self.courtesy.encoding():
            return read(encoder, triage, asked)

    def _work_search(self, texts: Sequence[str]) -> list[Vectors]:
        encoder = self._load_search()
        with self.courtesy.encoding():
            return list(encoder.encode(texts))

    def _load_search(self) -> Encoder:
        with self._loading:
            assert self._search_folder, "asked only where there is one"
            self._search = self._search or _usable(self._search_folder, self._threads, tap="")
            return self._search

    def _load_encoder(self) -> Encoder:
        with self._loading:
            self._encoder = self._encoder or _usable(self._folder / "encoder", self._threads)
            return self._encoder

    def _load_triage(self) -> TriageModel:
        with self._loading:
            self._triage = self._triage or TriageModel(self._made_for_the_encoder("triage"), self._threads)
            return self._triage

    def _load_language(self) -> LanguageModel:
        with self._loading:
            self._language = self._language or LanguageModel()
            return self._language

    def _load_injection(self) -> InjectionModel:
        with self._loading:
            self._injection = self._injection or InjectionModel(self._made_for_the_encoder("injection"))
            return self._injection

    def _load_support(self) -> SupportModel:
        """It belongs to this program, not to an encoder: an installed set has none of its own."""
        with self._loading:
            self._support = self._support or SupportModel(resource("models", "support"))
            return self._support

    def _made_for_the_encoder(self, name: str) -> Path:
        check_made_for(self._folder / name, self._folder / "encoder")
        return self._folder / name


def _stacked(rows: Sequence[Vectors], width: int = WIDTH) -> Vectors:
    return np.stack(rows) if rows else np.empty((0, width), np.float32)


def _usable(folder: Path, threads: int, tap: str = TAP) -> Encoder:
    """ModelMissing when its vectors are of another width than all that is made of them."""
    encoder = Encoder(folder, threads, tap)
    try:
        encoder.encode(["hello"])
    except ValueError as error:
        raise ModelMissing(unusable(folder / ENCODER_FILE)) from error
    return encoder
