// Python flows, run by the machine's own python3. What stands for Prefect is a module beside the flows that
// does as little as its decorator must: Prefect itself is far too large for a unit test.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/local_orchestrator/worker_world_test.h"

namespace ringmaster::local_orchestrator {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class PythonFlowTest : public ::testing::Test, protected WorkerWorld {
 protected:
    void SetUp() override {
        repository.write("prefect/__init__.py", R"(
class Flow:
    def __init__(self, function, name=None):
        self.function, self.name = function, name or function.__name__
    def __call__(self, *args, **kwargs):
        print("Beginning flow run of", self.name)
        return self.function(*args, **kwargs)

def flow(function=None, **options):
    return Flow(function, **options) if function else lambda inner: Flow(inner, **options)
)");
    }
};

TEST_F(PythonFlowTest, APrefectFlowIsCalledWithItsParameters) {
    repository.write("flows/hello.py", R"(
from prefect import flow

@flow(name="hello-world")
def hello(who, times=1, options=None):
    for _ in range(times):
        print("hello", who, options)
)");
    const auto run = this->run("flows/hello.py:hello",
                               {{"who", R"("żółw")"}, {"times", "2"}, {"options", R"({"a":[null,true]})"}});
    EXPECT_EQ(run.state, RunState::Completed) << run.state_text;
    EXPECT_THAT(messages(run.id), ::testing::ElementsAre(::testing::_, "Beginning flow run of hello-world",
                                                         "hello żółw {'a': [None, True]}",
                                                         "hello żółw {'a': [None, True]}", "Completed"));
}

TEST_F(PythonFlowTest, PackagesWithRelativeImportsAndTheFolderSrcAreFound) {
    repository.write("src/orders/__init__.py", "");
    repository.write("src/orders/etl/__init__.py", "");
    repository.write("src/orders/common.py", "WORD = 'relative'\n");
    repository.write("src/shared.py", "WORD = 'absolute'\n");
    repository.write("src/orders/etl/daily.py", R"(
from ..common import WORD
import shared, orders.common

class Loader:
    class Inner:
        @staticmethod
        def run():
            print(WORD, shared.WORD, __name__, orders.common.WORD)
)");
    const auto run = this->run("src/orders/etl/daily.py:Loader.Inner.run");
    EXPECT_EQ(run.state, RunState::Completed) << run.state_text;
    EXPECT_THAT(messages(run.id), Contains("relative absolute orders.etl.daily relative"));
}

TEST_F(PythonFlowTest, TheCodeOfTheCommitComesBeforeWhatIsInstalled) {
    repository.write("src/orders/__init__.py", "");
    repository.write("src/orders/flows.py", "import orders\ndef where(): print(orders.__file__)\n");
    folder.write("installed/orders/__init__.py", "raise ImportError('the wrong one')\n");
    const auto run = this->run("src/orders/flows.py:where", {},
                               {.environment = {{"PYTHONPATH", folder.path("installed")}}});
    EXPECT_EQ(run.state, RunState::Completed) << run.state_text;
    EXPECT_THAT(messages(run.id), Contains(HasSubstr("scratch")));
}

TEST_F(PythonFlowTest, AFileMayBeCalledLikeAnInstalledModule) {
    repository.write("flows/email.py", "def send(): print('sent by', __name__)\n");
    const auto run = this->run("flows/email.py:send");
    EXPECT_EQ(run.state, RunState::Completed) << run.state_text;
    EXPECT_THAT(messages(run.id), Contains("sent by email"));
}

TEST_F(PythonFlowTest, CoroutinesAndGeneratorsRunToTheirEnd) {
    repository.write("f.py", R"(
import asyncio

async def slowly():
    await asyncio.sleep(0)
    print("awaited")

def step_by_step():
    yield 1
    print("to the end")
)");
    EXPECT_THAT(messages(this->run("f.py:slowly").id), Contains("awaited"));
    EXPECT_THAT(messages(this->run("f.py:step_by_step").id), Contains("to the end"));
}

TEST_F(PythonFlowTest, WhatAFlowRaisesIsItsFailure) {
    repository.write("f.py", "def f(n): raise ValueError(f'no orders on day {n}')\n");
    const auto run = this->run("f.py:f", {{"n", "7"}});
    EXPECT_EQ(run.state, RunState::Failed);
    EXPECT_EQ(run.state_text, "exit code 1: ValueError: no orders on day 7");
    EXPECT_THAT(messages(run.id), Not(Contains(HasSubstr("run_flow.py"))));
    EXPECT_THAT(messages(run.id), Contains(HasSubstr("f.py\", line 1, in f")));
    EXPECT_THAT(this->run("f.py:f", {{"m", "7"}}).state_text, HasSubstr("TypeError: f() got an unexpected"));
}

TEST_F(PythonFlowTest, WhyItFailedIsToldWhateverIsSaidAfterwards) {
    repository.write("f.py", R"(
import atexit

def f():
    atexit.register(print, "Stopping temporary server")  # as Prefect does
    raise ValueError("two\nlines")
)");
    const auto run = this->run("f.py:f");
    EXPECT_THAT(run.state_text, ::testing::StartsWith("exit code 1: ValueError: two"));
    EXPECT_THAT(run.state_text, Not(HasSubstr("\n")));
    EXPECT_THAT(messages(run.id), Contains("Stopping temporary server"));
}

TEST_F(PythonFlowTest, AMissingPrefectIsSaidPlainly) {
    std::filesystem::remove_all(repository.path("prefect"));
    repository.write("f.py", "from prefect import flow\n@flow\ndef f(): pass\n");
    // -S: without what this machine may have installed.
    folder.write("python", "#!/bin/sh\nexec python3 -S \"$@\"\n", 0755);
    const auto asked = start(deploy("f.py:f", repository.commit()));
    const auto run = worker({.python = folder.path("python")}).run(asked.id, quiet);
    EXPECT_EQ(run->state, RunState::Failed);
    EXPECT_THAT(run->state_text, HasSubstr("this flow needs prefect, which "));
    EXPECT_THAT(run->state_text, HasSubstr("-m pip install prefect, or name another interpreter"));
    repository.write("f.py", "import nowhere.at_all\n");
    EXPECT_THAT(this->run("f.py:f").state_text, HasSubstr("ModuleNotFoundError: No module named 'nowhere'"));
}

TEST_F(PythonFlowTest, WhatIsNotInTheCommitIsSaidPlainly) {
    repository.write("f.py", "number = 5\nbroken = 'AttributeError'\n");
    repository.write("syntax.py", "def f(:\n");
    EXPECT_THAT(this->run("g.py:f").state_text, HasSubstr("the deployed commit has no file g.py"));
    EXPECT_THAT(this->run("f.py:Loader.run").state_text, HasSubstr("f.py has no Loader.run"));
    EXPECT_THAT(this->run("f.py:number").state_text,
                HasSubstr("nothing that can be called, but of type int"));
    EXPECT_THAT(this->run("syntax.py:f").state_text, HasSubstr("SyntaxError"));
}

TEST_F(PythonFlowTest, AnInterpreterWithItsFolderBringsItsPrograms) {
    folder.write("venv/bin/python", "#!/bin/sh\nexec python3 \"$@\"\n", 0755);
    folder.write("venv/bin/dbt", "#!/bin/sh\necho ran dbt\n", 0755);
    repository.write("f.py", "import subprocess\ndef f(): subprocess.run(['dbt'], check=True)\n");
    const auto asked = start(deploy("f.py:f", repository.commit()));
    const auto run = worker({.python = folder.path("venv/bin/python")}).run(asked.id, quiet);
    EXPECT_EQ(run->state, RunState::Completed) << run->state_text;
    EXPECT_THAT(messages(asked.id), Contains("ran dbt"));
}

}  // namespace
}  // namespace ringmaster::local_orchestrator
