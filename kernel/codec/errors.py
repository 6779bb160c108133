"""How a codec can fail."""


class CodecFailure(Exception):
    """A codec gave no output. The frame is as it was, and can be tried again with another codec.

    ``line`` and ``column`` are the place in the script, from 1; 0 where there is none.
    """

    def __init__(self, message: str, *, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        if not self.line:
            return self.message
        return f"{self.message} (line {self.line}, column {self.column})"


class CodecError(CodecFailure):
    """The script does not compile, has no such function, threw, or returned what is no TS013 output."""


class CodecTimeout(CodecFailure):
    """The codec used more processor time than it may."""


class CodecOutOfMemory(CodecFailure):
    """The codec used more memory than it may."""


class SandboxUnavailable(Exception):
    """No sandbox process can be started: a fault of the installation, not of a codec."""
