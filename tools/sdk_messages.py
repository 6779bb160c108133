"""The SDK's messages: betterproto2's compiler, given the contract without its annotations."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from google.protobuf import descriptor_pb2
from google.protobuf.compiler import plugin_pb2

# Rules and annotations are the server's business; their option messages would only be dead weight.
_LEFT_OUT = {
    "buf/validate/validate.proto",
    "google/api/annotations.proto",
    "google/api/field_behavior.proto",
    "google/api/http.proto",
    "google/protobuf/descriptor.proto",
    "simba/common/v1/options.proto",
}
_BIN = Path(sys.executable).parent


def modules(descriptor_set: bytes) -> dict[str, str]:
    """Generated modules by their path below the generated package."""
    request = plugin_pb2.CodeGeneratorRequest(parameter="client_generation=none")
    for file in descriptor_pb2.FileDescriptorSet.FromString(descriptor_set).file:
        if file.name in _LEFT_OUT:
            continue
        file.DiscardUnknownFields()  # type: ignore[no-untyped-call]
        file.source_code_info.SetInParent()  # the compiler asks for it, even if there is none
        kept = [name for name in file.dependency if name not in _LEFT_OUT]
        del file.dependency[:], file.public_dependency[:], file.weak_dependency[:]
        file.dependency.extend(kept)
        request.proto_file.append(file)
        request.file_to_generate.append(file.name)
    made = subprocess.run(
        [_BIN / "protoc-gen-python_betterproto2"],
        input=request.SerializeToString(),
        capture_output=True,
        check=False,
        # It calls ruff by its name to format what it wrote.
        env={**os.environ, "PATH": f"{_BIN}{os.pathsep}{os.environ.get('PATH', '')}"},
    )
    if made.returncode:
        sys.exit(made.stderr.decode())
    response = plugin_pb2.CodeGeneratorResponse.FromString(made.stdout)
    if response.error:
        sys.exit(response.error)
    return {file.name: file.content for file in response.file}
