"""A crowd at the managers' pages: what it leaves behind, and what another viewer notices of it.

python -m benchmarks.soak [--scale 0.1] [--store crm.store]

Serves the published sample company and lets come, one after another: pages opened and closed, connections that say or
read nothing, a flood of messages, many viewers at once until the house is full, a killed kernel, malformed messages, a
restart under an open page. Pages and viewers come a second time, since only what grows from one crowd to the next grows
without an end. One viewer sits there calmly meanwhile and moves a filter. Every line of the table says what was asked
for and whether it was met; the command fails where one was not.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from urllib.error import HTTPError
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import Browser, Page, sync_playwright
from websockets.exceptions import ConnectionClosed

from benchmarks.browser import CHROMIUM, FLAGS
from benchmarks.report import MEBIBYTE, machine
from tests.browser.servers import Server, dashboards, free_port, started
from tests.browser.sockets import MALFORMED, Intruder, kernel_of
from tests.browser.visitors import Visitor
from workbench.serving.shipped import shipped_dashboards

PAGE = "overview"
FIGURES = "wb-figure"
"""What the markup of the key figures holds."""
PATIENCE_MS = 120_000
"""For a page to show its figures in Chromium."""
STEADY_SECONDS = 10
"""So long no process comes or goes before the first measurement."""
REGIONS: tuple[list[int], ...] = ([0], [1], [])
"""The settings of the region between which the calm viewer and the flood move; each has figures of its own."""


@dataclass(frozen=True)
class Bounds:
    """What is asked for. Seconds are those of the clock; a machine that is busy with other things needs more."""

    gone_seconds: float = 120
    """From the last sign of a viewer to the end of its kernel, and of a connection without a request to its close."""
    told_seconds: float = 30
    """From a kernel's end to the sentence on its page."""
    answer_seconds: float = 60
    """The longest answer of the calm viewer."""
    grown_mb: float = 40
    """Of the server's memory, from the time after one crowd to the time after the next, or over the only one."""
    grown_descriptors: int = 8


@dataclass(frozen=True)
class Finding:
    """One line of the table."""

    trial: str
    found: str
    is_met: bool


@dataclass(frozen=True)
class Usage:
    """What the server holds: all its processes, its own descriptors and memory, and files among the temporary ones."""

    processes: int
    descriptors: int
    megabytes: float
    files: int

    def __str__(self) -> str:
        return (
            f"{self.processes} processes, {self.descriptors} descriptors, {self.megabytes:.0f} MB, {self.files} files"
        )


@dataclass(frozen=True)
class House:
    """A server with its pages, and what is known of it from outside."""

    server: Server
    temporary: Path
    places: int
    scale: float
    bounds: Bounds

    def many(self, number: int) -> int:
        """Scale a number of trials."""
        return max(1, round(number * self.scale))

    @property
    def process(self) -> psutil.Process:
        """The server's own process."""
        port = urlsplit(self.server.address).port
        return next(one for one in psutil.Process().children() if listens(one, port))

    def usage(self) -> Usage:
        """Measure what the server holds now."""
        process = self.process
        files = sum(len(names) for _, _, names in os.walk(self.temporary))
        memory = process.memory_info().rss / MEBIBYTE
        return Usage(len(process.children(recursive=True)), process.num_fds(), memory, files)

    def rest(self, before: Usage) -> tuple[Usage, float]:
        """Wait until no more is held than before, as long as may be; return what is held then, and the seconds."""
        start = time.monotonic()
        while True:
            usage, seconds = self.usage(), time.monotonic() - start
            if self.is_as(before, usage) or seconds > self.bounds.gone_seconds:
                return usage, seconds
            time.sleep(0.5)

    def is_as(self, before: Usage, now: Usage) -> bool:
        """Say whether processes, descriptors and files are no more than before."""
        descriptors = now.descriptors <= before.descriptors + self.bounds.grown_descriptors
        return now.processes <= before.processes and now.files <= before.files and descriptors

    def process_of(self, kernel: str) -> psutil.Process:
        """Find a kernel's process by the port it listens on: all are forked alike."""
        file = next(self.temporary.rglob(f"kernel-{kernel}.json"))
        port = json.loads(file.read_text(encoding="utf-8"))["shell_port"]
        return next(one for one in self.process.children(recursive=True) if listens(one, port))


