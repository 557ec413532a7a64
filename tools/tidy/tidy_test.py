"""Each rule on small trees: what it must find, and what it must let pass."""
import unittest

import documented
import layers
import named_tests
import sizes
import text_rules
from source import File

CMAKE = """
rm_layer(base LIBRARIES fmt::fmt)
rm_layer(domain USES base)
rm_layer(ports USES domain)
rm_layer(http_server USES base)
rm_layer(shows USES ports)
rm_layer(database USES base)
rm_layer(adapters/support AS adapters_support USES ports LIBRARIES CURL::libcurl)
rm_layer(adapters/github AS github USES ports adapters_support)
rm_layer(adapters/process AS process USES ports adapters_support)
rm_layer(cli USES shows)
rm_layer(app USES cli github process)
rm_layer(testing ROOT USES ports LIBRARIES GTest::gtest IF ${RINGMASTER_TESTS})
"""
HEADERS = ["src/base/text.h", "src/domain/show.h", "src/ports/forge.h", "src/shows/decide.h", "src/shows/labels.h",
           "src/adapters/github/client.h", "src/adapters/support/http.h", "src/cli/run.h", "testing/fake.h"]


def arrows(path, include, quotes='""'):
    files = [File(name, "#pragma once\n") for name in HEADERS if name != path]
    files.append(File(path, f"#include {quotes[0]}{include}{quotes[1]}\n"))
    return [finding.message for finding in layers.check(files, CMAKE)]


class NamedTests(unittest.TestCase):
    CODE = [File("src/shows/decide_test.cc", "TEST(Decide, AStopWins) {}\n"),
            File("tests/e2e/checks.py", '@check("serve: a stop ends it", serving=True)\n')]

    def findings(self, text):
        return [finding.message for finding in named_tests.check([*self.CODE, File("docs/x.md", text)])]

    def test_what_is_there_passes(self):
        self.assertEqual(self.findings("`Decide.AStopWins`, `Decide.A*`, `Decide.*`, `e2e: a stop`, `shows.ttl`, `Error.kind`\n"), [])

    def test_what_is_gone_is_found(self):
        self.assertEqual(len(self.findings("`Decide.AStartWins` `Decide.B*` `GoneTest.X`\n`e2e: a start`\n")), 4)


class Arrows(unittest.TestCase):
    def test_downward_arrows_pass(self):
        for path, include in (("src/shows/perform.cc", "ports/forge.h"), ("src/shows/perform.cc", "base/text.h"),
                              ("src/adapters/github/x.cc", "adapters/support/http.h"), ("src/app/main.cc", "cli/run.h"),
                              ("src/app/main.cc", "adapters/github/client.h"), ("src/shows/decide.cc", "shows/labels.h"),
                              ("src/shows/decide_test.cc", "testing/fake.h"), ("src/shows/world_test.h", "testing/fake.h"),
                              ("testing/x.cc", "ports/forge.h")):
            with self.subTest(path=path, include=include):
                self.assertEqual(arrows(path, include), [])

    def test_arrows_that_point_up_or_sideways_fail(self):
        for path, include in (("src/base/x.cc", "domain/show.h"), ("src/domain/x.cc", "ports/forge.h"),
                              ("src/ports/x.h", "adapters/github/client.h"), ("src/shows/perform.cc", "adapters/github/client.h"),
                              ("src/adapters/process/x.cc", "adapters/github/client.h"), ("src/cli/x.cc", "adapters/github/client.h"),
                              ("src/shows/perform.cc", "cli/run.h"), ("src/shows/perform.cc", "testing/fake.h"),
                              ("src/domain/show_test.cc", "shows/decide.h")):
            with self.subTest(path=path, include=include):
                self.assertEqual(len(arrows(path, include)), 1)

    def test_pure_files_include_no_ports(self):
        self.assertIn("pure", arrows("src/shows/decide.cc", "ports/forge.h")[0])
        self.assertEqual(arrows("src/shows/decide_test.cc", "ports/forge.h"), [])

    def test_heavy_headers_stay_in_cc_files(self):
        self.assertEqual(len(arrows("src/shows/x.h", "nlohmann/json.hpp", "<>")), 1)
        self.assertEqual(arrows("src/shows/x.h", "nlohmann/json_fwd.hpp", "<>"), [])
        self.assertEqual(arrows("src/shows/x.cc", "nlohmann/json.hpp", "<>"), [])

    def test_beast_and_sqlite_have_one_home_each(self):
        self.assertEqual(len(arrows("src/shows/x.cc", "boost/beast/http.hpp", "<>")), 1)
        self.assertEqual(arrows("src/http_server/x.cc", "boost/beast/http.hpp", "<>"), [])
        self.assertEqual(len(arrows("src/shows/x.cc", "sqlite3.h", "<>")), 1)

    def test_an_include_of_a_missing_file_fails(self):
        self.assertEqual(arrows("src/shows/x.cc", "shows/gone.h"), ["there is no shows/gone.h"])

    def test_a_layer_used_before_it_is_listed_fails(self):
        self.assertEqual(len(layers.check([], "rm_layer(base USES domain)\nrm_layer(domain)\n")), 1)


