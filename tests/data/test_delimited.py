import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from explorer.data.dataset import Dataset
from explorer.data.reader import load, preview
from explorer.errors import InputError


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def _read(text: str | bytes, name: str = "a.csv", **options: Any) -> Dataset:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load(path, **options)

    return _read


WIDE = "label,t0,t1,t2,t3\nup,1,2,3,4\ndown,4,3,2,1\nup,2,3,4,5\n"
UCR = "".join(f"{i % 2 + 1}\t" + "\t".join(f"{np.sin(i + j / 3):.6f}" for j in range(12)) + "\n" for i in range(8))


# Wide tables


def test_wide_with_a_label(read: Any) -> None:
    data = read(WIDE)
    np.testing.assert_array_equal(data.values[..., 0], [[1, 2, 3, 4], [4, 3, 2, 1], [2, 3, 4, 5]])
    assert data.class_names == ("down", "up")
    assert data.labels.tolist() == [1, 0, 1]
    assert data.channel_names == ("value",)
    assert data.observed is None


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(read: Any, separator: str, end: str) -> None:
    same = read(WIDE.replace(",", separator).replace("\n", end), "a.txt")
    assert same.sha256 == read(WIDE).sha256


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_names(read: Any, encoding: str) -> None:
    text = "名称,标签,频率,振幅,相位\n甲,高,1,2,3\n乙,低,4,5,6\n"
    options = {"encoding": encoding} if encoding == "gb18030" else {}
    data = read(text.encode(encoding), **options)
    assert data.names.tolist() == ["甲", "乙"]
    assert sorted(data.class_names) == ["低", "高"]
    assert data.channel_names == ("频率", "振幅", "相位")


def test_western_european_text_that_is_not_utf8(read: Any) -> None:
    assert read("Größe,Höhe\n1,2\n3,4\n".encode("cp1252")).channel_names == ("Größe", "Höhe")


def test_another_encoding_behind_the_head(read: Any) -> None:
    rows = "".join(f"{i % 7},2,3,4,a\n" for i in range(40_000))
    data = read((f"p,q,r,s,note\n{rows}1,2,3,4,é\n").encode("cp1252"))
    assert len(data) == 40_001
    assert data.class_names == ("a", "é")


def test_a_table_of_features_is_vectors(read: Any) -> None:
    header = "sepal length,sepal width,petal length,petal width,species\n"
    text = header + "5,3,1,.2,setosa\n6,3,5,2,virginica\n6,3,4,1,setosa\n"
    data = read(text)
    assert data.layout == "profile"
    assert data.channel_names == ("sepal length", "sepal width", "petal length", "petal width")
    assert data.class_names == ("setosa", "virginica")
    assert read(text, samples="series").values.shape == (3, 4, 1)
    assert read(WIDE, samples="vectors").values.shape == (3, 4)


def test_few_columns_are_points(read: Any) -> None:
    assert read("x,y\n1,2\n3,4\n5,6\n").layout == "points"
    assert read("1,2,3\n3,4,5\n").layout == "points"


def test_ucr_files_have_the_class_first(read: Any) -> None:
    data = read(UCR, "Known_TRAIN.tsv")
    assert data.values.shape == (8, 12, 1)
    assert data.class_names == ("1", "2")
    assert data.labels.tolist() == [0, 1] * 4
    old = "".join("  " + "  ".join(f"{float(cell):.7e}" for cell in row.split("\t")) + "\n" for row in UCR.splitlines())
    np.testing.assert_allclose(read(old, "Known_TRAIN.txt").values, data.values, rtol=1e-6)
    assert read(old, "Known_TRAIN.txt").class_names == ("1", "2")


def test_no_label_where_none_is_wanted(read: Any) -> None:
    assert read(UCR, "a.tsv", label_column="-").values.shape == (8, 13, 1)


def test_columns_by_name_and_by_number(read: Any) -> None:
    text = "who,f,g,h,grade\nann,1,2,3,4\nbob,5,6,7,8\ncai,5,6,7,4\n"
    data = read(text, label_column="grade", value_columns="f, h")
    assert data.class_names == ("4", "8")
    assert data.names.tolist() == ["ann", "bob", "cai"]
    assert data.values.tolist() == [[1, 3], [5, 7], [5, 7]]
    assert data.columns["g"].tolist() == [2, 6, 6]
    assert read(text, label_column="5").sha256 == read(text, label_column="grade").sha256
    with pytest.raises(InputError, match="there is no column 'age'") as told:
        read(text, label_column="age")
    assert "grade" in str(told.value)


