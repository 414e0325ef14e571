"""The emulator on a real port: films in byte ranges, start and stop, taken ports, a killed process."""

from __future__ import annotations

import argparse
import logging
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
import trustme
from cryptography.hazmat.primitives import serialization

from kling_widgets.cli import main
from kling_widgets.emulator.faults import Faults
from kling_widgets.emulator.flags import add_arguments
from kling_widgets.emulator.job import Film, Job
from kling_widgets.emulator.serve import Emulator

KEYS = {"ak": "sk" * 16}
_FILM = bytes(range(256)) * 1000
_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts no authority: to read them all takes longer than a call, and http needs none."""

Plain = Callable[..., dict[str, object]]


def render(job: Job, path: Path, watermarked: Path | None) -> Film:
    path.write_bytes(_FILM)
    return Film(job.seconds, 1280, 720)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(KEYS, speed=1000, render=render) as emulator:
        yield emulator


def call(url: str, method: str = "GET", path: str = "", key: tuple[str, str] = ("ak", KEYS["ak"]), **more: Any) -> Any:
    """The answer's data."""
    now = int(time.time())
    token = jwt.encode({"iss": key[0], "exp": now + 1800, "nbf": now - 5}, key[1])
    headers = {"Authorization": f"Bearer {token}"}
    how = {"headers": headers, "trust_env": False, "verify": _NOBODY} | more
    answer = httpx.request(method, f"{url}/v1/videos/image2video{path}", **how)
    assert answer.json()["code"] == 0, answer.text
    return answer.json()["data"]


def refusal(url: str, body: dict[str, object]) -> str:
    """What is said of a create that must be refused."""
    now = int(time.time())
    token = jwt.encode({"iss": "ak", "exp": now + 1800, "nbf": now - 5}, KEYS["ak"])
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{url}/v1/videos/image2video", headers=headers, json=body, trust_env=False, verify=_NOBODY)
    assert answer.status_code == 400, answer.text
    message: str = answer.json()["message"]
    return message


def ended(url: str, id: str, **how: Any) -> dict[str, Any]:
    """Ask until the task has ended; the emulator's waits are a few milliseconds here."""
    for _ in range(10_000):
        task: dict[str, Any] = call(url, path=f"/{id}", **how)
        if task["task_status"] in ("succeed", "failed"):
            return task

    raise AssertionError(f"the task never ended: {task}")


def film_of(emulator: Emulator, plain: Plain) -> str:
    task = ended(emulator.url, call(emulator.url, "POST", json=plain())["task_id"])
    url: str = task["task_result"]["videos"][0]["url"]
    return url


def fetch(url: str, method: str = "GET", **headers: str) -> httpx.Response:
    return httpx.request(method, url, headers=headers, trust_env=False, verify=_NOBODY)


def test_a_film_is_served_in_byte_ranges(emulator: Emulator, plain: Plain) -> None:
    url = film_of(emulator, plain)
    assert re.fullmatch(re.escape(emulator.url) + r"/films/[\w-]{32}\.mp4", url)

    whole = fetch(url)
    assert (whole.status_code, whole.content) == (200, _FILM)
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-length"] == "256000"
    assert whole.headers["content-type"] == "video/mp4"

    head = fetch(url, "HEAD")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "256000")


@pytest.mark.parametrize(
    ("asked", "content_range", "content"),
    [
        ("bytes=0-0", "bytes 0-0/256000", _FILM[:1]),
        ("bytes=255-256", "bytes 255-256/256000", _FILM[255:257]),
        ("bytes=255990-", "bytes 255990-255999/256000", _FILM[-10:]),
        ("bytes=-10", "bytes 255990-255999/256000", _FILM[-10:]),
        ("bytes=255999-999999", "bytes 255999-255999/256000", _FILM[-1:]),
    ],
)
def test_a_range_is_answered_with_just_these_bytes(
    emulator: Emulator, plain: Plain, asked: str, content_range: str, content: bytes
) -> None:
    answer = fetch(film_of(emulator, plain), Range=asked)
    assert (answer.status_code, answer.headers["content-range"]) == (206, content_range)
    assert answer.content == content
    assert answer.headers["content-length"] == str(len(content))


