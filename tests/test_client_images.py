"""Pictures brought home, and everything else that a task may make."""

import base64
import io
import json
import pickle
from pathlib import Path
from typing import Any

import httpx
import PIL.Image
import pytest

import kling_widgets as kw
from kling_widgets.task import Task
from tests.test_client import Service, Time, client_of, run
from tests.tiny_film import FILM


def encoded(color: str, format: str = "PNG", size: tuple[int, int] = (640, 480)) -> bytes:
    file = io.BytesIO()
    PIL.Image.new("RGB", size, color).save(file, format)
    return file.getvalue()


RED, BLUE = encoded("red"), encoded("blue", "JPEG")
PAINT = kw.ImageGeneration(prompt="A lighthouse", n=2)


class Studio(Service):
    """A service whose tasks succeed with `result`, and whose files are `files`."""

    def __init__(self, result: Any = None, **files: Any) -> None:
        super().__init__("processing", "succeed")
        self.result = result or {
            "images": [{"index": n, "url": f"https://films.example/{n}.png?sign=x"} for n in range(2)]
        }
        self.files = {"/0.png": RED, "/1.png": BLUE, **files}
        self.film = self.file

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(path=request.url.path.replace("/v1/images/", "/v1/videos/"))
        return super().__call__(request)

    def file(self, request: httpx.Request) -> httpx.Response:
        answer = self.files[request.url.path]
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, content=answer)

    def told(self, task: dict[str, Any]) -> dict[str, Any]:
        return {**super().told(task), "task_result": self.result if task["status"] == "succeed" else {}}


def painted(service: Service, folder: Path) -> tuple[kw.Client, Task]:
    client = client_of(service, Time(), videos=folder)
    return client, run(client.submit(PAINT))


