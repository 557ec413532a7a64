"""Tests of how the suites count: a result that is lost or doubled would make every report worthless."""
import pathlib
import tempfile
import unittest

from suites import bench, command, gtest, process, report

PASSING = """\
Running main() from gtest_main.cc
[==========] Running 3 tests from 1 test suite.
[ RUN      ] A.passes
noise without a newline[       OK ] A.passes (0 ms)
[ RUN      ] A.is_skipped
a_test.cc:3: Skipped
no docker here
[  SKIPPED ] A.is_skipped (0 ms)
[ RUN      ] A/P.fails/1
a_test.cc:9: Failure
Expected: 1
[  FAILED  ] A/P.fails/1, where GetParam() = 2 (0 ms)
[==========] 3 tests from 1 test suite ran. (0 ms total)
[  PASSED  ] 1 test.
[  SKIPPED ] 1 test, listed below:
[  SKIPPED ] A.is_skipped
[  FAILED  ] 1 test, listed below:
[  FAILED  ] A/P.fails/1, where GetParam() = 2
"""


def finished(output, exit_code=0):
    return process.Finished(exit_code, output, 1.0, process.LOGS / "x.log")


class Choosing(unittest.TestCase):
    def test_measurements_judge_no_change(self):
        everything = {suite.name for suite in command.SUITES if command._is_chosen(suite, everything=True)}
        self.assertNotIn("bench", everything)
        self.assertIn("races", everything)
        self.assertNotIn("races", {suite.name for suite in command.SUITES if command._is_chosen(suite, everything=False)})


class Counting(unittest.TestCase):
    def test_each_test_counts_once(self):
        counted = gtest.count("rm_a_test", finished(PASSING, 1))
        self.assertEqual(counted.totals(), "1 passed, 1 failed, 1 skipped")
        self.assertEqual(counted.skips, ["rm_a_test A.is_skipped: no docker here"])
        self.assertIn("Expected: 1", counted.failures[0])

    def test_a_crash_is_a_failure_that_names_the_test(self):
        counted = gtest.count("rm_a_test", finished("[ RUN      ] A.crashes\nboom\n", -11))
        self.assertEqual(counted.failed, 1)
        self.assertIn("A.crashes", counted.failures[0])

    def test_a_hang_is_a_failure_that_names_the_test(self):
        counted = gtest.count("rm_a_test", finished("[ RUN      ] A.hangs\n", None))
        self.assertIn("hangs in A.hangs", counted.failures[0])

    def test_a_bad_exit_after_passing_tests_is_a_failure(self):
        text = "[ RUN      ] A.b\n[       OK ] A.b (0 ms)\n[==========] 1 test from 1 test suite ran. (0 ms total)\n"
        self.assertEqual(gtest.count("rm_a_test", finished(text, 0)).totals(), "1 passed, 0 failed, 0 skipped")
        self.assertEqual(gtest.count("rm_a_test", finished(text, 66)).failed, 1)

    def test_many_skips_of_one_reason_are_cut_short(self):
        lines = command.skip_lines([f"t{number}: no docker" for number in range(13)] + ["gh: not installed"])
        self.assertEqual((len(lines), lines[10], lines[11]), (12, "and 3 more: no docker", "gh: not installed"))

    def test_totals_are_read_from_the_last_line_only(self):
        read = report.read_totals("SKIP gh: not installed\nFAIL octokit: no\n2 passed, 1 failed, 1 skipped\n\n")
        self.assertEqual((read.passed, read.failed, read.skipped), (2, 1, 1))
        self.assertEqual((read.skips, read.failures), (["gh: not installed"], ["octokit: no"]))
        self.assertIsNone(report.read_totals("2 passed, 0 failed, 0 skipped\nSegmentation fault\n"))
        self.assertIsNone(report.read_totals(""))


class Figures(unittest.TestCase):
    def test_a_figure_is_held_against_its_bound(self):
        for line, good in (("FIGURE a: 4.2 ms (at most 15)", True), ("FIGURE a: 16 ms (at most 15)", False),
                           ("FIGURE a, b: 9120 a second (at least 5000)", True), ("FIGURE a: 10 a second (at least 5000)", False),
                           ("FIGURE slowest file: 31.0 s", True)):
            with self.subTest(line):
                self.assertEqual(bench.read_figure(line).is_good, good)

    def test_other_lines_are_no_figures(self):
        self.assertIsNone(bench.read_figure("4.2 ms"))
        self.assertIsNone(bench.read_figure("FIGURE a: fast"))

    def test_slow_benches_run_only_when_named(self):
        programs = [pathlib.Path("bench/build.py"), pathlib.Path("bench/startup.py"), pathlib.Path("bench/README.md")]
        self.assertEqual([program.stem for program in bench.chosen(programs, [])], ["startup"])
        self.assertEqual([program.stem for program in bench.chosen(programs, ["build"])], ["build"])


class Running(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)
        self.addCleanup(setattr, process, "LOGS", process.LOGS)
        process.LOGS = pathlib.Path(self._folder.name)

    def test_both_streams_are_kept(self):
        done = process.run(["sh", "-c", "echo out; echo err >&2; exit 3"], "t", 10)
        self.assertEqual((done.exit_code, done.output), (3, "out\nerr\n"))

    def test_what_hangs_is_ended_with_its_children(self):
        done = process.run(["sh", "-c", "echo begun; sleep 100 & wait"], "t", 0.3)
        self.assertIsNone(done.exit_code)
        self.assertEqual(done.output, "begun\n")
        self.assertLess(done.seconds, 5)


if __name__ == "__main__":
    unittest.main()
