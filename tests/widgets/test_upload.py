"""Receiving a file piece by piece on Python's side, also from a browser that lies."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.errors import LoadError
from workbench.widgets import Upload, safe_name
from workbench.widgets import upload as module


class Sender:
    """A browser that sends what it is told to and remembers the answers."""

    def __init__(self, upload: Upload) -> None:
        self.upload, self.answers = upload, []
        upload.send = lambda content, *_: self.answers.append(content)

    def tell(self, *buffers: bytes, **message: object) -> dict | None:
        before = len(self.answers)
        self.upload._take_message(self.upload, {"ticket": "1", **message}, [memoryview(one) for one in buffers])
        return self.answers[-1] if len(self.answers) > before else None


@pytest.fixture
def received() -> list[tuple[str, bytes]]:
    return []


@pytest.fixture
def sender(received: list):
    upload = Upload(lambda path, name: received.append((name, path.read_bytes())), largest=100, lang="en")
    yield Sender(upload)
    upload.close()


def test_a_file_arrives_whole_after_its_last_piece(sender: Sender, received: list):
    assert sender.tell(**{"is": "begin"}, name="订单.csv", size=5) == {"is": "next", "offset": 0, "ticket": "1"}
    assert sender.tell(b"ab\n", **{"is": "piece"}, offset=0) == {"is": "next", "offset": 3, "ticket": "1"}
    assert received == []
    assert sender.tell(b"cd", **{"is": "piece"}, offset=3) == {"is": "done", "ticket": "1"}
    assert received == [("订单.csv", b"ab\ncd")]


def test_the_folder_is_private_and_goes_with_the_widget(sender: Sender):
    sender.tell(**{"is": "begin"}, name="a.csv", size=0)
    (path,) = sender.upload.received
    assert path.parent.stat().st_mode & 0o077 == 0
    sender.upload.close()
    assert not path.parent.parent.exists()


def test_two_files_of_one_name_do_not_meet(sender: Sender):
    for _ in range(2):
        sender.tell(**{"is": "begin"}, name="a.csv", size=0)
    one, other = sender.upload.received
    assert one != other
    assert one.name == other.name == "a.csv"


@pytest.mark.parametrize(
    "pieces",
    [[(0, b"")], [(1, b"a")], [(0, b"abcdef")], [(0, b"ab"), (0, b"ab")], [(None, b"a")], [(-1, b"a")], [("0", b"a")]],
    ids=["empty", "gap", "more than announced", "again", "nowhere", "before", "text"],
)
def test_a_piece_out_of_order_gives_the_file_up(sender: Sender, received: list, pieces: list):
    sender.tell(**{"is": "begin"}, name="a.csv", size=5)
    for offset, piece in pieces:
        answer = sender.tell(piece, **{"is": "piece"}, offset=offset)
    assert answer["is"] == "complaint"
    assert "did not arrive whole" in answer["text"]
    assert received == []
    assert sender.tell(b"abcde", **{"is": "piece"}, offset=0) is None


@pytest.mark.parametrize("size", [-1, 101, 1.5, "5", None, True])
def test_a_size_that_cannot_be_is_refused_before_anything_is_written(sender: Sender, size: object):
    assert sender.tell(**{"is": "begin"}, name="a.csv", size=size)["is"] == "complaint"
    assert not any(path.is_file() for path in Path(sender.upload._folder.name).rglob("*"))


def test_a_cancelled_file_leaves_nothing_and_the_next_one_arrives(sender: Sender, received: list):
    sender.tell(**{"is": "begin"}, name="a.csv", size=5)
    sender.tell(b"ab", **{"is": "piece"}, offset=0)
    assert sender.tell(**{"is": "cancel"}) is None
    assert not any(path.is_file() for path in Path(sender.upload._folder.name).rglob("*"))
    sender.tell(**{"is": "begin"}, name="b.csv", size=1)
    sender.tell(b"b", **{"is": "piece"}, offset=0)
    assert received == [("b.csv", b"b")]


def test_a_kind_that_is_not_offered_is_refused(received: list):
    sender = Sender(Upload(accept=[".csv"], lang="en"))
    assert "Read are: .csv" in sender.tell(**{"is": "begin"}, name="a.exe", size=1)["text"]
    assert sender.tell(**{"is": "begin"}, name="A.CSV", size=1)["is"] == "next"
    sender.upload.close()


def test_the_readers_mistake_is_said_in_words_and_ours_only_logged(caplog: pytest.LogCaptureFixture):
    def read(path: Path, name: str) -> None:
        raise LoadError("upload_broken") if name == "theirs.csv" else RuntimeError("secret detail")

    sender = Sender(Upload(read, lang="en"))
    assert "did not arrive whole" in sender.tell(**{"is": "begin"}, name="theirs.csv", size=0)["text"]
    answer = sender.tell(**{"is": "begin"}, name="ours.csv", size=0)
    assert "secret detail" not in answer["text"]
    assert "secret detail" in caplog.text
    sender.upload.close()


def test_a_full_disk_is_said_in_words(sender: Sender, monkeypatch: pytest.MonkeyPatch):
    class Full:
        def write(self, _: bytes) -> None:
            raise OSError(28, "No space left on device")

        def close(self) -> None:
            return None

    sender.tell(**{"is": "begin"}, name="a.csv", size=5)
    sender.upload._receiving.close()
    monkeypatch.setattr(sender.upload._receiving, "_file", Full())
    assert "no room" in sender.tell(b"ab", **{"is": "piece"}, offset=0)["text"]


@pytest.mark.parametrize(
    ("given", "bare"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\订单 2024.csv", "订单 2024.csv"),
        ("C:\\data\\a.csv", "a.csv"),
        ("C:a.csv", "a.csv"),
        ("..", "file"),
        ("", "file"),
        (None, "file"),
        ("a\x00b\n.csv", "ab.csv"),
        (".bashrc", "bashrc"),
        ("a|b?.csv", "a_b_.csv"),
        ("cod\u202evsc.exe", "codvsc.exe"),
    ],
)
def test_a_name_loses_its_path_and_what_no_name_should_hold(given: object, bare: str):
    assert safe_name(given) == bare


def test_a_long_name_is_cut_and_keeps_its_ending():
    assert len(safe_name("客" * 500 + ".xlsx")) == module.LONGEST_FILE_NAME + 5
    assert safe_name("客" * 500 + ".xlsx").endswith("客.xlsx")
