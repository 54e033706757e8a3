"""What is taken for a recording, and which part of it a player asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.marking import recordings_rules as rules
from app.models.progress import AUDIO_TYPES, MAX_RECORDING_BYTES

BEGINNINGS = {
    "audio/webm": b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm",
    "audio/ogg": b"OggS\x00\x02",
    "audio/mp4": b"\x00\x00\x00\x1cftypiso5",
    "audio/mpeg": b"\xff\xfb\x90\x64",
    "audio/wav": b"RIFF\x24\x00\x00\x00WAVEfmt ",
}


@pytest.mark.parametrize("media_type", AUDIO_TYPES)
def test_a_recording_looks_like_its_own_type_and_no_other(media_type):
    for other, content in BEGINNINGS.items():
        if other == media_type:
            rules.check_content(media_type, content)
        else:
            with pytest.raises(rules.UnreadableAudio):
                rules.check_content(media_type, content)


def test_an_mp3_may_begin_with_its_tags():
    rules.check_content("audio/mpeg", b"ID3\x04\x00")


@pytest.mark.parametrize("media_type", AUDIO_TYPES)
@pytest.mark.parametrize("content", [b"", b"<html><script>alert(1)</script>", b"\x00" * 100])
def test_what_is_no_audio_is_refused(media_type, content):
    with pytest.raises(rules.UnreadableAudio):
        rules.check_content(media_type, content)


def test_a_recording_has_at_most_four_mebibytes():
    content = BEGINNINGS["audio/ogg"].ljust(MAX_RECORDING_BYTES, b"\x00")
    rules.check_content("audio/ogg", content)
    with pytest.raises(rules.RecordingTooLarge):
        rules.check_content("audio/ogg", content + b"\x00")


@pytest.mark.parametrize(
    ("content_type", "name"),
    [
        ("audio/webm;codecs=opus", "audio/webm"),
        (" Audio/OGG ; codecs=opus", "audio/ogg"),
        ("audio/x-m4a", "audio/mp4"),
        ("audio/mp3", "audio/mpeg"),
        ("audio/x-wav", "audio/wav"),
    ],
)
def test_media_types_are_read_without_parameters_and_under_one_name(content_type, name):
    assert rules.audio_type(content_type) == name


@pytest.mark.parametrize("content_type", ["", "audio/", "audio/amr", "text/html", "image/png"])
def test_other_media_types_are_refused(content_type):
    with pytest.raises(rules.UnsupportedAudio):
        rules.audio_type(content_type)


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, None),
        ("bytes=0-", range(10)),
        ("bytes=2-4", range(2, 5)),
        ("bytes=2-400", range(2, 10)),
        ("bytes=-3", range(7, 10)),
        ("bytes=-30", range(10)),
        ("bytes=4-2", None),
        ("bytes=-", None),
        ("bytes=0-1,4-5", None),
        ("lines=1-2", None),
    ],
)
def test_one_range_of_bytes_is_served(header, part):
    assert rules.byte_range(header, 10) == part


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=11-12", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused(header):
    with pytest.raises(rules.UnsatisfiableRange) as refused:
        rules.byte_range(header, 10)
    assert refused.value.headers == {"Content-Range": "bytes */10"}


@given(st.text() | st.from_regex(r"bytes=\d{0,20}-\d{0,20}", fullmatch=True), st.integers(1, 100))
def test_any_header_names_a_part_or_is_refused_or_ignored(header, size):
    try:
        part = rules.byte_range(header, size)
    except rules.UnsatisfiableRange:
        return
    assert part is None or (len(part) > 0 and 0 <= part.start < part.stop <= size)