def test_labels_with_fractions_are_a_column_to_colour_by(read: Any) -> None:
    data = read("a,b,c,d,score\n1,2,3,4,0.5\n1,2,3,5,1.5\n", label_column="score")
    assert data.labels is None
    assert data.columns["score"].tolist() == [0.5, 1.5]


def test_labels_that_are_missing(read: Any) -> None:
    assert read("label,t0,t1,t2,t3\n1,1,2,3,4\n,2,3,4,5\n2,3,4,5,6\n").labels.tolist() == [0, -1, 1]


@pytest.mark.parametrize("mark", ["", "NaN", "NA", "?", "null", " "])
def test_missing_values_are_kept_as_missing(read: Any, mark: str) -> None:
    data = read(f"1,2,{mark},4,5\n6,7,8,9,10\n")
    assert np.argwhere(np.isnan(data.values)).tolist() == [[0, 2, 0]]
    np.testing.assert_array_equal(data.observed, ~np.isnan(data.values))
    assert data.lengths is None


def test_missing_values_at_the_end_are_shorter_series(read: Any) -> None:
    data = read("1,2,4,4,5\n6,7,8,NaN,NaN\n")
    assert data.lengths.tolist() == [5, 3]


def test_header_of_numbers_is_times(read: Any) -> None:
    data = read("label,0.00,0.02,0.04,0.06\na,1,2,3,5\nb,4,3,2,2\n")
    assert data.sampling_rate == pytest.approx(50)
    np.testing.assert_allclose(data.time_axis, [0, 0.02, 0.04, 0.06])
    counted = read("label,0,1,2,3\na,1,2,3,5\nb,4,3,2,2\n")
    assert counted.sampling_rate is None
    assert read("0,1,2,3\n1,2,4,4\n3,1,2,2\n").values.shape == (2, 4, 1)  # as pandas writes an array
    uneven = read("label,0,1,2,10\na,1,2,3,5\nb,4,3,2,2\n")
    np.testing.assert_allclose(uneven.time_axis, [0, 1, 2, 10])


def test_header_can_be_said(read: Any) -> None:
    assert len(read("1,2,3,4\n5,6,7,9\n8,8,8,8\n", header=True)) == 2
    assert len(read("1,2,3,4\n2,3,4,7\n", header=False)) == 2


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_line_that_tells_spreadsheets_the_delimiter(read: Any, separator: str) -> None:
    table = "sep=,\r\na,b,c\r\n1,2,3\r\n4,5,6\r\n".replace(",", separator)
    data = read(table)
    assert data.channel_names == ("a", "b", "c")
    np.testing.assert_array_equal(data.values, [[1, 2, 3], [4, 5, 6]])
    with pytest.raises(InputError, match="row 4"):
        read(table.replace("5", "x"), value_columns="b")


def test_grouped_digits_are_named_where_no_number_is_found(read: Any) -> None:
    with pytest.raises(InputError) as caught:
        read("a;b\n1.000,5;2.000,25\n3.000,5;4.000,25\n")
    assert "1,000" in str(caught.value)


def test_decimal_commas(read: Any) -> None:
    data = read("1,5;2,5;3,5;4\n2,5;3,5;4,5;5\n")
    np.testing.assert_allclose(data.values[..., 0], [[1.5, 2.5, 3.5, 4], [2.5, 3.5, 4.5, 5]])


def test_quotes_comments_indices_and_trailing_delimiters(read: Any) -> None:
    assert read('"label","t0","t1","t2","t3"\n"a, b","1","2","3","4"\n"c","1","2","3","4"\n').class_names == (
        "a, b",
        "c",
    )
    assert read("# made by hand\n# today\n1 2 3 5\n2 3 4 7\n", "a.txt").values.shape == (2, 4, 1)
    indexed = read(",f1,f2,f3,f4\n0,1,2,3,4\n1,5,6,7,8\n")
    assert indexed.values.shape == (2, 4, 1)
    assert indexed.names.tolist() == ["0", "1"]
    assert read("1,2,3,4,\n2,3,4,6,\n").values.shape == (2, 4, 1)


def test_one_column_is_one_recording_unless_said(read: Any) -> None:
    assert read("1\n2\n4\n").values.shape == (1, 3, 1)
    assert read("1\n2\n4\n", layout="wide").values.shape == (3, 1)


