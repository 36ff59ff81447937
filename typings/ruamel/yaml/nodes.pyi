from __future__ import annotations

from typing import Any

from ruamel.yaml.error import StreamMark

class Node:
    tag: str
    value: Any
    start_mark: StreamMark
    end_mark: StreamMark
    anchor: str | None

class ScalarNode(Node):
    value: str
    style: str | None

class SequenceNode(Node):
    value: list[Node]

class MappingNode(Node):
    value: list[tuple[Node, Node]]
