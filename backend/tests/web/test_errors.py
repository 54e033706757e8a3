"""Where somebody whose session has ended comes back to after signing in."""

import pytest
from starlette.requests import Request

from app.core.errors import Unauthenticated
from app.web.errors import render_error

PAGE = "/lessons/introducing-yourself/questions/3"


def target(method="POST", **headers):
    names = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": method,
        "scheme": "https",
        "path": "/reviews",
        "query_string": b"",
        "headers": [(b"host", b"lancar.example"), *names],
    }
    answer = render_error(Request(scope), Unauthenticated())
    return answer.headers.get("location") or answer.headers["hx-redirect"]


def test_a_form_comes_back_to_the_page_it_stood_on():
    assert target(referer=f"https://lancar.example{PAGE}") == f"/sign-in?next={PAGE}"
    assert target("GET") == "/sign-in?next=/reviews"
    stood_on = f"https://lancar.example{PAGE}?again=true"
    shown = target(hx_request="true", hx_current_url=stood_on, referer="https://lancar.example/")
    assert shown == f"/sign-in?next={PAGE}%3Fagain%3Dtrue"


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "https://elsewhere.example/lessons",
        "https://lancar.example:8443/lessons",
        "https://lancar.example@elsewhere.example/",
        "https://lancar.example//elsewhere.example/",
        "javascript:alert(1)//lancar.example/",
        "//lancar.example/lessons",
        "https://[broken/",
        "no address",
    ],
)
def test_only_a_page_of_this_site_is_come_back_to(referer):
    assert target(referer=referer) == "/sign-in"