def test_a_range_beyond_the_film_is_not_satisfiable(emulator: Emulator, plain: Plain) -> None:
    answer = fetch(film_of(emulator, plain), Range="bytes=256000-")
    assert (answer.status_code, answer.headers["content-range"]) == (416, "bytes */256000")


def test_the_server_answers_while_it_renders(plain: Plain) -> None:
    go_on = threading.Event()

    def slowly(job: Job, path: Path, watermarked: Path | None) -> Film:
        go_on.wait()
        return render(job, path, watermarked)

    with Emulator(KEYS, speed=1000, render=slowly) as emulator:
        ids = [call(emulator.url, "POST", json=plain())["task_id"] for _ in range(5)]
        states = [call(emulator.url, path=f"/{id}")["task_status"] for id in ids]
        assert "succeed" not in states
        go_on.set()
        assert [ended(emulator.url, id)["task_status"] for id in ids] == ["succeed"] * 5


def test_nothing_is_left_after_a_stop(plain: Plain) -> None:
    """No thread, no port, no temporary folder; and it can be started again on the same port, as a new emulator."""
    before = set(threading.enumerate())
    emulator = Emulator(KEYS, speed=1000, render=render)
    with emulator:
        url = emulator.url
        film = film_of(emulator, plain)
        folder = Path(emulator._temporary.name) if emulator._temporary else Path()
        assert (folder / "tasks.sqlite").exists()
    assert set(threading.enumerate()) == before
    assert not folder.exists()
    with pytest.raises(httpx.ConnectError):
        fetch(film)

    with emulator:
        assert emulator.url == url
        assert call(url) == []
    emulator.stop()


def test_with_a_folder_tasks_and_films_outlive_the_emulator(tmp_path: Path, plain: Plain) -> None:
    emulator = Emulator(KEYS, speed=1000, data=tmp_path, render=render)
    with emulator:
        film = film_of(emulator, plain)
    with emulator:
        assert fetch(film).content == _FILM
    with Emulator(KEYS, data=tmp_path, render=render) as elsewhere:
        [task] = call(elsewhere.url)
        moved = task["task_result"]["videos"][0]["url"]
        assert moved.startswith(elsewhere.url)
        assert fetch(moved).content == _FILM


def test_with_a_folder_addresses_stay_good(tmp_path: Path, plain: Plain) -> None:
    """Another emulator on the same folder takes the port of the last one, if it can."""
    with Emulator(KEYS, speed=1000, data=tmp_path, render=render) as first:
        film = film_of(first, plain)
        port = int(first.url.rpartition(":")[2])
    with Emulator(KEYS, data=tmp_path, render=render) as second:
        assert fetch(film).content == _FILM
        assert second.url == first.url
    with socket.create_server(("127.0.0.1", port)), Emulator(KEYS, data=tmp_path, render=render) as third:
        assert third.url != first.url
        assert call(third.url)[0]["task_result"]["videos"][0]["url"].startswith(third.url)
    with Emulator(KEYS, data=tmp_path, render=render) as fourth:
        assert fourth.url == third.url


@pytest.mark.parametrize("text", ["", "many", "0", "-1", "70000", "9" * 5000, "\xff"])
def test_a_port_that_is_remembered_wrongly_is_no_port(tmp_path: Path, text: str) -> None:
    (tmp_path / "port").write_text(text, "latin-1")
    with Emulator(KEYS, data=tmp_path, render=render) as emulator:
        assert call(emulator.url) == []


def test_a_port_that_is_given_is_the_one(tmp_path: Path) -> None:
    """Whatever the folder remembers: who names a port has told others of it."""
    with Emulator(KEYS, data=tmp_path, render=render) as first:
        pass
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    with Emulator(KEYS, data=tmp_path, port=port, render=render) as second:
        assert second.url == f"http://127.0.0.1:{port}"
    assert first.url != second.url


def test_only_this_machine_reaches_it_unless_told_otherwise(emulator: Emulator) -> None:
    """By default of both, the class and the command."""
    [server] = emulator._server.servers if emulator._server else []
    assert [listener.getsockname()[0] for listener in server.sockets] == ["127.0.0.1"]
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    arguments = parser.parse_args([])
    assert (arguments.host, arguments.allow_private) == ("127.0.0.1", False)


