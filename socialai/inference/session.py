"""How an ONNX graph is run here: one place for threads and memory."""

from pathlib import Path
from typing import Any

from socialai.errors import ModelMissing
from socialai.inference.manifest import unusable


def load_session(path: Path, threads: int, also: str = "") -> Any:
    """An onnxruntime.InferenceSession; `also` names a value inside the graph that shall come out as well."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False
    # Waiting threads that spin take the processor from the rest of the program.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        model = path.read_bytes()
        model = with_output(model, also) if also else model
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelMissing(unusable(path, "it is missing or damaged")) from error


def with_output(model: bytes, name: str) -> bytes:
    """The graph with one more output. Protobuf joins what is appended with what is there: field 7 of a model
    is its graph, 12 of a graph an output, 1 of an output its name."""
    tail = name.encode()
    for field in (1, 12, 7):
        tail = bytes((field << 3 | 2, len(tail))) + tail
    return model + tail