def listens(process: psutil.Process, port: int | None) -> bool:
    """Say whether a process listens on a port."""
    with suppress(psutil.Error):
        return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in process.net_connections())
    return False


class Seat:
    """A viewer at a page, as its script would be: moves the region, and reads the key figures of the answer."""

    def __init__(self, intruder: Intruder) -> None:
        self.intruder = intruder
        states = intruder.states()
        self._banner = next(name for name, one in states.items() if "answered" in one)
        self._region = next(name for name, one in states.items() if "ticked" in one)
        self._figures = next(name for name, one in states.items() if FIGURES in str(one.get("value", "")))

    def tick(self, region: list[int]) -> None:
        """Choose regions, and wait for nothing."""
        self.intruder.tell(self._region, {"method": "update", "state": {"ticked": region}, "buffer_paths": []})

    def wait(self, seconds: float) -> None:
        """Wait until the page says that it has answered."""
        self.intruder.heard(self._is_answer, seconds)

    def _is_answer(self, told: dict) -> bool:
        content = told["content"]
        return content.get("comm_id") == self._banner and "answered" in content["data"].get("state", {})

    def figures(self) -> str:
        """Read the key figures that the page shows."""
        return str(self.intruder.state(self._figures)["value"])

    def moved(self, region: list[int], seconds: float) -> tuple[str, float]:
        """Choose regions; return the figures, and the seconds until they stood."""
        start = time.monotonic()
        self.tick(region)
        self.wait(seconds)
        return self.figures(), time.monotonic() - start


class CalmViewer(threading.Thread):
    """Moves a filter again and again, whatever the others do; knows what its figures are where nobody else is there."""

    def __init__(self, house: House) -> None:
        super().__init__(daemon=True)
        self._house, self._leaves = house, threading.Event()
        self.expected: list[str] = []
        self.quiet: list[float] = []
        self.answers: list[float] = []
        self.wrong = 0
        self.failed = ""
        self.is_seated = threading.Event()

    def run(self) -> None:
        """Sit down, learn the figures, then move until it is time to leave."""
        try:
            self._sit()
        except Exception as error:  # noqa: BLE001  whatever it is, it is what the viewer noticed
            self.failed = f"{type(error).__name__}: {error}"
        self.is_seated.set()

    def _sit(self) -> None:
        visitor, most = Visitor(self._house.server), self._house.bounds.answer_seconds
        kernel = visitor.open(PAGE)
        with visitor.joined(kernel) as intruder:
            seat = Seat(intruder)
            for region in REGIONS:
                figures, seconds = seat.moved(region, most)
                self.expected.append(figures)
                self.quiet.append(seconds)
            self.is_seated.set()
            while not self._leaves.wait(0.5):
                place = len(self.answers) % len(REGIONS)
                figures, seconds = seat.moved(REGIONS[place], most)
                self.wrong += figures != self.expected[place]
                self.answers.append(seconds)
        visitor.close(kernel)

    def leave(self) -> Finding:
        """Go home; say what was noticed."""
        self._leaves.set()
        self.join(self._house.bounds.answer_seconds + 10)
        slowest, quiet = max(self.answers, default=0.0), max(self.quiet, default=0.0)
        found = f"{len(self.answers)} answers, {self.wrong} wrong, slowest {slowest:.1f} s (alone {quiet:.1f} s)"
        is_well = bool(self.answers) and not self.wrong and slowest <= self._house.bounds.answer_seconds
        return Finding("another viewer meanwhile", self.failed or found, is_well and not self.failed)


