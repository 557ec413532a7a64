"""Tests of the transcript runner's parts; tests/cli/harness.txt shows the whole."""
import pathlib
import tempfile
import unittest

from transcript import command, grammar, matching, player

SAMPLE = """\
# Prose.
@ env A=b

$ cat <<'END'
> text
> END
text
\\# looks like prose

after a blank line
! complaint
[exit 3]

# More prose.
$ true
"""


def write(text):
    path = pathlib.Path(tempfile.mkstemp(suffix=".txt")[1])
    path.write_text(text, encoding="utf-8")
    return path


def play(text, update=False):
    path = write(text)
    outcome = command.play_file(path, "t", player.Stage(path.parent, {}, "0.1.0"), update)
    after = path.read_text(encoding="utf-8")
    path.unlink()
    return outcome, after


class Grammar(unittest.TestCase):
    def test_reads_command_streams_and_exit_code(self):
        step = next(block for block in grammar.parse(write(SAMPLE)) if isinstance(block, grammar.Step))
        self.assertEqual(step.command, "cat <<'END'\ntext\nEND")
        self.assertEqual(step.stdout, ["text", "# looks like prose", "", "after a blank line"])
        self.assertEqual((step.stderr, step.exit_code), (["complaint"], 3))

    def test_rendering_what_was_read_gives_the_same_file(self):
        self.assertEqual(grammar.render(grammar.parse(write(SAMPLE))), SAMPLE)

    def test_output_before_any_command_is_an_error_with_its_place(self):
        with self.assertRaisesRegex(grammar.FormatError, r":1: .*before the first command"):
            grammar.parse(write("stray\n"))


class Matching(unittest.TestCase):
    def test_a_placeholder_matches_only_its_kind(self):
        for kind, good, bad in (("sha", "0123abc", "0123abg"), ("number", "12", "x"), ("time", "2026-01-02T03:04:05Z", "now"),
                                ("duration", "1 min 5 s", "soon"), ("url", "http://h:1/x", "ftp://h"), ("port", "80", "123456")):
            with self.subTest(kind):
                self.assertTrue(matching.line_matches(f"a {{{{{kind}}}}} b", f"a {good} b", matching.Bindings()))
                self.assertFalse(matching.line_matches(f"a {{{{{kind}}}}} b", f"a {bad} b", matching.Bindings()))

    def test_a_captured_name_must_be_the_same_later(self):
        bindings = matching.Bindings()
        self.assertTrue(matching.line_matches("{{word:A}}", "x", bindings))
        self.assertFalse(matching.line_matches("{{A}}", "y", bindings))

    def test_any_lines_stands_for_none_and_many(self):
        for actual in (["a", "z"], ["a", "b", "c", "z"]):
            self.assertTrue(matching.lines_match(["a", "{{...}}", "z"], actual, matching.Bindings()))
        self.assertFalse(matching.lines_match(["a", "{{...}}", "z"], ["a", "b"], matching.Bindings()))

    def test_an_unknown_placeholder_is_an_error(self):
        with self.assertRaises(matching.UnknownPlaceholder):
            matching.line_matches("{{nonsense}}", "x", matching.Bindings())

    def test_regenerating_keeps_lines_that_still_fit(self):
        self.assertEqual(matching.regenerate(["at {{time}}", "old"], ["at 2026-01-02T03:04:05Z", "in /t/x"],
                                             matching.Bindings(), {"/t": "{{TMP}}"}),
                         ["at {{time}}", "in {{TMP}}/x"])


class Playing(unittest.TestCase):
    def test_a_different_output_fails_and_is_shown(self):
        outcome, _ = play("$ echo two\none\n")
        self.assertEqual((outcome.passed, outcome.failed), (0, 1))
        self.assertIn("-one", outcome.report)
        self.assertIn("+two", outcome.report)

    def test_a_different_exit_code_fails(self):
        self.assertEqual(play("$ exit 1\n")[0].failed, 1)

    def test_unexpected_words_on_stderr_fail(self):
        self.assertEqual(play("$ echo x >&2\n")[0].failed, 1)

    def test_a_hang_is_ended_and_said(self):
        outcome, _ = play("@ timeout 1\n\n$ sleep 50\n")
        self.assertIn("did not end within 1 s", outcome.report)

    def test_a_missing_program_skips_by_name(self):
        outcome, _ = play("@ needs no-such-program\n\n$ true\n")
        self.assertEqual((outcome.skipped, outcome.failed), (1, 0))
        self.assertIn("no-such-program is not installed", outcome.report)

    def test_update_writes_what_happened(self):
        self.assertEqual(play("$ echo two; exit 4\none\n", update=True)[1], "$ echo two; exit 4\ntwo\n[exit 4]\n")


if __name__ == "__main__":
    unittest.main()