@pytest.mark.parametrize(
    "name",
    [
        "../tasks.sqlite",
        "..%2ftasks.sqlite",
        "..%2Ftasks.sqlite",
        "%2e%2e%2ftasks.sqlite",
        "..%5ctasks.sqlite",
        "..",
        ".",
        "%2fetc%2fpasswd",
        "/etc/passwd",
        "//etc/passwd",
        "key%00.mp4",
        "%00",
        "secret.mp4",
        "secret.part.mp4",
        "films%2fsecret.mp4",
    ],
)
def test_a_name_of_a_film_leads_to_no_other_file(tmp_path: Path, name: str) -> None:
    """Sent as it stands, since a client would tidy it up; not even a film that lies there and belongs to no task."""
    with Emulator(KEYS, data=tmp_path, render=render) as emulator:
        (tmp_path / "films" / "secret.mp4").write_bytes(b"SQLite secret root:")
        (tmp_path / "films" / "secret.part.mp4").write_bytes(b"SQLite secret root:")
        (tmp_path / "key").write_bytes(b"SQLite secret root:")
        for folder in ("films", "images"):
            answer = spoken(emulator.url, f"GET /{folder}/{name} HTTP/1.1")
            assert answer.startswith(b"HTTP/1.1 404 ")
            assert b'"code":1203' in answer
            assert not re.search(rb"SQLite|secret root|root:", answer)


def spoken(url: str, line: str) -> bytes:
    """What is answered to these very words."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(f"{line}\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_private_networks_are_called_only_with_the_flag(plain: Plain) -> None:
    with Emulator(KEYS, render=render) as emulator:
        said = refusal(emulator.url, plain(image="http://10.0.0.1/boat.jpg"))
    assert said == (
        "image cannot be fetched from its URL: it lies in a private network, which this emulator does not call"
    )
    with Emulator(KEYS, render=render, private=True) as emulator:
        app: Any = emulator._server and emulator._server.config.app
        # Not called, since who knows what answers there.
        assert app.routes[0].endpoint.__self__._settings.outward._allowed("10.0.0.1")


def test_answers_are_not_held_back(emulator: Emulator) -> None:
    """Sockets that do not name their protocol make asyncio wait 40 ms for an acknowledgement before each answer."""
    with socket.create_connection(("127.0.0.1", int(emulator.url.rpartition(":")[2]))):
        [server] = emulator._server.servers if emulator._server else []
        assert [listener.proto for listener in server.sockets] == [socket.IPPROTO_TCP]


def test_a_taken_port_is_told_in_words(emulator: Emulator) -> None:
    port = int(emulator.url.rpartition(":")[2])
    with pytest.raises(OSError, match=f"Port {port} of 127.0.0.1 is taken by another program"):
        Emulator(KEYS, port=port, render=render).start()


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 70000), ("no.such.host.invalid", 0), ("192.0.2.1", 0)])
def test_an_address_that_cannot_be_had_is_told_in_words(host: str, port: int) -> None:
    with pytest.raises(OSError, match=r"There is no port 70000|Cannot listen on "):
        Emulator(KEYS, host=host, port=port, render=render).start()


@pytest.mark.parametrize(
    "wrong",
    [
        {"speed": 0},
        {"speed": float("inf")},
        {"slots": 0},
        {"workers": -1},
        {"workers": 1, "executor": ThreadPoolExecutor},
        {"units": -1},
        {"units": float("nan")},
        {"disk_mb": 0},
        {"disk_mb": float("inf")},
        {"most_tasks": 0},
        {"api_keys": [""]},
        {"webhook_secret": "whsec_é"},
    ],
    ids=str,
)
def test_senseless_settings_are_refused_at_once(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"must (not )?be"):
        Emulator(KEYS, render=render, **wrong)


# --- https ---


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def pem(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for this machine and its key."""
    issued, folder = authority.issue_cert("localhost", "127.0.0.1"), tmp_path_factory.mktemp("tls")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    issued.cert_chain_pems[0].write_to_path(certificate)
    issued.private_key_pem.write_to_path(key)
    return certificate, key


