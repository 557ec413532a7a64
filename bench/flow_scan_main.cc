// flow_scan ROOT [CACHE]: looks for flows once and prints how many there are and how many milliseconds it
// took.
#include <fmt/format.h>

#include <chrono>

#include "adapters/python_source/python_flow_finder.h"

using namespace ringmaster;

int main(int count, char** words) {
    if (count < 2) return 2;
    const auto start = std::chrono::steady_clock::now();
    NoProgress progress;
    const auto found = python_source::PythonFlowFinder(
                           {.cache_file = count > 2 ? words[2] : "", .threads = 0, .excludes = {}})
                           .find({.root = words[1], .files = {}}, progress);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    if (!found) {
        fmt::print(stderr, "{}\n", found.error().describe());
        return 1;
    }
    fmt::print("{} flows, {} problems, {} files, {:.1f} ms\n", found->flows.size(), found->problems.size(),
               found->files, took.count());
    return 0;
}
