"""Whatever is wrong with a line of a file is said of that line, and the next one is read."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.import_lines import Columns, FileRefused, Refusal, csv_lines, json_lines
from app.core.spreadsheets import escaped, unescaped

COLUMNS = Columns(
    names=("slug", "text", "ease", "day", "count"),
    required=("slug", "text"),
    numbers=("ease", "count"),
    days=("day",),
)


def rows(data):
    data = data.encode() if isinstance(data, str) else data
    return [(number, content) for number, content, _ in csv_lines(io.BytesIO(data), COLUMNS)]


def objects(data):
    data = data.encode() if isinstance(data, str) else data
    return [(number, content) for number, content, _ in json_lines(io.BytesIO(data))]


def bad(found):
    return {number: what.field for number, what in found if isinstance(what, Refusal)}


GOOD = {"slug": "a", "text": "x"}


@pytest.mark.parametrize("read", [json_lines, lambda file: csv_lines(file, COLUMNS)])
def test_a_file_stays_open_for_whoever_opened_it(read):
    file = io.BytesIO(b"slug,text\na,x\n")
    for _ in range(2):
        assert list(read(file))
        file.seek(0)


@pytest.mark.parametrize("read", [json_lines, lambda file: csv_lines(file, COLUMNS)])
def test_a_reading_that_is_given_up_may_end_after_its_file(read):
    file = io.BytesIO(b"slug,text\na,x\nb,y\n")
    reading = read(file)
    next(reading)
    file.close()
    reading.close()


# --- CSV ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b"b,caf\xe9", "text"),
        (b"\xff\xfe,y", "slug"),
        (b"b,y\0z", "text"),
        (b"b,y,z", ""),
        (b"b", ""),
        (b'b,"y', ""),
        (b'b,"y"z', ""),
        (b'"b,y\nc,"z', ""),
        (b"b," + b"y" * 1_100_000, ""),
        (b'b,"' + b"y\n" * 600_000 + b'"', ""),
    ],
)
def test_only_the_bad_row_is_left_out(line, field):
    found = rows(b"slug,text\na,x\n" + line + b"\na,x\n")
    assert found[0] == (2, GOOD)
    assert found[-1][1] == GOOD
    assert bad(found)[3] == field


def test_a_quote_that_is_never_closed_costs_one_row():
    found = rows('slug,text\na,x\nb,"open\na,x\na,"x"\na,x\n')
    assert [number for number, _ in found] == [2, 3, 4, 5, 6]
    assert bad(found) == {3: ""}
    assert "not CSV" in found[1][1].message


def test_a_cell_may_have_lines_and_the_row_is_named_by_its_first():
    found = rows('slug,text\na,"x\n\ny"\nb\n')
    assert found[0] == (2, {"slug": "a", "text": "x\n\ny"})
    assert bad(found) == {5: ""}


def test_a_cell_of_over_128_k_is_read():
    assert rows("slug,text\na," + "x" * 200_000)[0][1]["text"] == "x" * 200_000


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff", "\n\n", "sep=,\n", "\ufeffsep=,\n"])
def test_line_ends_a_byte_order_mark_and_blank_lines_do_not_matter(end, start):
    text = f"{start}slug,text\n\na,x\n,\n\n \na,x\n\n".replace("\n", end)
    assert [content for _, content in rows(text)] == [GOOD, GOOD]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_tells_the_delimiter(delimiter):
    text = f"Slug{delimiter} text \na{delimiter}x\n"
    assert rows(text) == [(2, GOOD)]


def test_what_excel_writes_with_indonesian_settings_is_read():
    text = "\ufeffslug;text;ease;day;count\r\na;x, y;2,5;31/01/2026;12,0\r\n;;;;\r\n"
    assert rows(text) == [
        (2, {"slug": "a", "text": "x, y", "ease": "2.5", "day": "2026-01-31", "count": 12})
    ]


def test_a_number_that_can_be_read_in_two_ways_is_refused():
    assert bad(rows("slug;text;ease;day;count\na;x;;;1.000\n")) == {2: "count"}
    assert rows("slug,text,ease,day,count\na,x,2.500,,7\n")[0][1]["ease"] == "2.500"


@pytest.mark.parametrize("number", ["1e999", "9" * 5_000, "NaN", "Infinity", "true", "1_0", "٣"])
def test_what_is_no_number_stays_a_text_which_models_refuse(number):
    assert rows(f"slug,text,ease,day,count\na,x,,,{number}\n")[0][1]["count"] == number


@pytest.mark.parametrize(
    ("data", "line", "fields"),
    [
        (b"", 1, [""]),
        (b"\n\n \n", 1, [""]),
        (b"\xef\xbb\xbf", 1, [""]),
        (b"a,x\nb,y\n", 1, [""]),
        (b"\n\nfoo;bar\n", 3, [""]),
        (b"slug\n", 1, ["text"]),
        (b"slug,text,slug\n", 1, ["slug"]),
        (b"slug,text,texts\n", 1, ["texts"]),
        (b"slug,text,caf\xe9\n", 1, ["caf\\udce9"]),
        ("slug\ttext\n".encode("utf-16"), 1, [""]),
        ("slug\ttext\n".encode("utf-16-le"), 1, [""]),
        ("slug\ttext\n".encode("utf-16-be"), 1, [""]),
        (b"slug,text" + b"x" * 1_100_000, 1, [""]),
        (b"\0\0\0\0", 1, [""]),
    ],
)
def test_a_file_without_a_usable_header_says_what_it_lacks(data, line, fields):
    with pytest.raises(FileRefused) as error:
        rows(data)
    assert error.value.line == line
    assert [refusal.field for refusal in error.value.refusals] == fields
    assert all(refusal.message for refusal in error.value.refusals)


def test_only_a_header_has_no_rows():
    assert rows("slug,text\n") == []


def test_a_misspelt_column_is_named_with_the_one_that_is_meant():
    with pytest.raises(FileRefused, match="text is meant"):
        rows("slug,text,txet\n")


@given(st.binary(max_size=400))
def test_no_csv_fails_otherwise(data):
    for _, content in rows(b"slug,text\n" + data):
        assert isinstance(content, dict | Refusal)


CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))
TABLE = st.lists(st.tuples(CELLS, CELLS), max_size=5)


@given(TABLE, st.sampled_from([",", ";", "\t"]))
def test_every_text_comes_back_from_a_spreadsheet_as_it_was(table, delimiter):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerow(["slug", "text"])
    writer.writerows([escaped(cell) for cell in row] for row in table)
    found = [content for _, content in rows(file.getvalue())]
    kept = [row for row in table if any(escaped(cell).strip() for cell in row)]
    assert found == [{k: v for k, v in zip(GOOD, row, strict=True) if v} for row in kept]


@given(st.text())
def test_an_escape_is_taken_off_again(cell):
    assert unescaped(escaped(cell)) == cell


@pytest.mark.parametrize(
    "cell",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "\nx", " =1", '"=1', "'=1", "'\" =1"),
        *("＝1", "'-ing'", "=cmd|' /C calc'!A0", "\xa0=1"),
    ],
)
def test_what_a_spreadsheet_would_run_is_escaped(cell):
    assert escaped(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a=1", "'tis", "x-y", "{}", '["=1"]', " a", "5 - 3"])
def test_what_a_spreadsheet_shows_stays_as_it_is(cell):
    assert escaped(cell) == cell == unescaped(cell)


# --- JSON Lines ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b'{"a": "caf\xe9"}', ""),
        (b'{"a": "\0"}', ""),
        (b'{"a": 1', ""),
        (b"[" * 100_000, ""),
        (b'{"a": ' * 100_000, ""),
        (b'{"a": 1, "a": 2}', "a"),
        (b'{"a": {"b": 1, "c": 2, "b": 3}}', "b"),
        (b'{"a": "' + b"x" * 1_100_000 + b'"}', ""),
        (b"{'a': 1}", ""),
    ],
)
def test_only_the_bad_line_is_left_out(line, field):
    found = objects(b'{"a": 0}\n' + line + b'\n\n{"a": 0}\n')
    assert [content for _, content in found if not isinstance(content, Refusal)] == [{"a": 0}] * 2
    assert bad(found) == {2: field}


@pytest.mark.parametrize("number", ["1e999", "9" * 5_000, "-" + "9" * 30, "NaN", "-Infinity"])
def test_a_number_that_no_field_holds_is_no_finite_one(number):
    value = objects(f'{{"a": {number}}}')[0][1]["a"]
    assert not float("-inf") < value < float("inf")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_objects_may_end_with_any_line_end_behind_a_byte_order_mark(end):
    found = objects("\ufeff" + end.join(['{"a": 0}', "", " ", '{"a": 0}']))
    assert found == [(1, {"a": 0}), (4, {"a": 0})]


def test_unicode_text_of_excel_is_named():
    with pytest.raises(FileRefused, match="UTF-16"):
        objects('{"a": 0}'.encode("utf-16"))


@given(st.binary(max_size=400))
def test_no_json_fails_otherwise(data):
    try:
        found = objects(data)
    except FileRefused:
        return
    for _, content in found:
        json.dumps(content)
