# ruamel.yaml says it is typed, yet pyright finds most of it unknown.
from __future__ import annotations

from os import PathLike
from typing import IO, Any

from ruamel.yaml.comments import CommentedMap as CommentedMap
from ruamel.yaml.comments import CommentedSeq as CommentedSeq
from ruamel.yaml.error import MarkedYAMLError as MarkedYAMLError
from ruamel.yaml.error import YAMLError as YAMLError
from ruamel.yaml.nodes import MappingNode as MappingNode
from ruamel.yaml.nodes import Node as Node
from ruamel.yaml.nodes import ScalarNode as ScalarNode
from ruamel.yaml.nodes import SequenceNode as SequenceNode

class YAML:
    allow_duplicate_keys: bool
    allow_unicode: bool
    constructor: Any
    default_flow_style: bool | None
    preserve_quotes: bool | None
    representer: Any
    resolver: Any
    version: Any
    width: int
    def __init__(self, *, typ: str | list[str] | None = None, pure: bool = False) -> None: ...
    def indent(
        self, mapping: int | None = None, sequence: int | None = None, offset: int | None = None
    ) -> None: ...
    def load(self, stream: PathLike[str] | IO[str] | IO[bytes] | str | bytes) -> Any: ...
    def parse(self, stream: PathLike[str] | IO[str] | IO[bytes] | str | bytes) -> Any: ...
    def compose(self, stream: PathLike[str] | IO[str] | IO[bytes] | str | bytes) -> Node | None: ...
    def dump(self, data: Any, stream: PathLike[str] | IO[str] | IO[bytes]) -> None: ...