def ambient(code, path="src/shows/x.cc"):
    return [finding.message for finding in text_rules.check_ambient([File(path, code)])]


class Ambient(unittest.TestCase):
    def test_the_world_is_found(self):
        for code in ('getenv("A")', 'std::getenv("A")', "std::chrono::system_clock::now()", "steady_clock::now()",
                     "std::random_device d;", "time(nullptr)", "std::rand()", "rand()", "std::this_thread::sleep_for(1s)", "sleep(1)"):
            with self.subTest(code):
                self.assertEqual(len(ambient(code)), 1)

    def test_names_that_only_look_alike_pass(self):
        for code in ("clock.sleep(1s, progress)", "// getenv(x)", 'say("time(nullptr)")', "operand(1)", "strand(2)",
                     "expiry_time(nullptr_value)", "virtual Result<void> sleep(Duration length) = 0;"):
            with self.subTest(code):
                self.assertEqual(ambient(code), [])

    def test_adapters_and_the_wiring_may(self):
        self.assertEqual(ambient('getenv("A")', "src/adapters/process/x.cc"), [])
        self.assertEqual(ambient('getenv("A")', "src/app/main.cc"), [])


class Headers(unittest.TestCase):
    def check(self, text):
        return len(text_rules.check_headers([File("src/base/x.h", text)]))

    def test_pragma_once_and_an_opening_are_needed(self):
        self.assertEqual(self.check("#pragma once\n// What for.\n"), 0)
        self.assertEqual(self.check("#pragma once\n\n/// What for.\nclass X;\n"), 0)
        self.assertEqual(self.check("#pragma once\nclass X;\n"), 1)
        self.assertEqual(self.check("// What for.\nclass X;\n"), 1)

    def test_using_namespace_fails(self):
        self.assertEqual(self.check("#pragma once\n// What for.\nusing namespace std;\n"), 1)


class Words(unittest.TestCase):
    def check(self, text, path="docs/x.md"):
        return len(text_rules.check_words([File(path, text)]))

    def test_each_kind_is_found(self):
        for text in ("https://registry.npm" + "js.org/x", "cd /wo" + "rk/ringmaster", "/ho" + "me/ada/x", "ghp_" + "a" * 36,
                     "AKIA" + "A" * 16, "TO" + "DO: later", "// X" + "XX"):
            with self.subTest(text):
                self.assertEqual(self.check(text), 1)

    def test_likenesses_pass(self):
        for text in ("mktemp /tmp/a." + "X" * 6, "https://example.com/wo" + "rk/", "AKIAIOSFODNN7" + "EXAMPLE", "ghp_short", "src/ho" + "me/x/y"):
            with self.subTest(text):
                self.assertEqual(self.check(text), 0)


class Sizes(unittest.TestCase):
    def test_functions_are_measured_by_their_braces(self):
        code = File("a.cc", """namespace a {
struct S {
    int get() const { return 1; }
    S() : x{1} {}
};
// void not_me() {
Result<int> long_one(int a,
                     const char* b) {
    if (a) {
        const char* s = "}{";
    }
    for (;;) { }
    return 1'000;
}
#define M(x) do { } while (0)
}  // namespace a
""").code
        found = {name: length for name, _, length in sizes.functions(code)}
        self.assertEqual(found["get"], 1)
        self.assertEqual(found["long_one"], 7)
        self.assertNotIn("not_me", found)
        self.assertNotIn("if", found)

    def test_a_file_beyond_the_stop_is_an_error_and_a_long_one_a_note(self):
        self.assertTrue(sizes.check([File("src/a.cc", "x\n" * 401)])[0].is_error)
        self.assertFalse(sizes.check([File("src/a.cc", "x\n" * 301)])[0].is_error)
        self.assertEqual(sizes.check([File("src/a.cc", "x\n" * 300)]), [])


class Documented(unittest.TestCase):
    def test_names_of_commands_and_keys_are_collected(self):
        self.assertEqual(documented.command_names([{"name": "a"}, {"name": "b", "commands": [{"name": "c"}]}]), ["a", "b", "b c"])
        schema = {"properties": {"shows": {"properties": {"ttl": {"type": "string"}, "run": {"properties": {"port": {}}}}}}}
        self.assertEqual(documented.config_keys(schema), ["shows.ttl", "shows.run.port"])

    def test_headings_of_the_documents_are_read(self):
        self.assertIn("sync", documented.documented_commands("## sync\n"))
        self.assertIn("cleanup-labels", documented.documented_commands("### `ringmaster cleanup-labels [PR]`\n"))
        self.assertEqual(documented.documented_keys("## [shows]\n### `ttl`\ntext `limit`\n## [shows.run]\n### `port`\n"),
                         {"shows.ttl", "shows.run.port"})


if __name__ == "__main__":
    unittest.main()
