#include "adapters/git_source/git_source_tree.h"

#include <algorithm>
#include <filesystem>

#include "adapters/support/files.h"
#include "base/text.h"

namespace ringmaster::git_source {
namespace {

constexpr std::size_t kMostFileBytes = 16 << 20;
constexpr auto kExportTimeout = std::chrono::minutes(15);  // a large repository on a slow disk
constexpr const char* kFetchHint = "fetch it: git fetch origin; in a shallow clone: git fetch --unshallow";

// What can be asked for a commit by name. Ranges, paths ("a:b"), searches (":/text") and what could be taken
// for an option are no names; git itself allows no control characters in one.
bool can_be_name(std::string_view text) {
    if (text.empty() || text.size() > 250 || text.starts_with('-') || !is_valid_utf8(text)) return false;
    if (text.find("..") != std::string_view::npos) return false;
    return std::ranges::all_of(text, [](unsigned char c) { return c > ' ' && c != 0x7f && c != ':'; });
}

bool is_below_top(std::string_view path) {
    if (path.empty() || path.find('\n') != std::string_view::npos) return false;
    return std::ranges::none_of(
        split(path, '/'), [](std::string_view part) { return part.empty() || part == "." || part == ".."; });
}

Error no_such_commit(const CommitSha& commit, const std::string& directory) {
    return Error::not_found("commit {} is not in the repository at {}", commit.text(), directory)
        .hint(kFetchHint);
}

// "<digits> blob <size>\n<bytes>\n" of `git cat-file --batch`, or what it says instead.
Result<std::string> file_of(std::string_view output, const CommitSha& commit, const std::string& path) {
    const auto place = fmt::format("{} in commit {}", sanitize_for_terminal(path), commit.short_sha().text());
    const auto header = output.substr(0, output.find('\n'));
    const auto words = split(header, ' ');
    if (header.ends_with(" missing") || words.front() == "dangling" || words.front() == "notdir" ||
        words.front() == "loop")
        return Fail(Error::not_found("there is no file {}", place));
    const auto size = words.size() == 3 ? parse_integer(words[2]) : std::nullopt;
    if (!size || words[1] != "blob") return Fail(Error::invalid_input("{} is not a file", place));
    if (static_cast<std::size_t>(*size) > kMostFileBytes)
        return Fail(Error::invalid_input("{} is longer than 16 MiB", place));
    return std::string(output.substr(header.size() + 1, static_cast<std::size_t>(*size)));
}

Result<void> make_empty_folder(const std::string& folder) {
    TRY(support::create_folders(folder));
    if (!TRY(support::list_folder(folder)).empty())
        return Fail(Error::invalid_input("{} is not empty", folder));
    return {};
}

void empty_folder(const std::string& folder) {
    const auto names = support::list_folder(folder);
    if (!names) return;
    for (const auto& name : *names) (void)support::remove_tree(folder + "/" + name);  // as far as it goes
}

}  // namespace

Result<GitSourceTree::Resolved> GitSourceTree::commits_of(const std::vector<std::string>& names,
                                                          Progress& progress) const {
    std::string input;
    for (const auto& name : names) input += name + "^{commit}\n";
    const auto result =
        TRY(git_.run({.arguments = {"cat-file", "--batch-check"}, .input = std::move(input)}, progress));
    if (result.exit_code != 0)
        return Fail(
            Error::failed("git cannot read the repository at {}: {}", git_.directory(), last_words(result)));
    Resolved resolved;
    // Of a name that is a branch and a tag, git takes the tag; digits of several it calls missing. Of both it
    // says so on stderr ("refname 'x' is ambiguous", "short object ID x is ambiguous").
    resolved.is_ambiguous = result.error_output.find(" is ambiguous") != std::string::npos;
    for (const auto line : split_lines(result.output)) {
        const auto words = split(line, ' ');
        const bool is_commit = words.size() == 3 && words[1] == "commit";
        resolved.commits.emplace_back(is_commit ? std::string(words[0]) : "");
        if (line.ends_with(" ambiguous")) resolved.is_ambiguous = true;
    }
    if (resolved.commits.size() != names.size())
        return Fail(Error::corrupt("git answered {} of {} questions about commits", resolved.commits.size(),
                                   names.size()));
    return resolved;
}

Result<void> GitSourceTree::require(const CommitSha& commit, Progress& progress) const {
    if (TRY(commits_of({commit.text()}, progress)).commits.front() == commit.text()) return {};
    return Fail(no_such_commit(commit, git_.directory()));
}

Result<CommitSha> GitSourceTree::resolve(std::string_view text, Progress& progress) {
    const auto shown = sanitize_for_terminal(truncate_utf8(text, 80));
    if (!can_be_name(text))
        return Fail(Error::invalid_input("\"{}\" cannot be the name of a branch, a tag or a commit", shown));
    const std::string name(text);
    const auto local = TRY(commits_of({name}, progress));
    if (local.is_ambiguous)
        return Fail(Error::invalid_input("\"{}\" could be several things in {}", shown, git_.directory())
                        .hint("give more of the commit's digits, or say refs/heads/… or refs/tags/…"));
    if (!local.commits.front().empty()) return CommitSha::parse(local.commits.front());
    const auto remote = TRY(commits_of({"refs/remotes/origin/" + name}, progress));
    if (!remote.commits.front().empty()) return CommitSha::parse(remote.commits.front());
    return Fail(Error::not_found("no branch, tag or commit \"{}\" is in the repository at {}", shown,
                                 git_.directory())
                    .hint(kFetchHint));
}

Result<std::string> GitSourceTree::read_file(const CommitSha& commit, const std::string& path,
                                             Progress& progress) {
    if (!is_below_top(path))
        return Fail(Error::invalid_input("\"{}\" is not the path of a file below the repository's top",
                                         sanitize_for_terminal(path)));
    TRY(require(commit, progress));
    const auto result = TRY(git_.run({.arguments = {"cat-file", "--batch", "--follow-symlinks"},
                                      .input = commit.text() + ":" + path + "\n",
                                      .max_output_bytes = kMostFileBytes + 4096},
                                     progress));
    if (result.exit_code != 0)
        return Fail(Error::failed("git cannot read {} in commit {}: {}", sanitize_for_terminal(path),
                                  commit.short_sha().text(), last_words(result)));
    return file_of(result.output, commit, path);
}

// A tree can hold nothing named ".git" (git refuses it), so the index of this one export lies there.
// read-tree, unlike archive, leaves out nothing and replaces nothing whatever .gitattributes says of exports.
Result<void> GitSourceTree::export_commit(const CommitSha& commit, const std::string& folder,
                                          Progress& progress) {
    TRY(require(commit, progress));
    const auto git_folder = TRY(git_.line({"rev-parse", "--absolute-git-dir"}, progress));
    TRY(make_empty_folder(folder));
    TRY(support::create_folders(folder + "/.git"));
    std::error_code ignored;  // git says it better
    const auto place = std::filesystem::weakly_canonical(folder, ignored).string();
    const auto result =
        git_.run({.arguments = {"-c", "core.sparseCheckout=false", "-c", "core.splitIndex=false", "read-tree",
                                "--reset", "-u", "--no-sparse-checkout", commit.text()},
                  .environment = {{"GIT_DIR", git_folder},
                                  {"GIT_WORK_TREE", place},
                                  {"GIT_INDEX_FILE", place + "/.git/index"}},
                  .directory = place,
                  .timeout = kExportTimeout},
                 progress);
    if (result && result->exit_code == 0) return support::remove_tree(folder + "/.git");
    empty_folder(folder);
    if (!result) return Fail(result.error());
    return Fail(Error::failed("git could not export commit {} to {}: {}", commit.short_sha().text(), folder,
                              last_words(*result)));
}

Result<CommitSummary> GitSourceTree::describe(const CommitSha& commit, Progress& progress) {
    TRY(require(commit, progress));
    const auto text = TRY(git_.line({"log", "-1", "--no-decorate", "--encoding=UTF-8",
                                     "--format=%ct%n%an%n%ae%n%s", "--end-of-options", commit.text(), "--"},
                                    progress));
    const auto lines = split_lines(text);
    const auto seconds = lines.empty() ? std::nullopt : parse_integer(lines[0]);
    if (!seconds || lines.size() < 3)
        return Fail(Error::corrupt("git describes commit {} in a way that makes no sense", commit.text()));
    return CommitSummary{.subject = std::string(lines.size() > 3 ? lines[3] : ""),
                         .author = std::string(lines[1]),
                         .author_email = std::string(lines[2]),
                         .committed_at = TimePoint(std::chrono::seconds(*seconds))};
}

}  // namespace ringmaster::git_source
