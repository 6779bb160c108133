"""The gRPC side of the platform: the server and what every call passes through."""

from server.platform.rpc.authentication import Authenticator, Credential
from server.platform.rpc.server import GrpcServer

__all__ = ["Authenticator", "Credential", "GrpcServer"]
