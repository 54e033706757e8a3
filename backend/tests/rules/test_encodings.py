"""What a client says of the encodings that it takes is understood as RFC 9110 means it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.encodings import takes_gzip


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("gzip, deflate, br", True),
        ("GZIP", True),
        ("br;q=1.0, gzip;q=0.2", True),
        ("*", True),
        ("identity, *;q=0.1", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip;q=0, *", False),
        ("*;q=0", False),
        ("gzip;q=nonsense", False),
        ("xgzip", False),
    ],
)
def test_gzip_is_taken_where_the_client_says_so(header, takes):
    assert takes_gzip(header) is takes


@given(st.text())
def test_no_header_is_an_error(header):
    assert takes_gzip(header) in {True, False}