def pages_opened_and_closed(house: House) -> Finding:
    """One page again and again: every second visitor closes it, the others vanish without a word."""
    number, slowest = house.many(100), 0.0
    for one in range(number):
        visitor, start = Visitor(house.server), time.monotonic()
        kernel = visitor.open_before_long(house.bounds.gone_seconds)
        with visitor.joined(kernel):
            slowest = max(slowest, time.monotonic() - start)
        if one % 2:
            visitor.close(kernel)
    return Finding(f"a page opened and closed, {number} times", f"all opened, the slowest in {slowest:.1f} s", True)


def slow_connections(house: House) -> Finding:
    """Half a head, half a body, an answer that nobody reads, silence: others get in, and all are hung up on."""
    host = urlsplit(house.server.address).netloc
    page = f"GET /workbench/static/vega.js HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    body = f"POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n\r\npass".encode()
    sent = (b"GET / HTTP/1.1\r\nHost: ", body, page * 20, b"")
    number, before, start = house.many(200), house.process.num_fds(), time.monotonic()
    with ExitStack() as stack:
        for one in range(number):
            slow = stack.enter_context(socket.socket())
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.connect(("127.0.0.1", int(host.rpartition(":")[2])))
            slow.sendall(sent[one % len(sent)])
        time.sleep(1)
        held = house.process.num_fds() - before
        asked = time.monotonic()
        Visitor(house.server)._opener.open(house.server.page("")).close()
        answered = time.monotonic() - asked
        while (left := house.process.num_fds() - before) > house.bounds.grown_descriptors:
            if time.monotonic() - start > house.bounds.gone_seconds:
                break
            time.sleep(0.5)
    seconds = time.monotonic() - start
    found = f"{held} held, {max(0, left)} left after {seconds:.0f} s; the list of pages meanwhile in {answered:.1f} s"
    is_met = left <= house.bounds.grown_descriptors and answered < house.bounds.told_seconds
    return Finding(f"{number} slow connections", found, is_met)


