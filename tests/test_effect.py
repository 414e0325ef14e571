"""The 229 scenes."""

import kling_widgets as kw
from kling_widgets import effect


def test_there_are_229_scenes_ten_of_them_for_two() -> None:
    """As the page counts them (R121, R123, R124)."""
    assert len(kw.EFFECTS) == len({each.scene for each in kw.EFFECTS}) == 229
    assert [each.scene for each in kw.EFFECTS if each.images == 2] == [
        "french_elegance",
        "finger_swipe",
        "smooth_transition",
        "kiss_pro",
        "snow_night_kiss",
        "eternal_kiss",
        "cheers_2026",
        "fight_pro",
        "hug_pro",
        "heart_gesture_pro",
    ]


def test_the_traps_of_the_page_are_met() -> None:
    """The curly apostrophe, no blank behind brown_bear_hug, poping as it is spelt, no pet_lion."""
    assert effect.find("let’s_ride") is not None
    assert effect.find("let's_ride") is None
    assert effect.find("brown_bear_hug") is not None
    assert effect.find("poping") is not None
    assert effect.find("pet_lion") is None


def test_a_scene_knows_its_facts() -> None:
    """One whole row."""
    assert effect.find("squish") == kw.Effect(
        scene="squish",
        title="Squish",
        images=1,
        category="Squish & morph",
        icon=effect.find("squish").icon,  # type: ignore[union-attr]
        tags=effect.find("squish").tags,  # type: ignore[union-attr]
        listed=False,
        units=2,
    )
    assert sum(each.listed for each in kw.EFFECTS) == 130


def test_near_misses_are_understood() -> None:
    """Straight apostrophes, blanks, capitals and typing errors find their scene; nonsense finds none."""
    assert [effect.similar(word) for word in ("let's_ride", "Brown Bear Hug ", "pet_lion", "skwish", "qqqq")] == [
        "let’s_ride",
        "brown_bear_hug",
        "pet_lion_pro",
        "squish",
        None,
    ]
