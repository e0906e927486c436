"""Copies of the lessons in a folder of the learner's own, where nothing that they changed is ever overwritten."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path

from workbench.errors import ChoiceError
from workbench.samples import generate
from workbench.serving.shipped import is_checkout, shipped_notebooks

USUAL_FOLDER = Path("lessons")
COPIED = ".copied.sha256"
"""Beside the notebooks: which version of each was copied last, in the format of `sha256sum`."""


@dataclass(frozen=True)
class OwnLessons:
    """Where somebody's notebooks are, and the new versions that were put beside those they had changed."""

    folder: Path
    beside: tuple[str, ...] = ()


def own_lessons(folder: Path | str | None = None, *, solutions: bool = False) -> OwnLessons:
    """Return the notebooks a person may edit: those of a checkout, or up-to-date copies in `folder` (./lessons).

    The copies lie in `notebooks`, with the sample company's files in `sample_data` beside it, as the lessons expect.
    The worked exercises come along only with `solutions`. ChoiceError where the folder cannot be written to.
    """
    shipped = shipped_notebooks()
    if folder is None and is_checkout():
        return OwnLessons(shipped)
    course = Path(folder or USUAL_FOLDER).resolve()
    try:
        _make_sample_data(course / "sample_data")
        return OwnLessons(course / "notebooks", copy_notebooks(shipped, course / "notebooks", solutions=solutions))
    except OSError as fault:
        raise ChoiceError("lessons_not_copied", folder=course, fault=fault.strerror or "") from fault


def copy_notebooks(shipped: Path, own: Path, *, solutions: bool = False) -> tuple[str, ...]:
    """Copy what is not there and bring up to date what nobody changed; return the names put beside changed ones.

    A notebook that was changed stays as it is. When a version newer than its own is shipped, that one is put beside
    it, once. A notebook that was deleted or renamed is copied afresh.
    """
    copied = _read_copied(own / COPIED)
    beside = []
    for path in [*sorted(shipped.glob("*.ipynb")), *(sorted(shipped.glob("solutions/*.ipynb")) if solutions else [])]:
        name, content = path.relative_to(shipped).as_posix(), path.read_bytes()
        target, before, now = own / name, copied.get(name), _digest(content)
        held = _digest(target.read_bytes()) if target.exists() else None
        if held != now and held in (None, before):
            _write(target, content)
        elif now not in (held, before):
            target = _free_name(target)
            _write(target, content)
            beside.append(target.relative_to(own).as_posix())
        copied[name] = now
    _write(own / COPIED, "".join(f"{digest}  {name}\n" for name, digest in sorted(copied.items())).encode())
    return tuple(beside)


def _make_sample_data(folder: Path) -> None:
    """Make the sample company's files where there are none: all of them, or nothing if it is interrupted."""
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as draft:
        generate(Path(draft) / folder.name)
        (Path(draft) / folder.name).rename(folder)


def _read_copied(record: Path) -> dict[str, str]:
    """Read which versions were copied; a record that is gone or damaged only means that less is known."""
    text = record.read_text(encoding="utf-8", errors="replace") if record.is_file() else ""
    lines = (line.partition("  ") for line in text.splitlines())
    return {name: digest for digest, _, name in lines}


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _free_name(path: Path) -> Path:
    """Return a name beside `path` that is not taken: 02_rfm_new.ipynb, else 02_rfm_new2.ipynb and so on."""
    names = (path.with_stem(f"{path.stem}_new{number if number > 1 else ''}") for number in count(1))
    return next(name for name in names if not name.exists())


def _write(path: Path, content: bytes) -> None:
    """Write a file whole: who is interrupted finds the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.part")
    draft.write_bytes(content)
    draft.replace(path)