class TestImages:
    """client.images(task)"""

    def test_submit_wait_fetch(self, tmp_path: Path) -> None:
        """Each picture under the request's key and its number, with the ending of what it is."""
        client, task = painted(Studio(), tmp_path / "new")
        first, second = run(client.images(task))

        assert task.kind == "images/generations"
        assert first == kw.Picture(
            tmp_path / "new" / f"{PAINT.key()}-0.png", "https://films.example/0.png?sign=x", 640, 480
        )
        assert (second.path.name, second.path.read_bytes()) == (f"{PAINT.key()}-1.jpg", BLUE)
        assert {path.suffix for path in first.path.parent.iterdir()} == {".png", ".jpg", ".json"}

    def test_pictures_on_disk_cost_no_network(self, tmp_path: Path) -> None:
        """Asked for again, with the finished task, they are there; one that broke is fetched anew."""
        service = Studio()
        client, task = painted(service, tmp_path)
        task = run(client.wait(task))
        pictures = run(client.images(task))
        before = len(service.requests)
        assert run(client.images(task)) == pictures
        assert len(service.requests) == before

        pictures[0].path.write_bytes(RED[:-200])
        assert run(client.images(task)) == pictures
        assert (pictures[0].path.read_bytes(), len(service.requests)) == (RED, before + 1)

    @pytest.mark.parametrize(
        ("file", "words"),
        [
            (b"<html>please log in</html>", "cannot be used: its 26 bytes are no PNG, JPEG or WebP"),
            (RED[:-30], "ends too early or is broken"),
            (encoded("red", "GIF"), "are no PNG"),
            (httpx.Response(404), "keeps a picture for 30 days, this one until 2024-09-03"),
            (httpx.Response(200, content=RED, headers={"content-length": "99999"}), "of 99999 bytes"),
        ],
    )
    def test_a_spoilt_download_leaves_nothing(self, tmp_path: Path, file: Any, words: str) -> None:
        """No half picture, no .part, and the reason in words; the good one stays."""
        client, task = painted(Studio(**{"/1.png": file}), tmp_path)

        with pytest.raises(kw.ResponseError, match=words):
            run(client.images(task))
        assert {path.name for path in tmp_path.iterdir()} == {f"{PAINT.key()}-0.png", f"{PAINT.key()}.json"}

    def test_a_picture_too_large_to_be_one(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Pillow's bound is an error in words, its warning is none."""
        client, task = painted(Studio(), tmp_path)
        monkeypatch.setattr(PIL.Image, "MAX_IMAGE_PIXELS", 640 * 480 - 1)
        assert len(run(client.images(task))) == 2

        monkeypatch.setattr(PIL.Image, "MAX_IMAGE_PIXELS", 640 * 480 // 3)
        other = run(client.submit(PAINT, 2))
        with pytest.raises(kw.ResponseError, match="exceeds limit"):
            run(client.images(run(client.wait(other))))

    def test_a_failed_task_has_none(self, tmp_path: Path) -> None:
        """And is not waited for."""
        service = Studio()
        service.story = ["failed"]
        client, task = painted(service, tmp_path)

        with pytest.raises(kw.TaskFailed):
            run(client.images(task))

    def test_an_emulators_pictures_have_names_of_their_own(self, tmp_path: Path) -> None:
        """Like its films."""
        client = client_of(Studio(), Time(), videos=tmp_path, base_url="http://127.0.0.1:8787")

        pictures = run(client.images(run(client.submit(PAINT))))
        assert pictures[0].path.name == f"{PAINT.key()}.preview-0.png"


class TestOtherResults:
    """What is asked for is not what was made."""

    def test_a_task_of_pictures_has_no_film(self, tmp_path: Path) -> None:
        """The right call is named."""
        client, task = painted(Studio(), tmp_path)

        with pytest.raises(kw.KlingError, match=r"made pictures, no film: await client\.images\(task\)"):
            run(client.video(task))

    def test_a_request_for_pictures_is_not_filmed(self, tmp_path: Path) -> None:
        """Said before anything is sent, for it would be paid."""
        service = Studio()
        client = client_of(service, videos=tmp_path)

        for request in (PAINT, kw.RawRequest("images/omni-image", {"prompt": "x"})):
            with pytest.raises(kw.KlingError, match=r"gives pictures, no film: await client\.images"):
                run(client.film(request))
        assert service.requests == []

    def test_a_task_of_a_film_has_no_picture(self, tmp_path: Path) -> None:
        """The other way round."""
        client, task = painted(Studio({"videos": [{"id": "v", "url": "https://films.example/v.mp4"}]}), tmp_path)

        with pytest.raises(kw.KlingError, match=r"made a film, no picture: await client\.video\(task\)"):
            run(client.images(task))

    def test_what_is_neither_is_in_the_tasks_result(self, tmp_path: Path) -> None:
        """Voices, audios, elements: as the service sent them."""
        elements = {"elements": [{"element_id": 860219310927544321, "element_name": "boat"}]}
        client, task = painted(Studio(elements), tmp_path)
        task = run(client.wait(task))

        assert task.result == elements
        with pytest.raises(kw.KlingError, match=r"made no film\. What it made is in task\.result: elements"):
            run(client.video(task))
        with pytest.raises(kw.KlingError, match="made no picture"):
            run(client.images(task))

    def test_an_address_that_is_none(self, tmp_path: Path) -> None:
        """Nothing is read from this machine because a service said so."""
        places = ("file:///etc/passwd", "film.mp4", "https://a\x00b/", "https://xn--a/", "http://1.2.3.4:99999/")
        for take, url in enumerate(places, 1):
            client = client_of(Studio({"videos": [{"id": "v", "url": url}]}), Time(), videos=tmp_path)
            task = run(client.submit(PAINT, take))
            with pytest.raises(kw.KlingError, match="from which nothing can be fetched"):
                run(client.video(task))


class TestRawRequests:
    """Any other endpoint, through the same client."""

    def test_submitted_watched_and_fetched(self, tmp_path: Path) -> None:
        """Under its own path, with an id of its own; the body goes as it is."""
        service = Service()
        client = client_of(service, videos=tmp_path)
        request = kw.RawRequest("/v1/videos/omni-video", {"prompt": "<<<image_1>>>", "element_list": [{"id": 10**17}]})
        video = run(client.film(request))

        post = service.requests[0]
        assert post.url.path == "/v1/videos/omni-video"
        assert json.loads(post.content) == {**request.payload(), "external_task_id": request.key()}
        assert service.requests[1].url.path == "/v1/videos/omni-video/100"
        assert video.path.read_bytes() == FILM

    @pytest.mark.parametrize("data", [{"audios": [{"url": "https://a/b.mp3"}]}, {}, None, [], "done"])
    def test_an_endpoint_that_answers_at_once(self, data: Any) -> None:
        """There is no task, and that is said; nothing suggests to pay again."""
        client = client_of(lambda request: Service.frame(data))  # type: ignore[arg-type]

        with pytest.raises(kw.ResponseError, match="/v1/audio/tts answers at once and gives no task") as caught:
            run(client.submit(kw.RawRequest("/v1/audio/tts", {"text": "hello"})))
        assert "Submit the same request again" not in str(caught.value)
        assert not caught.value.transient

    def test_a_broken_task_is_no_answer_at_once(self) -> None:
        """Half a task is an unreadable answer; the task may well have been made."""
        client = client_of(lambda request: Service.frame({"task_status": "submitted"}))  # type: ignore[arg-type]

        with pytest.raises(kw.ResponseError, match=r"task_id is missing.*Submit the same request again"):
            run(client.submit(kw.RawRequest("omni-video", {})))


class TestKinds:
    """A task is looked for where its kind is at home."""

    @pytest.mark.parametrize(
        ("kind", "path"),
        [
            ("text2video", "/v1/videos/text2video"),
            ("images/generations", "/v1/images/generations"),
            ("/v1/general/custom-voices", "/v1/general/custom-voices"),
        ],
    )
    def test_a_task_and_a_list(self, kind: str, path: str) -> None:
        """By word, by words, by path."""
        asked: list[str] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(request.url.path)
            done = request.url.path != path
            return Service.frame({**TASK, "task_id": "7"} if done else [])

        client = client_of(answer)  # type: ignore[arg-type]

        async def both() -> Task:
            assert [task async for task in client.tasks(kind)] == []
            return await client.task("7", kind)

        assert run(both()).kind == kind
        assert asked == [path, f"{path}/7"]

    @pytest.mark.parametrize("kind", ["", " / ", None, 7])
    def test_a_kind_that_is_none(self, kind: Any) -> None:
        """InvalidRequest, and nothing is sent."""
        with pytest.raises(kw.InvalidRequest, match="is no kind of task"):
            run(client_of(Service()).task("7", kind))


TASK = {"task_id": "1", "task_status": "submitted", "created_at": 1, "updated_at": 1}


class TestPicture:
    """A picture on disk."""

    @pytest.fixture
    def picture(self, tmp_path: Path) -> kw.Picture:
        path = tmp_path / "a.png"
        path.write_bytes(RED)
        return kw.Picture(path, "https://a/b.png", 640, 480)

    def test_it_stands_where_a_path_may(self, picture: kw.Picture) -> None:
        """A request films it."""
        request = kw.ImageToVideo(image=picture, prompt="up", model_name="kling-v2-6")

        assert request.payload()["image"] == base64.b64encode(RED).decode()
        with PIL.Image.open(picture) as opened:
            assert opened.size == (640, 480)

    def test_it_shows_itself_in_a_notebook(self, picture: kw.Picture) -> None:
        """A preview that does not make the notebook large, and a line of words."""
        PIL.Image.effect_noise((3000, 2000), 90).save(picture.path)
        shown = picture._repr_mimebundle_()

        assert shown.keys() == {"text/plain", "image/jpeg"}
        assert shown["text/plain"] == f"{picture.path} (640 x 480)"
        with PIL.Image.open(io.BytesIO(base64.b64decode(shown["image/jpeg"]))) as preview:
            assert preview.size == (1024, 683)
        assert picture.path.stat().st_size > 10 * len(shown["image/jpeg"])
        picture.path.unlink()
        assert picture._repr_mimebundle_() == {"text/plain": f"{picture.path} (640 x 480) - the file has gone"}

    def test_it_travels(self, picture: kw.Picture) -> None:
        """A value like any other."""
        assert pickle.loads(pickle.dumps(picture)) == picture
        assert hash(picture) == hash(pickle.loads(pickle.dumps(picture)))
