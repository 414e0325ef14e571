"""Any other endpoint: the body goes out as it came."""

import json
import pickle
from typing import Any

import pytest

import kling_widgets as kw

ID = 829836802793406551
BODY = {
    "model_name": "kling-v3-omni",
    "prompt": "<<<image_1>>> by the sea",
    "image_list": [{"image_url": "https://example.com/a.jpg", "type": "first_frame"}],
    "element_list": [{"element_id": ID}],
    "cfg_scale": 0.1,
    "nothing": None,
    "yes": True,
}


def refused(endpoint: Any, body: Any) -> list[tuple[str, str]]:
    with pytest.raises(kw.InvalidRequest) as caught:
        kw.RawRequest(endpoint, body)
    return [(problem.field, problem.message) for problem in caught.value.problems]


def test_the_body_goes_out_untouched() -> None:
    """Every value and its type; 18 digits stay 18 digits, in JSON too."""
    request = kw.RawRequest("/v1/videos/omni-video", BODY)

    assert request.payload() == BODY
    assert str(ID) in json.dumps(request.payload())
    assert list(request.payload()) == list(BODY)


def test_a_copy_is_taken_and_copies_are_given() -> None:
    """What happens to the given dict afterwards, or to a payload, does not reach the request."""
    body: dict[str, Any] = {"image_list": [{"image_url": "a"}]}
    request = kw.RawRequest("omni-video", body)
    key = request.key()
    body["image_list"][0]["image_url"] = "b"
    request.payload()["image_list"].append("c")

    assert request.payload() == {"image_list": [{"image_url": "a"}]}
    assert request.key() == key


@pytest.mark.parametrize(
    ("given", "endpoint", "kind"),
    [
        ("/v1/videos/omni-video", "/v1/videos/omni-video", "omni-video"),
        ("omni-video", "/v1/videos/omni-video", "omni-video"),
        ("images/omni-image", "/v1/images/omni-image", "images/omni-image"),
        ("/v1/videos/multi-elements/", "/v1/videos/multi-elements", "multi-elements"),
        ("/v1/videos/multi-elements/init-selection", "/v1/videos/multi-elements/init-selection", None),
        ("/v1/audio/tts", "/v1/audio/tts", "audio/tts"),
        ("/image-to-video/kling-3.0", "/image-to-video/kling-3.0", "/image-to-video/kling-3.0"),
        (" https://api-singapore.klingai.com/v1/videos/avatar/image2video ", "/v1/videos/avatar/image2video", None),
        ("https://api.klingai.com/v1/audio/tts", "/v1/audio/tts", "audio/tts"),
    ],
)
def test_an_endpoint_is_a_path_or_its_word(given: str, endpoint: str, kind: str | None) -> None:
    """As Task.kind has it; the vendor's own hosts may stand before it."""
    request = kw.RawRequest(given, {})

    assert request.endpoint == endpoint
    assert kind is None or request.kind == kind


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://example.com/v1/videos/omni-video",
        "https://klingai.com.example.com/v1",
        "https://user@example.com/v1",
        "https://[/v1",
        "ftp://x",
        "//example.com/v1",
        "/v1/../account/costs",
        "/v1/%2e%2e/account/costs",
        "/v1/videos/omni-video?x=1",
        "https://api.klingai.com/v1/videos?x=1",
        "/v1/a b",
        "/v1/a\nb",
        "/v1/ü",
        "/v1\\x",
        "",
        " ",
        "/",
        None,
        5,
    ],
)
def test_other_addresses_are_refused(endpoint: Any) -> None:
    """A token must not go to another host, and a query belongs to no create."""
    assert [field for field, _ in refused(endpoint, {})] == ["endpoint"]


def test_what_json_cannot_hold_is_named_with_its_place() -> None:
    """All of it at once."""
    body = {"a": [1, {"b": float("nan")}], "c": {3: "x"}, "d": b"photo", "e": {1}, "f": "\ud800", "g": 10**400}

    assert refused("omni-video", body) == [
        ("body.a[1].b", "JSON has no nan."),
        ("body.c", "The name 3 is no text."),
        ("body.d", "JSON has no bytes."),
        ("body.e", "JSON has no set."),
        ("body.f", "'\\ud800' at place 0 is half a character."),
        ("body.g", "It has hundreds of digits."),
    ]


def test_bytes_get_the_remedy() -> None:
    """Pictures are Base64 text there."""
    with pytest.raises(kw.InvalidRequest, match=r"kw\.Image\.of\(photo\)\.base64\(\)"):
        kw.RawRequest("omni-video", {"image": b"photo"})


@pytest.mark.parametrize("body", [None, [], "{}", 5])
def test_a_body_is_an_object(body: Any) -> None:
    """Nothing else can carry an external_task_id."""
    assert [field for field, _ in refused("omni-video", body)] == ["body"]


def test_what_is_missing_or_too_much_is_told_like_anywhere() -> None:
    """Its two arguments may come by place or by name; one that was forgotten is a problem."""
    with pytest.raises(kw.InvalidRequest) as caught:
        kw.RawRequest("omni-video", boddy={})  # type: ignore[call-arg]
    assert [problem.field for problem in caught.value.problems] == ["boddy", "body"]
    with pytest.raises(TypeError):
        kw.RawRequest("omni-video", {}, "warn")  # type: ignore[misc]


def test_a_body_that_holds_itself_has_an_end() -> None:
    """Refused at the first turn, and so is one of a thousand levels."""
    body: dict[str, Any] = {}
    body["a"] = [body]
    deep: Any = {}
    for _ in range(1000):
        deep = {"a": deep}

    assert refused("omni-video", body) == [("body.a[0]", "It lies in itself, or more than 64 levels deep.")]
    assert len(refused("omni-video", deep)) == 1


def test_tuples_are_arrays_and_subclasses_are_what_they_are() -> None:
    """A payload is made of JSON's own types."""

    class Loud(str):
        pass

    payload = kw.RawRequest("omni-video", {"a": (1, 2), "b": Loud("x")}).payload()

    assert payload == {"a": [1, 2], "b": "x"}
    assert type(payload["b"]) is str


def test_the_same_body_has_the_same_key() -> None:
    """In any order, with any callback and id; another endpoint makes another film."""
    one = kw.RawRequest("omni-video", {"a": 1, "b": 2})

    assert (
        one.key() == kw.RawRequest("omni-video", {"b": 2, "a": 1, "callback_url": "x", "external_task_id": "y"}).key()
    )
    assert one.key() != kw.RawRequest("video-extend", {"a": 1, "b": 2}).key()
    assert one.key() != kw.RawRequest("omni-video", {"a": 1, "b": 3}).key()
    assert one.key() != one.key(2)
    assert kw.RawRequest("omni-video", {"check": "error", "body": {}}).key() != kw.RawRequest("omni-video", {}).key()


def test_nothing_is_known_of_its_price_or_its_end() -> None:
    """And so there is nothing to mend."""
    request = kw.RawRequest("omni-video", BODY)

    assert (request.cost(), request.retirement(), request.fixed()) == (None, None, request)


def test_a_raw_request_is_a_value() -> None:
    """Equal, hashable, frozen, survives a pickle, and prints without its body, which may hold photos."""
    one, two = kw.RawRequest("omni-video", BODY), kw.RawRequest(endpoint="omni-video", body=dict(BODY))

    assert one == two
    assert hash(one) == hash(two)
    assert pickle.loads(pickle.dumps(one)) == one
    assert repr(one) == "RawRequest(check='error', endpoint='/v1/videos/omni-video')"
    with pytest.raises(ValueError, match="frozen"):
        one.endpoint = "/v1"
