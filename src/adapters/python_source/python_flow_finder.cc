#include "adapters/python_source/python_flow_finder.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <tuple>

#include "adapters/python_source/answer_cache.h"
#include "adapters/python_source/flow_report.h"
#include "adapters/python_source/source_files.h"
#include "adapters/python_source/source_reading.h"

namespace ringmaster::python_source {
namespace {

// Starting a thread costs as much as reading some files.
constexpr std::size_t kFilesWorthAThread = 64;
constexpr int kMostThreads = 16;

struct Work {
    const SourceFiles& files;
    const AnswerCache& cache;
    const std::vector<SourceFile>& selected;
    std::vector<FileAnswer> answers;  ///< one for each selected file
    std::atomic<std::size_t> next = 0;
    std::atomic<std::size_t> from_cache = 0;
    std::atomic<bool> is_stopped = false;
};

bool is_current(const FileAnswer& answer, const SourceFiles& files, const ModuleLibrary& library,
                const std::string& relative) {
    return std::ranges::all_of(answer.dependencies, [&](const FileAnswer::Dependency& dependency) {
        const auto& [base, dotted, found] = dependency.lookup;
        if (!dotted.empty() && library.find_module(base, dotted, folder_of(relative)) != found) return false;
        if (found.empty()) return true;
        const SourceFile* file = files.find(found);
        return file != nullptr && file->stamp == dependency.stamp;
    });
}

FileAnswer read_file(Parser& parser, ModuleLibrary& library, const SourceFiles& files,
                     const SourceFile& file) {
    FileAnswer answer;
    const auto problem = [&answer](std::string message) {
        answer.problems.push_back({.source_relative = "", .line_number = 0, .message = std::move(message)});
    };
    if (file.stamp.size > kMostSourceBytes) {
        problem(fmt::format("it has more than {} MiB and was not read", kMostSourceBytes >> 20));
    } else if (const auto bytes = read_bytes(files.root + "/" + file.relative, kMostSourceBytes); !bytes) {
        problem(bytes.error().message());
    } else if (may_have_flows(*bytes)) {
        library.begin(file.relative);
        answer = read_source(parser, *bytes, folder_of(file.relative), &library);
        for (const Lookup& lookup : library.lookups()) {
            const SourceFile* found = files.find(lookup.found);
            answer.dependencies.push_back({lookup, found == nullptr ? Stamp() : found->stamp});
        }
    }
    answer.stamp = file.stamp;
    return answer;
}

/// Takes files until none is left.
void work_on(Work& work) {
    Parser parser;
    ModuleLibrary library(work.files);
    while (!work.is_stopped) {
        const std::size_t i = work.next++;
        if (i >= work.selected.size()) return;
        const SourceFile& file = work.selected[i];
        const FileAnswer* known = work.cache.find(file.relative, file.stamp);
        if (known != nullptr && is_current(*known, work.files, library, file.relative)) {
            work.answers[i] = *known;
            ++work.from_cache;
        } else {
            work.answers[i] = read_file(parser, library, work.files, file);
        }
    }
}

/// The work is done beside this thread, which keeps the pulse: a single file may take seconds.
Result<void> work_beside(Work& work, int threads, Progress& progress) {
    TRY(progress.pulse());
    constexpr auto kBetweenPulses = std::chrono::milliseconds(200);
    std::mutex mutex;
    std::condition_variable finished;
    int running = threads;
    std::vector<std::jthread> workers;
    for (int i = 0; i < threads; ++i)
        workers.emplace_back([&] {
            work_on(work);
            const std::scoped_lock lock(mutex);
            if (--running == 0) finished.notify_one();
        });
    std::unique_lock lock(mutex);
    while (!finished.wait_for(lock, kBetweenPulses, [&] { return running == 0; })) {
        lock.unlock();
        if (auto pulse = progress.pulse(); !pulse) {
            work.is_stopped = true;
            return pulse;  // the workers end after the file they have in hand
        }
        lock.lock();
    }
    return {};
}

/// The wanted files that there are; a problem for each other.
std::vector<SourceFile> select(const SourceFiles& files, const FlowSearch& search,
                               std::vector<FlowSearchProblem>& problems) {
    if (search.files.empty()) return files.files;
    std::vector<std::string> wanted = search.files;
    std::ranges::sort(wanted);
    wanted.erase(std::ranges::unique(wanted).begin(), wanted.end());
    std::vector<SourceFile> selected;
    for (const auto& relative : wanted) {
        const bool leads_out =
            ("/" + relative + "/").find("/../") != std::string::npos || relative.starts_with('/');
        const SourceFile* listed = files.find(relative);
        const auto file = listed != nullptr                         ? std::optional(*listed)
                          : leads_out || !relative.ends_with(".py") ? std::nullopt
                                                                    : source_file_at(files.root, relative);
        if (file)
            selected.push_back(*file);
        else
            problems.push_back({.source_relative = relative,
                                .line_number = 0,
                                .message = "there is no such Python file below the folder"});
    }
    return selected;
}

int thread_count(int wanted, std::size_t files) {
    const int most = wanted > 0 ? wanted : static_cast<int>(std::thread::hardware_concurrency());
    return std::clamp(static_cast<int>(files / kFilesWorthAThread), 1, std::clamp(most, 1, kMostThreads));
}

void save(const std::string& path, const Work& work) {
    std::vector<std::pair<std::string_view, const FileAnswer*>> answers;
    for (std::size_t i = 0; i < work.selected.size(); ++i)
        answers.emplace_back(work.selected[i].relative, &work.answers[i]);
    AnswerCache::save(path, work.files.root, answers);
}

}  // namespace

Result<FoundFlows> PythonFlowFinder::find(const FlowSearch& search, Progress& progress) {
    SourceFiles files = TRY(list_source_files(search.root, settings_.excludes, progress));
    files.index();
    FoundFlows found;
    found.problems = std::move(files.problems);
    const std::vector<SourceFile> selected = select(files, search, found.problems);
    const AnswerCache cache =
        settings_.cache_file.empty() ? AnswerCache() : AnswerCache::load(settings_.cache_file, files.root);
    Work work{.files = files, .cache = cache, .selected = selected, .answers = {}};
    work.answers.resize(selected.size());
    const int threads = thread_count(settings_.threads, selected.size());
    TRY(work_beside(work, threads, progress));

    // A search for some files knows nothing of the others, so it keeps what is known of them.
    const bool is_news = work.from_cache != selected.size() || cache.size() != selected.size();
    if (!settings_.cache_file.empty() && search.files.empty() && is_news) save(settings_.cache_file, work);

    found.files = static_cast<int>(selected.size());
    for (std::size_t i = 0; i < selected.size(); ++i) {
        FileAnswer& answer = work.answers[i];
        add_place(answer.flows, files.root, selected[i].relative);
        std::ranges::move(answer.flows, std::back_inserter(found.flows));
        for (auto& problem : answer.problems) {
            problem.source_relative = selected[i].relative;
            found.problems.push_back(std::move(problem));
        }
    }
    std::ranges::sort(found.problems, {}, [](const FlowSearchProblem& problem) {
        return std::tie(problem.source_relative, problem.line_number, problem.message);
    });
    return found;
}

}  // namespace ringmaster::python_source