def test_an_authority_that_is_named_counts_for_what_is_fetched_too(
    pem: tuple[Path, Path], authority: trustme.CA, plain: Plain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By SSL_CERT_FILE: pictures and callbacks of https addresses of one's own. Read once, when it starts."""
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    with Emulator(KEYS, render=render, tls=pem) as elsewhere:
        said = []
        for known in (False, True):
            if known:
                monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
            with Emulator(KEYS, render=render) as emulator:
                said.append(refusal(emulator.url, plain(image=f"{elsewhere.url}/docs")))
    assert said[0] == "image cannot be fetched from its URL: it did not answer"
    assert said[1].startswith("image is not a supported image")


def test_with_a_certificate_it_speaks_https(pem: tuple[Path, Path], authority: trustme.CA, plain: Plain) -> None:
    """Clients that know the authority are served, and the addresses of films are https too."""
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    with Emulator(KEYS, speed=1000, render=render, tls=pem) as emulator:
        assert emulator.url.startswith("https://127.0.0.1:")
        task = ended(emulator.url, call(emulator.url, "POST", json=plain(), verify=trusted)["task_id"], verify=trusted)
        url = task["task_result"]["videos"][0]["url"]
        assert url.startswith(f"{emulator.url}/films/")
        assert httpx.get(url, verify=trusted, trust_env=False).content == _FILM
        with pytest.raises(httpx.HTTPError):
            fetch(emulator.url.replace("https", "http"))


@pytest.mark.parametrize("name", ["drop-request", "drop-answer", "cut-answer"])
def test_a_connection_is_closed_under_https_too(
    pem: tuple[Path, Path], authority: trustme.CA, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """By a fault on tap: for the client it is a broken connection, for the server nothing to complain of."""
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    with (
        Emulator(KEYS, render=render, tls=pem, faults={name: 1}) as emulator,
        pytest.raises(httpx.TransportError, match=r"disconnected|closed|EOF"),
    ):
        call(emulator.url, verify=trusted)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize(
    ("swap", "words"),
    [
        (lambda certificate, key: (certificate, certificate), "are no certificate with its own private key"),
        (lambda certificate, key: (key, key), "are no certificate with its own private key"),
        (lambda certificate, key: (certificate, key.with_name("none.pem")), "No such file"),
        (lambda certificate, key: (certificate.parent, key), "Is a directory"),
    ],
)
def test_a_certificate_that_cannot_be_used_is_told_in_words(
    pem: tuple[Path, Path], swap: Callable[[Path, Path], tuple[Path, Path]], words: str
) -> None:
    with pytest.raises(OSError, match=words):
        Emulator(KEYS, render=render, tls=swap(*pem)).start()


def test_a_key_behind_a_password_is_not_asked_for(pem: tuple[Path, Path], tmp_path: Path) -> None:
    """The library would wait at the terminal."""
    key = serialization.load_pem_private_key(pem[1].read_bytes(), None)
    locked = tmp_path / "locked.pem"
    locked.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    with pytest.raises(OSError, match="without a password"):
        Emulator(KEYS, render=render, tls=(pem[0], locked)).start()


# --- the command ---


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the command, at the head of a group of processes of its own; without `--workers` it has none."""
    started = []

    def serve(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        workers = () if "--workers" in arguments else ("--workers", "0")
        process = subprocess.Popen(
            [sys.executable, "-m", "kling_widgets.emulator", *arguments, *workers],
            process_group=0,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env=os.environ | environment,
        )
        started.append(process)
        return process

    yield serve
    for process in started:
        process.kill()
        process.communicate()


def greeting(process: subprocess.Popen[str]) -> tuple[str, tuple[str, str]]:
    """Base URL and key pair, as the command prints them."""
    text = greeted(process)
    found = re.search(r"KLING_BASE_URL=(\S+) KLING_ACCESS_KEY=(\S+) KLING_SECRET_KEY=(\S+)", text)
    assert found, text
    return found[1], (found[2], found[3])


def greeted(process: subprocess.Popen[str]) -> str:
    """All that the command prints before it waits."""
    assert process.stdout is not None
    text = ""
    while "Ctrl-C to stop." not in text:
        line = process.stdout.readline()
        assert line, f"it ended after {text!r}"
        text += line
    return text


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[object, str, str]]:
    """What the command ends with at once: exit code, output and errors. In this process, since it never serves."""

    def said(*arguments: str) -> tuple[object, str, str]:
        try:
            code: object = main(["serve", *arguments])
        except SystemExit as exit:
            code = exit.code
        return code, *capsys.readouterr()

    return said


def test_a_killed_emulator_takes_up_its_tasks_again(
    serve: Callable[..., subprocess.Popen[str]], tmp_path: Path, plain: Plain
) -> None:
    """kill -9 in the middle of a task: the next one with this folder knows the task, and by the same made-up key."""
    first = serve("--port", "0", "--data", str(tmp_path), "--speed", "0.001")
    url, key = greeting(first)
    id = call(url, "POST", key=key, json=plain(external_task_id="rocket-1"))["task_id"]
    first.send_signal(signal.SIGKILL)
    first.wait()

    second = serve("--port", "0", "--data", str(tmp_path))
    url, same = greeting(second)
    assert same == key
    task = call(url, key=key, path="/rocket-1")
    assert (task["task_id"], task["task_status"]) == (id, "submitted")
    assert oct((tmp_path / "key").stat().st_mode)[-3:] == "600"


@pytest.mark.parametrize(("workers", "name"), [("0", signal.SIGINT), ("1", signal.SIGINT), ("1", signal.SIGTERM)])
def test_ctrl_c_ends_the_command_quietly(
    serve: Callable[..., subprocess.Popen[str]], workers: str, name: signal.Signals, plain: Plain
) -> None:
    """All its processes hear of it, as from a terminal; and all are gone, since each holds the pipe of the errors.

    A film that is under way in one of them is no reason to wait or to complain.
    """
    pair = ("ak", "secret:with:colons:and:32:characters")
    process = serve("--port", "0", "--key", ":".join(pair), "--workers", workers, "--speed", "1000")
    url, key = greeting(process)
    assert call(url, key=pair) == []
    assert key == ("...", "...")
    if workers != "0":
        call(url, "POST", key=pair, json=plain())
    os.killpg(process.pid, name)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")


Said = Callable[..., tuple[object, str, str]]


def test_a_taken_port_is_one_sentence_and_exit_code_1(serve: Callable[..., subprocess.Popen[str]]) -> None:
    """The one whose end is seen from outside; the others end alike."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = serve("--port", str(port))
        output, errors = process.communicate()
    assert (process.returncode, output) == (1, "")
    assert errors == (
        f"kling-widgets serve: Port {port} of 127.0.0.1 is taken by another program: "
        "stop it, or choose another port (0: any free one).\n"
    )


def test_a_folder_in_use_is_one_sentence_too(said: Said, tmp_path: Path) -> None:
    with Emulator(KEYS, data=tmp_path, render=render):
        ended = said("--port", "0", "--data", str(tmp_path))
    assert ended == (1, "", f"kling-widgets serve: {tmp_path} is in use by another emulator.\n")


def test_a_folder_that_is_none_is_one_sentence(said: Said, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    (tmp_path / "tasks.sqlite").write_text("not a database, but long enough to look at")
    for folder, words in [(file, f"{file}: File exists."), (tmp_path, f"{tmp_path}/tasks.sqlite cannot be used:")]:
        code, _, errors = said("--port", "0", "--key", "ak:sk", "--data", str(folder))
        assert code == 1
        assert errors.startswith(f"kling-widgets serve: {words}")
        assert errors.count("\n") == 1


def test_given_secrets_are_never_printed(
    serve: Callable[..., subprocess.Popen[str]], pem: tuple[Path, Path], authority: trustme.CA, tmp_path: Path
) -> None:
    """Neither keys nor API keys nor the webhook secret; https and all flags together."""
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    secret = "whsec_dGVzdHNlY3JldA=="
    process = serve(
        *("--port", "0", "--key", "ak:sk-sk-sk-sk-sk-sk-sk-sk-sk-sk-sk-sk", "--api-key", "one-word", "--units", "2.5"),
        *("--tls-cert", str(pem[0]), "--tls-key", str(pem[1]), "--webhook-secret", secret, "--data", str(tmp_path)),
    )
    text = greeted(process)
    assert "KLING_ACCESS_KEY=... KLING_SECRET_KEY=..." in text
    url = text.split()[6]
    assert url.startswith("https://")
    with httpx.Client(
        base_url=url, headers={"Authorization": "Bearer one-word"}, verify=trusted, trust_env=False
    ) as me:
        costs = me.get("/account/costs", params={"start_time": 1, "end_time": 2}).json()["data"]
        assert costs["resource_pack_subscribe_infos"][0]["total_quantity"] == 2.5
        # A connection that is kept open is no reason to complain.
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
    assert not re.search("sk-sk|one-word|whsec", text + output)
    assert not (tmp_path / "key").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--tls-cert", "cert.pem"], "--tls-cert and --tls-key belong together: give both, or neither."),
        (["--tls-cert", "no.pem", "--tls-key", "no.pem"], "no.pem: No such file or directory."),
        (["--webhook-secret", "whsec_é"], "The webhook secret must be Base64, usually behind whsec_."),
        (["--fault", "http-503=0.1", "--fault", "http-503=0.2"], "--fault names each fault once, with one rate."),
        (
            ["--fault", "http-503=0.7", "--fault", "no-slot=0.4"],
            "at most one fault strikes a call, so the rates for a create may add up to 1, not 1.1: "
            "http-503=0.7 + no-slot=0.4; lower some of them.",
        ),
    ],
)
def test_what_does_not_fit_together_is_one_sentence(said: Said, arguments: list[str], words: str) -> None:
    assert said("--port", "0", "--key", "ak:sk", *arguments) == (1, "", f"kling-widgets serve: {words}\n")


def test_the_webhook_secret_may_come_from_the_environment(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no list of processes shows it."""
    monkeypatch.setenv("KLING_WEBHOOK_SECRET", "whsec_é")
    assert said("--port", "0", "--key", "ak:sk") == (
        1,
        "",
        "kling-widgets serve: The webhook secret must be Base64, usually behind whsec_.\n",
    )


@pytest.mark.parametrize(
    "wrong",
    [
        ["--key", "ak"],
        ["--speed", "0"],
        ["--speed", "fast"],
        ["--slots", "0"],
        ["--workers", "-1"],
        ["--workers", "all"],
        ["--units", "-1"],
        ["--units", "many"],
        ["--api-key", ""],
        ["--api-key", "two words"],
        ["--fault", "http-503"],
        ["--fault", "http-503=often"],
        ["--seed", "-1"],
        ["--disk", "0"],
        ["--disk", "all"],
    ],
    ids=" ".join,
)
def test_wrong_arguments_are_explained(said: Said, wrong: list[str]) -> None:
    code, _, errors = said(*wrong)
    assert code == 2
    assert f"argument {wrong[0]}:" in errors


def test_an_unknown_fault_is_answered_with_the_known_ones(said: Said) -> None:
    code, _, errors = said("--fault", "drop-answr=0.2")
    assert code == 2
    assert "argument --fault: there is no fault 'drop-answr'; known are drop-request, drop-answer, " in errors


def test_a_run_with_faults_can_be_repeated_by_the_seed_it_prints(serve: Callable[..., subprocess.Popen[str]]) -> None:
    """A seed that was given is the one that is printed."""
    made_up = greeted(serve("--port", "0", "--fault", "http-503=0.5", "--fault", "drop-answer=0.25"))
    assert "Faults strike: drop-answer=0.25, http-503=0.5.\n" in made_up
    assert re.search(r"^The same ones again: --seed \d+$", made_up, re.MULTILINE)
    given = serve("--port", "0", "--fault", "http-503=0.5", "--seed", "7", "--key", "ak:sk", "--api-key", "word")
    text = greeted(given)
    assert "The same ones again: --seed 7\n" in text
    url = text.split()[6]
    headers = {"Authorization": "Bearer word"}
    with httpx.Client(base_url=url, headers=headers, verify=_NOBODY, trust_env=False) as me:
        seen = [me.get("/v1/videos/effects").status_code == 503 for _ in range(20)]
    faults = Faults({"http-503": 0.5}, 7)
    assert seen == [faults.draw("list") is not None for _ in range(20)]


def test_processes_are_cleaned_up() -> None:
    """The emulator lives in a daemon thread: a program that forgets stop() ends all the same."""
    program = f"from kling_widgets.emulator.serve import Emulator\nprint(Emulator({KEYS!r}).start().url)\n"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=30,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert (done.returncode, done.stderr) == (0, "")
