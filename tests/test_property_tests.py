"""Property tests hold in a worker in which threads of other tests still run; the tests' main thread draws."""

import random
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st


def test_a_client_that_draws_a_request_id_meanwhile_fails_no_property() -> None:
    """A client that a whole run shares, such as pymongo's, asks its server every ten seconds on a thread of its own."""
    with ThreadPoolExecutor(1) as others:

        def beside_another_thread(value: int) -> int:
            others.submit(random.random).result()
            return value

        @given(value=st.integers().map(beside_another_thread))
        def holds(value: int) -> None:
            assert isinstance(value, int)

        holds()