# Long tables

LONG = "id,time,volt,amp\na,0.0,1,10\na,0.5,2,20\nb,0.0,3,30\nb,0.5,4,40\nb,1.0,5,50\n"


def test_long_is_one_sample_a_name(read: Any) -> None:
    data = read(LONG)
    assert data.values.shape == (2, 3, 2)
    assert data.names.tolist() == ["a", "b"]
    assert data.channel_names == ("volt", "amp")
    assert data.sampling_rate == 2
    assert data.lengths.tolist() == [2, 3]
    np.testing.assert_array_equal(data.values[1], [[3, 30], [4, 40], [5, 50]])
    assert np.isnan(data.values[0, 2]).all()


def test_long_rows_in_any_order(read: Any) -> None:
    head, *rows = LONG.splitlines()
    shuffled = "\n".join([head, *(rows[i] for i in (3, 1, 0, 4, 2))]) + "\n"
    data = read(shuffled)
    assert data.names.tolist() == ["b", "a"]
    np.testing.assert_array_equal(data.values[1, :2], [[1, 10], [2, 20]])
    np.testing.assert_array_equal(data.values[0], [[3, 30], [4, 40], [5, 50]])


def test_long_labels_and_facts_are_per_sample(read: Any) -> None:
    data = read("id,time,v,class,ward\na,0,1,ill,x\na,1,2,ill,x\nb,0,3,well,y\nb,1,4,well,y\n")
    assert data.class_names == ("ill", "well")
    assert data.labels.tolist() == [0, 1]
    assert data.columns["ward"].tolist() == ["x", "y"]


def test_a_label_for_each_step_of_a_recording_is_a_mask(read: Any) -> None:
    text = "timestamp,value,label\n2024-01-01 00:00:00,1,0\n2024-01-01 00:01:00,2,1\n2024-01-01 00:02:00,3,0\n"
    data = read(text)
    assert data.channel_names == ("value",)
    assert data.masks.tolist() == [[0, 1, 0]]
    assert read(text, step_column="-").channel_names == ("value", "label")


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [
        ("2024-01-01 00:00:00", "2024-01-01 00:00:10", "2024-01-01 00:00:20"),
        ("2024-01-01T00:00:00Z", "2024-01-01T00:00:10Z", "2024-01-01T00:00:20Z"),
        ("31/12/2023 23:59:50", "01/01/2024 00:00:00", "01/01/2024 00:00:10"),
        ("12/01/2023 23:59:50", "13/01/2023 00:00:00", "13/01/2023 00:00:10"),
        ("31.12.2023 23:59:50", "01.01.2024 00:00:00", "01.01.2024 00:00:10"),
        ("1704067200", "1704067210", "1704067220"),
    ],
)
def test_times_become_a_sampling_rate(read: Any, first: str, second: str, third: str) -> None:
    data = read(f"timestamp,v\n{first},1\n{second},2\n{third},4\n")
    assert data.values[..., 0].tolist() == [[1, 2, 4]]
    assert data.sampling_rate == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("name", "rate"), [("time_ms", 500), ("time (s)", 0.5), ("hours", 1 / 7200), ("step", None), ("t", None)]
)
def test_units_of_time(read: Any, name: str, rate: float | None) -> None:
    data = read(f"{name},v,w\n0,1,5\n2,2,6\n4,4,7\n")
    assert data.values.shape == (1, 3, 2)
    assert data.sampling_rate == (None if rate is None else pytest.approx(rate))


def test_steps_left_out_of_an_even_grid_are_missing(read: Any) -> None:
    data = read("time,v\n" + "".join(f"{t},{t}\n" for t in (0, 1, 2, 3, 5, 6, 7)))
    assert data.sampling_rate == 1
    np.testing.assert_array_equal(data.values[0, :, 0], [0, 1, 2, 3, np.nan, 5, 6, 7])


def test_rounded_times_are_even(read: Any) -> None:
    data = read("time,v\n" + "".join(f"{i / 30:.3f},{i}\n" for i in range(300)))
    assert data.values.shape == (1, 300, 1)
    assert data.sampling_rate == pytest.approx(30, rel=1e-4)


