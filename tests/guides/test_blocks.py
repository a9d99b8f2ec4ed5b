"""What is told as a failure, and what is not: python3 tests/guides/test_blocks.py"""

import tempfile
import unittest
from pathlib import Path

import blocks
import run
from blocks import Block, agrees, bare, commands


def read(text):
    """The blocks of a page that holds this text, and what is wrong with it."""
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "page.md").write_text(text, "utf-8")
        here, blocks.ROOT = blocks.ROOT, Path(folder)
        try:
            return blocks.blocks("page.md", faults), faults
        finally:
            blocks.ROOT = here


class Labels(unittest.TestCase):
    def test_a_text_that_nothing_holds_is_told(self):
        _, faults = read("a\n\n```text\nx\n```\n")
        self.assertIn("page.md:3: nothing tells what holds this text", faults[0])

    def test_a_label_holds_the_block_right_below_it_alone(self):
        found, faults = read("<!-- not run: a reason -->\n```text\nx\n```\n\n<!-- not run: a reason -->\n\nwords\n\n```text\ny\n```\n")
        self.assertEqual(found[0].label("not run"), "a reason")
        self.assertEqual(len(faults), 1)

    def test_an_output_stands_below_what_is_run(self):
        shown = "<!-- output -->\n```text\n1\n```\n"
        self.assertEqual(read("```python\nprint(1)\n```\n\n" + shown)[1], [])
        self.assertEqual(len(read("<!-- not run: it is long -->\n```python\nprint(1)\n```\n\n" + shown)[1]), 1)
        self.assertEqual(len(read(shown)[1]), 1)

    def test_a_reason_has_words(self):
        self.assertEqual(len(read("<!-- not run: - -->\n```sh\nx\n```\n")[1]), 1)

    def test_a_block_without_a_language_is_told(self):
        self.assertEqual(len(read("```\nx\n```\n")[1]), 1)
        self.assertEqual(len(read("```cobol\nx\n```\n")[1]), 1)

    def test_a_block_in_a_list_loses_its_indent(self):
        found, faults = read("1. a\n\n   ```json\n   {\n     \"a\": 1\n   }\n   ```\n")
        self.assertEqual((found[0].code, faults), ('{\n  "a": 1\n}\n', []))

    def test_a_block_without_an_end_is_told(self):
        self.assertIn("no end", read("```json\n{}\n")[1][0])


class Twins(unittest.TestCase):
    def code(self, language, code):
        return Block("page.md", 1, language, code)

    def test_comments_may_differ_and_nothing_else(self):
        zh, en = self.code("python", "a = 1   # 一\n# 注\nb = '#2'\n"), self.code("python", "a = 1  # one\nb = '#2'\n")
        self.assertEqual(run.twins([zh], [en]), [])
        self.assertEqual(len(run.twins([zh], [self.code("python", "a = 1\nb = '#3'\n")])), 1)

    def test_an_english_page_shows_the_english_hint(self):
        self.assertEqual(run.twins([self.code("kotlin", "a.hintZh(b.zh)")], [self.code("kotlin", "a.hintEn(b.en)")]), [])
        self.assertEqual(len(run.twins([self.code("kotlin", "zh(open)")], [self.code("kotlin", "en(open)")])), 1)

    def test_an_address_is_no_comment(self):
        self.assertIn("http://a", bare(self.code("js", "get('http://a'); // b\n")))
        self.assertNotIn("b", bare(self.code("js", "get(1); // b\n")))

    def test_of_a_console_the_commands_count(self):
        zh, en = self.code("console", "$ nnopen token\n令牌\n"), self.code("console", "$ nnopen token\nToken\n")
        self.assertEqual(run.twins([zh], [en]), [])
        self.assertEqual(len(run.twins([zh], [self.code("console", "$ nnopen demo\nToken\n")])), 1)


class Consoles(unittest.TestCase):
    def test_a_command_goes_on_after_a_backslash_and_in_quotes(self):
        told = commands("$ a '{\n  1}' \\\n  | b\nsaid\n$ c\n")
        self.assertEqual(told, [("a '{\n  1}' \\\n  | b", "said\n"), ("c", "")])

    def test_what_varies_is_masked_and_the_rest_is_not(self):
        self.assertTrue(agrees("at 2026-11-22 13:56:37\n127.0.0.1:1\n", "at 2027-01-02 03:04:05 127.0.0.1:65535"))
        self.assertTrue(agrees("26112213563300000001", "26123123595900000001"))
        self.assertFalse(agrees("26112213563300000001", "26112213563300000002"))
        self.assertFalse(agrees("3198.00", "3198.01"))

    def test_dots_stand_for_anything(self):
        self.assertTrue(agrees("a\n…\nz", "a b c z"))
        self.assertFalse(agrees("a\n…\nz", "a b c"))


if __name__ == "__main__":
    unittest.main()
