"""The table in tests/wire/README.md, held to the tests it speaks of."""

import re

from tests import rule_table


def test_every_rule_is_proved_on_both_sides() -> None:
    """No rule of the pages is without a test of the client, nor without one of the emulator."""
    assert rule_table.without_a_test() == {"client": [], "emulator": []}


def test_the_table_tells_where_each_rule_stands() -> None:
    """R1 to R143 in their order, with the tests as they are now; `python -m tests.rule_table` brings it up to date."""
    text = rule_table.README.read_text("utf-8")

    assert re.findall(r"^\| (R\d+) \|", text, re.MULTILINE) == rule_table.RULES
    assert rule_table.filled(text) == text
