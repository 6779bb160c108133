"""Generate everything that follows from the contract in api/proto.

    python tools/gen.py          write
    python tools/gen.py --check  say what is stale, exit 1 if anything is

What is made: Python messages, stubs and services under api/gen/python/simba, the descriptor set
api/gen/simba.binpb that Envoy, reflection and other languages' generators read, the OpenAPI
document and the SDK's messages.
"""

from __future__ import annotations

import argparse
import filecmp
import importlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import google.api
from google.protobuf import descriptor_pb2
from grpc_tools import protoc
from protovalidate._gen.buf.validate import validate_pb

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "api" / "proto"
GENERATED = ROOT / "api" / "gen"
GOOGLEAPIS = Path(next(iter(google.api.__path__))).parent.parent
WELL_KNOWN = Path(next(iter(importlib.util.find_spec("grpc_tools").submodule_search_locations))) / "_proto"  # type: ignore[union-attr, arg-type]

VALIDATE = "buf/validate/validate.proto"
# What Envoy needs to print error details as JSON.
EDGE_EXTRAS = ("google.rpc.error_details_pb2", "google.rpc.status_pb2")


def sources() -> list[str]:
    """Contract files, relative to api/proto, sorted."""
    return sorted(str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto"))


def with_dependencies(module_names: tuple[str, ...]) -> Iterator[descriptor_pb2.FileDescriptorProto]:
    """The files of generated modules after everything they import."""
    seen: set[str] = set()

    def walk(file: object) -> Iterator[descriptor_pb2.FileDescriptorProto]:
        name = file.name  # type: ignore[attr-defined]
        if name in seen:
            return
        seen.add(name)
        for dependency in file.dependencies:  # type: ignore[attr-defined]
            yield from walk(dependency)
        proto = descriptor_pb2.FileDescriptorProto()
        file.CopyToProto(proto)  # type: ignore[attr-defined]
        yield proto

    for module_name in module_names:
        yield from walk(importlib.import_module(module_name).DESCRIPTOR)


def validation_rules() -> descriptor_pb2.FileDescriptorSet:
    """buf/validate/validate.proto and its imports, from the wheel of the validator that runs them.

    No wheel ships the text of that file; taking the descriptor from the validator itself keeps the
    rules that are written and the rules that are run the same.
    """
    rules = descriptor_pb2.FileDescriptorProto.FromString(validate_pb.Rule.desc().file.proto.to_binary())
    imports = tuple(name.removesuffix(".proto").replace("/", ".") + "_pb2" for name in rules.dependency)
    return descriptor_pb2.FileDescriptorSet(file=[*with_dependencies(imports), rules])


def run_protoc(*arguments: str) -> None:
    """Run protoc with the contract's include paths; exits with its message on an error."""
    code = protoc.main(["protoc", *arguments])
    if code:
        sys.exit(code)


def generate(target: Path) -> None:
    """Write everything below target, laid out like the project."""
    python = target / "api" / "gen" / "python"
    python.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        dependencies = Path(scratch) / "dependencies.binpb"
        dependencies.write_bytes(validation_rules().SerializeToString())
        includes = [f"--descriptor_set_in={dependencies}", f"-I{PROTO}", f"-I{GOOGLEAPIS}", f"-I{WELL_KNOWN}"]
        raw = Path(scratch) / "raw.binpb"
        run_protoc(
            *includes,
            f"--python_out={python}",
            f"--grpc_python_out={python}",
            f"--plugin=protoc-gen-mypy={Path(sys.executable).parent / 'protoc-gen-mypy'}",
            f"--plugin=protoc-gen-mypy_grpc={Path(sys.executable).parent / 'protoc-gen-mypy_grpc'}",
            f"--mypy_out=quiet:{python}",
            f"--mypy_grpc_out=quiet:{python}",
            "--include_imports",
            "--include_source_info",
            f"--descriptor_set_out={raw}",
            *sources(),
            VALIDATE,
        )
        complete = descriptor_pb2.FileDescriptorSet.FromString(raw.read_bytes())
    present = {file.name for file in complete.file}
    complete.file.extend(file for file in with_dependencies(EDGE_EXTRAS) if file.name not in present)
    (target / "api" / "gen" / "simba.binpb").write_bytes(complete.SerializeToString(deterministic=True))
    for folder in {path.parent for path in python.rglob("*_pb2.py")}:
        (folder / "py.typed").touch()
    for step in ("openapi", "gen_sdk"):
        script = ROOT / "tools" / f"{step}.py"
        if script.exists():
            subprocess.run([sys.executable, str(script), "--root", str(target)], check=True)


def differences(left: Path, right: Path) -> Iterator[str]:
    """Relative names of files that differ between two folders, or stand in one only."""
    names = {
        str(path.relative_to(folder))
        for folder in (left, right)
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    for name in sorted(names):
        if not ((left / name).exists() and (right / name).exists()) or not filecmp.cmp(
            left / name, right / name, shallow=False
        ):
            yield name


def main() -> int:
    """Write, or check."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if something is stale")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch)
        generate(target)
        owned = [
            folder
            for folder in ("api/gen", "api/openapi", "clients/python/src/simba_metering/_generated")
            if (target / folder).exists()
        ]
        if check:
            stale = [
                f"{folder}/{name}" for folder in owned for name in differences(target / folder, ROOT / folder)
            ]
            for name in stale:
                print(f"stale: {name}", file=sys.stderr)
            if stale:
                print("run `make gen` and commit what it writes", file=sys.stderr)
            return 1 if stale else 0
        for folder in owned:
            if (ROOT / folder).exists():
                shutil.rmtree(ROOT / folder)
            shutil.copytree(target / folder, ROOT / folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
