"""The OpenAPI description: it promises what is answered, Schemathesis asks for that, and its examples hold."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.result import Ok

from tests.gateway.clients import FIELDS, by_curl
from tests.gateway.replica import Replica

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 25
FEWER = 5
"""For what has its own tests of all that it takes."""
PROMISED = {
    "/api/v1/calls": {"get"},
    "/api/v1/calls/upload": {"post"},
    "/api/v1/calls/{call_id}": {"get", "patch"},
    "/api/v1/uploads/{call_id}": {"put", "get", "delete"},
    "/api/v1/uploads/{call_id}/parts": {"post"},
    "/api/v1/uploads/{call_id}/complete": {"post"},
    "/api/v1/uploads/{call_id}/register": {"post"},
    "/api/v1/uploads/{call_id}/announce": {"post"},
    "/health/live": {"get"},
    "/health/ready": {"get"},
    "/metrics": {"get"},
    "/reconcile.json": {"get"},
}


def test_every_operation_answers_as_described(gateway: Replica, recordings: Mapping[str, Path]) -> None:
    assert by_curl(gateway.upload, FIELDS, recordings["mp3"], {}).status == 201
    schema = schemathesis.openapi.from_url(f"{gateway.address}/openapi.json")
    asked: dict[str, set[str]] = {}

    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        asked.setdefault(operation.path, set()).add(operation.method.lower())
        strategy = operation.as_strategy() | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

        examples = FEWER if operation.path.startswith(("/api/v1/uploads", "/reconcile")) else EXAMPLES

        @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=strategy)
        def answers(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(checks=CHECKS)

        answers()

    assert asked == PROMISED


def test_every_example_is_what_its_schema_asks_for(gateway: Replica) -> None:
    description = requests.get(f"{gateway.address}/openapi.json", timeout=30).json()
    checked = 0

    for content in _contents(description):
        if "example" in content:
            schema = {**content["schema"], "components": description["components"]}
            jsonschema_rs.Draft202012Validator(schema).validate(content["example"])
            checked += 1

    assert checked > 100


def test_an_error_is_described_as_the_problem_that_is_answered(gateway: Replica) -> None:
    description = requests.get(f"{gateway.address}/openapi.json", timeout=30).json()
    ready = description["paths"].pop("/health/ready")["get"]["responses"]

    answers = [
        (status, answer)
        for path in description["paths"].values()
        for operation in path.values()
        for status, answer in operation["responses"].items()
    ]

    for status, answer in answers:
        if status >= "400":
            assert list(answer["content"]) == ["application/problem+json"]
            assert answer["content"]["application/problem+json"]["example"]["status"] == int(status)
    assert "422" not in ready
    assert "HTTPValidationError" not in description["components"]["schemas"]


def _contents(part: Any) -> Iterator[Mapping[str, Any]]:
    """Every body that the description tells of."""
    if isinstance(part, list):
        for each in part:
            yield from _contents(each)
    elif isinstance(part, dict):
        for name, each in part.items():
            if name == "content":
                yield from each.values()
            else:
                yield from _contents(each)