def flood(house: House, expected: Sequence[str]) -> Finding:
    """Messages of a filter without waiting for an answer: the last one wins, and they are not answered one by one."""
    number, visitor = house.many(10_000), Visitor(house.server)
    kernel = visitor.open_before_long()
    with visitor.joined(kernel) as intruder:
        seat, start = Seat(intruder), time.monotonic()
        for one in range(number - 1):
            seat.tick(REGIONS[one % len(REGIONS)])
        seat.tick(REGIONS[1])
        all_read = intruder.send("kernel_info_request", {})
        answers = 0

        def is_read(told: dict) -> bool:
            nonlocal answers
            answers += seat._is_answer(told)
            return told["parent_header"].get("msg_id") == all_read and told["msg_type"] == "kernel_info_reply"

        intruder.heard(is_read, 600)
        seat.wait(house.bounds.answer_seconds)
        seconds, wins = time.monotonic() - start, seat.figures() == expected[1]
    visitor.close(kernel)
    last = "the last one won" if wins else "ANOTHER ONE WON"
    found = f"{last}, {answers + 1} computed, the last stood after {seconds:.1f} s"
    return Finding(f"{number:,} messages of a filter", found, wins and answers <= number // 100)


def full_house(house: House) -> list[Finding]:
    """Many viewers at one moment; then one more than there are places, who is told so in both languages."""
    number, seats, refused = house.many(30), list[tuple[Visitor, str]](), list[str]()
    seconds: list[float] = []

    def come() -> None:
        visitor, start = Visitor(house.server), time.monotonic()
        try:
            kernel = visitor.open(PAGE)
            with visitor.joined(kernel) as intruder:
                Seat(intruder)
        except Exception as error:  # noqa: BLE001  any is a viewer without a page
            refused.append(f"{type(error).__name__}: {error}")
        else:
            seats.append((visitor, kernel))
            seconds.append(time.monotonic() - start)

    viewers = [threading.Thread(target=come) for _ in range(number)]
    for one in viewers:
        one.start()
    for one in viewers:
        one.join()
    waited = f"half of them within {median(seconds or [0]):.1f} s, the slowest in {max(seconds, default=0):.1f} s"
    at_once = f"{len(seats)} got the page, {waited} {' '.join(refused[:1])}".strip()
    said = refusal(house)
    for visitor, kernel in seats:
        with suppress(HTTPError):  # one that was silent is ended by the server itself
            visitor.close(kernel)
    is_told = "打开的页面过多" in said and "Too many pages are open" in said
    return [
        Finding(f"{number} viewers at once", at_once, not refused),
        Finding("one more than there are places", "told so in both languages" if is_told else said[:100], is_told),
    ]


def refusal(house: House) -> str:
    """Open pages until there is no place left; return what the visitor then reads."""
    with ExitStack() as stack:
        for _ in range(house.places + 1):
            visitor = Visitor(house.server)
            try:
                kernel = visitor.open(PAGE)
            except HTTPError as error:
                return error.read().decode() if error.code == 503 else f"{error.code}"
            stack.callback(visitor.close, kernel)
            stack.enter_context(visitor.joined(kernel))
    return "nobody was refused"


def malformed(house: House) -> Finding:
    """Messages that are none: each closes its own web socket, and the kernel answers the next viewer."""
    visitor, closed = Visitor(house.server), 0
    kernel = visitor.open_before_long()
    for message in MALFORMED:
        with visitor.joined(kernel) as intruder:
            intruder.socket.send(message)
            try:
                intruder.heard(lambda _: False, house.bounds.told_seconds)
            except ConnectionClosed as error:
                closed += bool(error.rcvd) and error.rcvd.code == 1007
    with visitor.joined(kernel) as intruder:
        Seat(intruder)
    visitor.close(kernel)
    found = f"{closed} of {len(MALFORMED)} closed their web socket, the kernel answers"
    return Finding("malformed messages", found, closed == len(MALFORMED))


def killed_kernel(house: House, page: Page) -> Finding:
    """`kill -9` of the kernel of an open page: the page says that it is over."""
    kernel = kernel_of(page)
    house.process_of(kernel).kill()
    start = time.monotonic()
    page.get_by_text("本页已过期").wait_for(timeout=house.bounds.gone_seconds * 1000)
    seconds = time.monotonic() - start
    return Finding(
        "a kernel killed in use", f"its page says so after {seconds:.1f} s", seconds < house.bounds.told_seconds
    )


@contextmanager
def open_page(browser: Browser, house: House) -> Iterator[Page]:
    """Open a page in Chromium, and wait for its figures."""
    context = browser.new_context(locale="zh-CN")
    try:
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(house.server.page(PAGE))
        page.locator(".wb-key-figures").wait_for()
        yield page
    finally:
        context.close()


def said_of_restart(page: Page, house: House) -> Finding:
    """A page whose server was restarted: it says what to do, and doing it brings the page back."""
    start = time.monotonic()
    page.get_by_text("本页已过期").wait_for(timeout=house.bounds.gone_seconds * 1000)
    seconds = time.monotonic() - start
    page.get_by_role("button", name="重新加载").click()
    if page.get_by_label("令牌").count():
        page.goto(house.server.page(PAGE))
    page.locator(".wb-key-figures").wait_for()
    found = f"the open page said so {seconds:.1f} s after it, and was there again after a reload"
    return Finding("a restart under an open page", found, seconds < house.bounds.told_seconds)


def faults_in(log: str) -> Finding:
    """What a log must not hold where nothing is wrong."""
    fault = re.search(r"^.*(?:Traceback|ZMQError|never retrieved).*(?:\n.*){0,39}", log, re.MULTILINE)
    return Finding("tracebacks in the log", fault[0] if fault else "none", not fault)


def wait_for_end(process: psutil.Process, seconds: float = 60) -> None:
    """Wait until a process has ended; who started it asks it for its end afterwards."""
    deadline = time.monotonic() + seconds
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.1)


def warm_up(house: House) -> None:
    """Wait until kernels are heated and a first visitor has come and gone: what is loaded once is no growth."""
    visitor = Visitor(house.server)
    kernel = visitor.open(PAGE)
    with visitor.joined(kernel) as intruder:
        Seat(intruder)
    visitor.close(kernel)
    steady, since, deadline = house.usage().processes, time.monotonic(), time.monotonic() + house.bounds.gone_seconds
    while time.monotonic() < min(since + STEADY_SECONDS, deadline):
        time.sleep(0.5)
        if (now := house.usage().processes) != steady:
            steady, since = now, time.monotonic()


