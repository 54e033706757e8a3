"""Which encodings of an answer a client takes (RFC 9110, 12.5.3)."""


def takes_gzip(accept_encoding: str) -> bool:
    """Return whether `Accept-Encoding` allows gzip; `gzip;q=0` and an absent header do not."""
    weights = dict(_weights(accept_encoding))
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weights(accept_encoding: str) -> list[tuple[str, float]]:
    found = []
    for part in accept_encoding.lower().split(","):
        name, _, parameter = part.partition(";")
        key, _, value = parameter.strip().partition("=")
        try:
            weight = float(value) if key == "q" else 1.0
        except ValueError:
            weight = 0.0  # what cannot be read is not promised
        found.append((name.strip(), weight))
    return found