def test_uneven_times_are_kept_where_shared(read: Any) -> None:
    data = read("id,time,v\na,0,1\na,1,2\na,1.7,3\nb,0,4\nb,1,5\nb,1.7,6\n")
    np.testing.assert_allclose(data.time_axis, [0, 1, 1.7])
    with pytest.raises(InputError, match="no sampling rate"):
        read("time,v\n0,1\n1,2\n1.7,3\n", sampling_rate=2)


def test_each_sample_may_have_times_of_its_own(read: Any) -> None:
    data = read("id,time,v\na,0,1\na,1,2\na,1.7,3\nb,0.3,4\nb,0.5,5\n")
    assert data.irregular
    np.testing.assert_allclose(data.times, [[0, 1, 1.7], [0.3, 0.5, np.nan]])
    assert data.lengths.tolist() == [3, 2]
    days = read("id,date,v\na,2024-01-01,1\na,2024-01-02,2\na,2024-01-05,3\nb,2025-03-01,4\nb,2025-03-08,5\n")
    np.testing.assert_allclose(days.times / 86400, [[0, 1, 4], [0, 7, np.nan]])  # years apart: from the first of each
    with pytest.raises(InputError, match=r"sample 'b'.*time stands still: step 2 is at 0.5"):
        read("id,time,v\na,0,1\na,1,2\na,1.7,3\nb,0.3,4\nb,0.5,5\nb,0.5,6\n", time_column="time")


def test_long_without_times(read: Any) -> None:
    data = read("id,v\na,1\na,2\na,3\nb,4\nb,5\n")
    assert data.lengths.tolist() == [3, 2]
    assert read("id,time,v\na,0,1\na,9,2\nb,0,3\nb,1,4\n", time_column="-", layout="long").values.shape == (2, 2, 2)


# What is wrong with a file is told with its place


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("1,2,3\n4,5\n6,7,8\n", "row 2", "this row has 2 columns where the others have 3"),
        ("1,2,3\n4,5,6\n6,7,8,9\n", "row 3", "this row has 4 columns where the others have 3"),
        ("a,b,c\n1,2,3\n\n4,five,6\n7,8,9\n", "row 4, column 'b'", "'five' is not a number"),
        ("1,2,3\n4,five,6\n7,8,9\n", "row 2, column 2", "'five' is not a number"),
        ("a,b,c\n1,2,3\n4,inf,6\n", "row 3, column 'b'", "infinite"),
        ("a,b,c\n1,2,3\n4,1e300,6\n", "row 3, column 'b'", "too large"),
        ("a,b,c\n1,,3\n4,,6\n", "column 'b'", "no value in this column"),
        ("a,b,c\n1,2,3\n,,\n", "row 3", "no value in this sample"),
        ("a,b,c\n", None, "no rows below the header"),
        ("time,v\n0,1\nsoon,2\n2,3\n", "row 3, column 'time'", "'soon' is not a time"),
        ("time,v\n2024-01-01,1\nsoon,2\n2024-01-03,3\n", "row 3, column 'time'", "'soon' is not a time"),
        ("time,v\n0,1\n,2\n2,3\n", "row 3, column 'time'", "the time is missing"),
        ("id,time,v\na,0,1\n,1,2\na,2,3\n", "row 3, column 'id'", "the name of the sample is missing"),
        ("name,colour\nann,red\nbob,blue\n", None, "no column of numbers"),
        ("\n \n", None, "the file is empty"),
    ],
)
def test_mistakes_are_told_with_their_place(read: Any, text: str, place: str | None, said: str) -> None:
    with pytest.raises(InputError, match=said) as told:
        read(text)
    assert told.value.place == place
    assert str(told.value.source).endswith("a.csv")
    assert told.value.remedy


def test_mistakes_far_down_are_found(read: Any) -> None:
    rows = [f"{i},2,3,4,5.5" for i in range(60_000)]
    for broken, said in (("1,2,3", "3 columns"), ("1,2,3,4,5,6", "6 columns"), ("1,2,x,4,5.5", "'x' is not a number")):
        text = "\n".join([*rows[:50_000], broken, *rows[50_000:]])
        with pytest.raises(InputError, match=said) as told:
            read(text)
        assert told.value.place.startswith("row 50001")


def test_binary_files_are_told(read: Any) -> None:
    with pytest.raises(InputError, match="not a text file"):
        read(b"PK\x03\x04\x00\x00")
    with pytest.raises(InputError, match="not in the encoding utf-8"):
        read("é,1\n".encode("latin-1") * 3, encoding="utf-8")