def soak(
    browser: Browser,
    store: Path,
    folder: Path,
    *,
    workplace: Path,
    scale: float = 1.0,
    places: int = 32,
    bounds: Bounds = Bounds(),
    before_serving: str = "",
    comes_twice: bool = True,
) -> list[Finding]:
    """Let the crowd come; return what was found.

    `before_serving` is code that a server runs first: a test shortens what the server waits for. A small crowd need
    not come twice: it may hardly move the server's memory even the first time.
    """
    temporary, port = workplace / "temporary", free_port()
    temporary.mkdir()
    settings = {"port": port, "pool": 1, "most_kernels": places}
    code = before_serving + dashboards(folder, store, **settings)
    serve = lambda: started(code, workplace / "served", store, {"TMPDIR": str(temporary)})  # noqa: E731
    found = list[Finding]()

    def note(*findings: Finding) -> None:
        found.extend(findings)
        for one in findings:
            print(row(one), flush=True)

    with serve() as server:
        house = House(server, temporary, places, scale, bounds)
        warm_up(house)
        before = house.usage()
        calm = CalmViewer(house)
        calm.start()
        calm.is_seated.wait()
        note(pages_opened_and_closed(house))
        note(slow_connections(house))
        note(flood(house, calm.expected or ["", ""]))
        note(*full_house(house))
        note(malformed(house))
        with open_page(browser, house) as page:
            note(killed_kernel(house, page))
        note(calm.leave())
        after, seconds = house.rest(before)
        described = f"{before} before; {after} {seconds:.0f} s after the last viewer"
        is_met = house.is_as(before, after)
        if not comes_twice:
            is_met &= after.megabytes - before.megabytes <= bounds.grown_mb
        note(Finding("left behind", described, is_met))
        if comes_twice:
            note(pages_opened_and_closed(house))
            house.rest(before)
            note(*full_house(house))
            again, seconds = house.rest(before)
            is_met = house.is_as(before, again) and again.megabytes - after.megabytes <= bounds.grown_mb
            note(Finding("left behind by a second crowd", f"{again} {seconds:.0f} s after its last viewer", is_met))
        with open_page(browser, house) as page:
            stopped = house.process
            stopped.terminate()
            page.get_by_text("与服务器的连接已断开").wait_for(timeout=bounds.gone_seconds * 1000)
            wait_for_end(stopped)
            log = server.log.read_text(encoding="utf-8")
            with serve() as restarted:
                note(said_of_restart(page, replace(house, server=restarted)))
            log += restarted.log.read_text(encoding="utf-8")
    left = [path.name for path in temporary.rglob("*") if path.is_file()]
    note(Finding("temporary files after the stop", ", ".join(left) or "none", not left))
    note(faults_in(log))
    return found


def row(finding: Finding) -> str:
    """Write one line of the table."""
    return f"| {finding.trial} | {finding.found} | {'met' if finding.is_met else 'NOT MET'} |"


def publish_sample(folder: Path) -> Path:
    """Load the sample company and publish it."""
    from workbench.load import load
    from workbench.store import publish

    data, store = Path(__file__).resolve().parents[1] / "sample_data", folder / "crm.store"
    load([data], store=store, mapping=data / "mapping.toml")
    publish(store)
    return store


def main(words: Sequence[str] | None = None) -> int:
    """Print the table; return 1 where something was not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="the part of all trials to run")
    parser.add_argument("--store", type=Path, help="a published store instead of the sample company's")
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workplace = Path(folder)
        store = options.store or publish_sample(workplace)
        print(f"{machine()}\nLoad average {os.getloadavg()[0]:.1f}.\n")
        print("| what came | what was found | asked for |\n| --- | --- | --- |", flush=True)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        found = soak(browser, store, shipped_dashboards(), workplace=workplace, scale=options.scale)
        browser.close()
    return 0 if all(one.is_met for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
