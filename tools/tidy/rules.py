"""The rules of tools/tidy, as tables. An exception needs its reason beside it."""
import re

# --- Arrows -----------------------------------------------------------------------------------------------------------
# Which folder may use which is said once, in CMakeLists.txt (rm_layer … USES …). These arrows are wrong whatever it says.
# (from, to, why); a name ends in "/" to mean everything below it.
FORBIDDEN_ARROWS = (
    ("base", "", "base knows nothing of the project"),
    ("domain", "ports", "values and rules know no interfaces"),
    ("ports", "adapters/", "an interface does not know who implements it"),
    ("shows", "adapters/", "use cases act through ports only"),
    ("shows", "http_server", "use cases act through ports only"),
    ("shows", "database", "use cases act through ports only"),
    ("local_forge", "shows", "the local forge is a GitHub: it knows nothing of what its clients do"),
    ("local_forge", "domain", "the local forge is a GitHub: it knows nothing of what its clients do"),
    ("local_forge", "ports", "the local forge is a GitHub: it knows nothing of what its clients do"),
    ("cli", "adapters/", "app/ hands the adapters in"),
    ("cli", "server", "a command line and a server are two doors of one house"),
    ("server", "adapters/", "app/ hands the adapters in"),
    ("server", "cli", "a command line and a server are two doors of one house"),
    ("adapters/", "shows", "an adapter knows its system, not what should happen"),
    ("adapters/", "server", "an adapter knows its system, not what should happen"),
    ("adapters/", "cli", "an adapter knows its system, not what should happen"),
)
# What adapters share; otherwise no adapter includes another's folder.
SHARED_BY_ADAPTERS = "adapters/support"

# Folders outside src/ that hold C++ (first part of an include, or of a path).
OUTSIDE_SRC = ("testing", "sim", "fuzz")
# Nothing that ships includes these.
ONLY_IN_TESTS = ("testing", "sim")

# Pure files: they decide, and touch nothing. They include only base/, domain/ and one another.
PURE = (
    re.compile(r"^src/domain/"),
    re.compile(r"^src/shows/(decide|labels|comment|plan)[a-z_]*\.(h|cc)$"),
    re.compile(r"^src/flows/plan[a-z_]*\.(h|cc)$"),
)
# (pure file, what it may include all the same, why)
PURE_MAY_INCLUDE = ()

# What a test of one folder may use beyond its own folder's: (folder, layers, why)
TEST_MAY_USE = (
    ("adapters/github", ("local_forge", "shows"), "the adapter's contract, and the lease on it, are proved on a real server"),
    ("adapters/local_orchestrator", ("adapters/git_source", "adapters/python_source"), "runs are of real commits and of flows as they are found"),
)

# --- Heavy headers ----------------------------------------------------------------------------------------------------
# Seconds of compiling each (measured); in .cc files only, so that nobody pays for them by including a header of ours.
HEAVY_HEADERS = re.compile(r"^(nlohmann/json\.hpp|boost/(beast|asio)|CLI/|toml\+\+/|spdlog/)")
# Headers that include one all the same; nothing outside their folder may include them. (path, why)
HEAVY_HEADERS_OF_ONE_ROOM = (
    ("src/http_server/connection.h", "private to the listener"),
    ("src/http_server/message.h", "private to the listener"),
    ("src/local_forge/rest_call.h", "private to the local forge's REST answers, all of which are JSON"),
)
# (header pattern, folders that may include it, why)
ONLY_THERE = (
    (re.compile(r"^boost/(beast|asio)"), ("src/http_server/",), "Beast is behind the listener and nowhere else"),
    (re.compile(r"^sqlite3\.h"), ("src/database/",), "SQLite is behind database/ and nowhere else"),
    (re.compile(r"^curl/"), ("src/adapters/support/", "src/local_forge/"), "one HTTP client; the local forge uses no ports"),
    (re.compile(r"^CLI/"), ("src/cli/", "src/app/"), "arguments are the command line's"),
)

# --- The ambient world ------------------------------------------------------------------------------------------------
AMBIENT = (
    (re.compile(r"\b(?:std::)?(?:secure_)?getenv\s*\("), "the environment"),
    (re.compile(r"\b(?:system_clock|steady_clock|high_resolution_clock|utc_clock)::now\b"), "a clock"),
    (re.compile(r"\b(?:clock_gettime|gettimeofday)\s*\("), "a clock"),
    (re.compile(r"\btime\s*\(\s*(?:nullptr|NULL|0)\s*\)"), "a clock"),
    (re.compile(r"\brandom_device\b"), "randomness"),
    (re.compile(r"(?<![\w:.>])(?:std::)?s?rand\s*\("), "randomness"),
    (re.compile(r"\b(?:sleep_for|sleep_until|usleep|nanosleep)\s*\(|(?<![\w.>])sleep\s*\(\s*\d+\s*\)"), "waiting"),
)
# Who may: these implement the ports, or are handed nothing else. (path prefix, why)
AMBIENT_ALLOWED = (
    ("src/adapters/", "implements the ports"),
    ("src/app/", "the wiring: reads the environment once and hands it on"),
    ("src/http_server/", "deadlines of connections"),
    ("src/local_forge/child_process.cc", "deadlines of git; the local forge uses no ports"),
    ("src/local_forge/webhook_sender.cc", "deadlines of deliveries; the local forge uses no ports"),
    ("testing/", "contract suites run on real adapters, and bound their waiting"),
)
# Tests may ask a clock how long something took, or wait for another process, where the thing under test is real.
AMBIENT_ALLOWED_IN_TESTS = ("src/database/", "src/server/", "src/local_forge/", "src/cli/")

# --- Sizes ------------------------------------------------------------------------------------------------------------
FILE_LINES_WARN = 300
FILE_LINES_STOP = 400
FUNCTION_LINES_WARN = 70
# Whole files that are one table or one list, where cutting would not help the reader: (path, why)
LONG_FILES_ALLOWED = ()

# --- Words ------------------------------------------------------------------------------------------------------------
# Written in pieces so that this file does not contain them.
_HOSTS = ("registry.npm" + "js.org", "pypi" + ".org", "files.python" + "hosted", "proxy.go" + "lang.org",
          "crates" + ".io", "deb.debian" + ".org", "repo1.ma" + "ven", "repo.ma" + "ven")
WORDS = (
    (re.compile("|".join(map(re.escape, _HOSTS))), "the host of a package registry"),
    (re.compile(r"(?<![\w.:/])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me/[a-z]+)/"), "a path of one machine"),
    (re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_[A-Za-z0-9_]{60,}"), "what looks like a GitHub token"),
    (re.compile(r"\bAKIA(?!IOSFODNN7EXAMPLE)[0-9A-Z]{16}\b"), "what looks like an AWS key"),
    (re.compile("-----BEGIN [A-Z ]*PRIVATE" + " KEY-----"), "a private key"),
    (re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b"), "a mark of unfinished work (finish it, or file an issue)"),
)
# Data of a contract, held as it is: (path prefix, why)
WORDS_NOT_IN = (
    ("tests/data/", "data of contracts, as they came"),
    ("fuzz/corpus/", "inputs, not text"),
    ("LICENSE", "not ours to edit"),
)