def test_wrong_options_are_told(read: Any) -> None:
    with pytest.raises(InputError, match="has no parameter 'labels'"):
        read(WIDE, labels="x")
    with pytest.raises(InputError, match="'layout' cannot be 'tall'"):
        read(WIDE, layout="tall")
    with pytest.raises(InputError, match="changes within a sample"):
        read(LONG, label_column="volt")


# Previews


def test_preview_of_a_huge_file_reads_only_its_head(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "huge.csv"
    row = ",".join(f"{i / 7:.5f}" for i in range(100)) + "\n"
    path.write_text("label," + ",".join(f"t{i}" for i in range(100)) + "\n" + f"a,{row}b,{row}" * 3000)
    seen = 0
    true_read = os.read

    def counted(descriptor: int, size: int) -> bytes:
        nonlocal seen
        seen += size
        return true_read(descriptor, size)

    monkeypatch.setattr(os, "read", counted)
    looked = preview(path)
    assert seen < 1_000_000
    assert looked.summary == "about 6,000 samples × 100 steps, 2 classes so far"
    assert looked.options["label_column"] == "label"
    assert looked.options["layout"] == "wide"
    assert len(looked.rows) == 20


def test_preview_tells_what_a_person_wants_to_know(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(LONG)
    looked = preview(path)
    assert looked.header == ("id", "time", "volt", "amp")
    assert looked.rows[1] == ("a", "0.5", "2", "20")
    assert looked.summary == "2 samples × up to 3 steps × 2 channels, 2 Hz"
    wanted = {"layout": "long", "id_column": "id", "time_column": "time", "label_column": "-", "sampling_rate": 2.0}
    assert wanted.items() <= looked.options.items()
    path.write_text(UCR)
    assert preview(path).header[0] == "column 1"
    assert preview(path).options["label_column"] == "column 1"
    assert preview(path, options={"label_column": "-"}).options["label_column"] == "-"


# The class of each step


STEPS = "id,time,value,anomaly\na,0,1.5,0\na,1,2.5,1\na,2,3.5,1\nb,0,4.5,0\nb,1,5.5,0\n"


def test_a_long_table_may_tell_the_class_of_each_step(read: Any) -> None:
    data = read(STEPS)
    assert data.values[..., 0].tolist()[0] == [1.5, 2.5, 3.5]
    assert data.masks.tolist() == [[0, 1, 1], [0, 0, -1]]
    assert data.mask_names == ("0", "1")
    assert data.lengths.tolist() == [3, 2]
    channel = read(STEPS, step_column="-")
    assert channel.masks is None
    assert channel.channel_names == ("value", "anomaly")
    assert preview(Path(data.origin.path)).options["step_column"] == "anomaly"


def test_classes_of_steps_by_name(read: Any) -> None:
    text = STEPS.replace("anomaly", "state").replace(",0\n", ",rest\n").replace(",1\n", ",fall\n")
    data = read(text, step_column="state")
    assert data.masks.tolist() == [[0, 1, 1], [0, 0, -1]]
    assert data.mask_names == ("rest", "fall")  # the most frequent is the background
    normal = read(text.replace("fall", "normal"), step_column="state")
    assert normal.mask_names == ("normal", "rest")
    gaps = read(text.replace("2.5,fall", "2.5,"), step_column="state")
    assert gaps.masks.tolist() == [[0, -1, 1], [0, 0, -1]]


def test_labels_that_change_within_a_sample_are_those_of_its_steps(read: Any) -> None:
    data = read(STEPS.replace("anomaly", "label"))
    assert data.labels is None
    assert data.masks.tolist() == [[0, 1, 1], [0, 0, -1]]
    whole = read("id,time,value,label\na,0,1.5,0\na,1,2.5,0\nb,0,4.5,1\nb,1,5.5,1\n")
    assert whole.labels.tolist() == [0, 1]
    assert whole.masks is None


def test_step_columns_that_cannot_be_are_told(read: Any) -> None:
    with pytest.raises(InputError, match="with fractions"):
        read(STEPS.replace("1.5,0", "1.5,0.5"), step_column="anomaly")
    with pytest.raises(InputError, match="a wide table has no column"):
        read(WIDE, layout="wide", step_column="t1")
    with pytest.raises(InputError, match="all are missing"):
        read("id,time,value,anomaly\na,0,1.5,\na,1,2.5,\n", step_column="anomaly")
