#include "adapters/python_source/source_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>

#include "adapters/python_source/ignore_rules.h"
#include "base/text.h"

namespace ringmaster::python_source {
namespace {

// Beyond it somebody gave the wrong folder; the largest known monorepo of flows has some thousands.
constexpr std::size_t kMostFiles = 200'000;
constexpr int kDeepestFolder = 64;
constexpr std::int64_t kMostIgnoreBytes = 1 << 20;

// What tools make and people do not write. A project's own .gitignore can take any of it back in ("!build/").
constexpr std::string_view kDefaultExcludes =
    ".git/\n.hg/\n.svn/\n.venv/\nvenv/\nnode_modules/\n__pycache__/\nsite-packages/\nbuild/\ndist/\n.eggs/\n"
    "*.egg-info/\n.tox/\n.nox/\n.mypy_cache/\n.pytest_cache/\n.ruff_cache/\n.ipynb_checkpoints/\n.idea/"
    "\n.vscode/\n";

struct Descriptor {
    int value = -1;
    ~Descriptor() {
        if (value >= 0) ::close(value);
    }
};

struct FolderCloser {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

std::int64_t nanoseconds(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

Stamp stamp_of(const struct stat& status) {
    return {.size = status.st_size,
            .modified_ns = nanoseconds(status.st_mtim),
            .changed_ns = nanoseconds(status.st_ctim)};
}

/// The rules of a .gitignore, and the folder they count from: below the root, or ("../..") above it.
struct Rules {
    std::string prefix;  ///< of paths below the root, to count them from the folder above it
    std::size_t skip;    ///< characters of a path below the root that come before the rules' folder's own
    IgnoreRules rules;
};

class Walk {
 public:
    Walk(SourceFiles& found, Progress& progress) : found_(found), progress_(progress) {}

    void add_rules(std::string prefix, std::size_t skip, const std::string& path) {
        auto text = read_bytes(path, kMostIgnoreBytes);
        if (text) push_rules(std::move(prefix), skip, *text);
    }
    void push_rules(std::string prefix, std::size_t skip, std::string_view text) {
        IgnoreRules rules(text);
        if (!rules.empty()) rules_.push_back({std::move(prefix), skip, std::move(rules)});
    }

    Result<void> folder(int parent, const char* name, const std::string& relative, int depth);

 private:
    struct Entry {
        std::string name;
        unsigned char type;
    };
    Result<void> entry(int folder, const Entry& entry, const std::string& relative, int depth);
    void file(const std::string& relative, const struct stat& status);
    bool is_ignored(const std::string& relative, PathKind kind) const;
    void problem(const std::string& relative, std::string message);
    std::vector<Entry> entries(int folder, const std::string& relative);

    SourceFiles& found_;
    Progress& progress_;
    std::vector<Rules> rules_;
    int folders_ = 0;
};

void Walk::problem(const std::string& relative, std::string message) {
    found_.problems.push_back({.source_relative = relative.empty() ? "." : relative,
                               .line_number = 0,
                               .message = std::move(message)});
}

bool Walk::is_ignored(const std::string& relative, PathKind kind) const {
    for (auto rules = rules_.rbegin(); rules != rules_.rend(); ++rules) {
        const auto verdict = rules->prefix.empty()
                                 ? rules->rules.judge(std::string_view(relative).substr(rules->skip), kind)
                                 : rules->rules.judge(rules->prefix + relative, kind);
        if (verdict != IgnoreRules::Verdict::Silent) return verdict == IgnoreRules::Verdict::Ignored;
    }
    return false;
}

std::vector<Walk::Entry> Walk::entries(int folder, const std::string& relative) {
    std::vector<Entry> found;
    const int copy = ::dup(folder);  // closedir closes what it reads from
    const std::unique_ptr<DIR, FolderCloser> listing(::fdopendir(copy));
    if (!listing) {
        if (copy >= 0) ::close(copy);
        problem(relative, fmt::format("the folder could not be read: {}", std::strerror(errno)));
        return found;
    }
    while (const dirent* each = ::readdir(listing.get())) {
        const std::string_view name = each->d_name;
        if (name != "." && name != "..") found.push_back({std::string(name), each->d_type});
    }
    std::ranges::sort(found, {}, &Entry::name);
    return found;
}

Result<void> Walk::folder(int parent, const char* name, const std::string& relative, int depth) {
    constexpr int kFoldersBetweenPulses = 256;
    if (++folders_ % kFoldersBetweenPulses == 0) TRY(progress_.pulse());
    const Descriptor opened{::openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)};
    if (opened.value < 0) {
        problem(relative, fmt::format("the folder could not be read: {}", std::strerror(errno)));
        return {};
    }
    const auto found = entries(opened.value, relative);
    const auto has = [&found](std::string_view wanted) {
        return std::ranges::binary_search(found, wanted, {},
                                          [](const Entry& e) { return std::string_view(e.name); });
    };
    if (has("pyvenv.cfg")) return {};  // a virtual environment, whatever it is called (PEP 405)
    const std::size_t rules_before = rules_.size();
    if (has(".gitignore"))
        add_rules("", relative.empty() ? 0 : relative.size() + 1,
                  found_.root + "/" + (relative.empty() ? "" : relative + "/") + ".gitignore");
    for (const Entry& each : found) TRY(entry(opened.value, each, relative, depth));
    rules_.resize(rules_before);
    return {};
}

Result<void> Walk::entry(int folder, const Entry& entry, const std::string& relative, int depth) {
    const bool is_source = entry.name.ends_with(".py");
    if (entry.type == DT_REG && !is_source) return {};
    const std::string path = relative.empty() ? entry.name : relative + "/" + entry.name;
    unsigned char type = entry.type;
    struct stat status = {};
    if (is_source || type == DT_UNKNOWN) {
        // A link to a file is read like the file; one to a folder is left alone.
        if (::fstatat(folder, entry.name.c_str(), &status, type == DT_UNKNOWN ? AT_SYMLINK_NOFOLLOW : 0) !=
            0) {
            if (is_source) problem(path, fmt::format("it could not be read: {}", std::strerror(errno)));
            return {};
        }
        if (S_ISREG(status.st_mode))
            type = DT_REG;
        else if (S_ISDIR(status.st_mode) && type != DT_LNK)
            type = DT_DIR;
        else
            return {};
    }
    if (type == DT_DIR) {
        if (is_ignored(path, PathKind::Folder)) return {};
        if (depth < kDeepestFolder) return this->folder(folder, entry.name.c_str(), path, depth + 1);
        problem(path, fmt::format("folders deeper than {} were not looked at", kDeepestFolder));
    } else if (type == DT_REG && is_source && !is_ignored(path, PathKind::File)) {
        file(path, status);
    }
    return {};
}

void Walk::file(const std::string& relative, const struct stat& status) {
    if (!is_valid_utf8(relative))
        return problem(sanitize_for_terminal(relative),
                       "its name is not valid UTF-8, so nothing could refer to it");
    if (found_.files.size() < kMostFiles) {
        found_.files.push_back({relative, stamp_of(status)});
    } else if (found_.files.size() == kMostFiles) {
        found_.files.push_back({relative, stamp_of(status)});
        problem("",
                fmt::format("there are more than {} Python files; the rest was not looked at", kMostFiles));
    }
}

/// Rules of the folders above the root, up to the repository that it is in.
void add_rules_above(Walk& walk, const std::string& root) {
    namespace fs = std::filesystem;
    std::error_code error;
    std::vector<std::pair<std::string, std::string>> above;  // prefix of paths, folder
    std::string prefix;
    fs::path folder = root;
    while (!fs::exists(folder / ".git", error)) {
        if (!folder.has_relative_path()) return;  // no repository
        prefix = folder.filename().string() + "/" + prefix;
        folder = folder.parent_path();
        above.emplace_back(prefix, folder.string());
    }
    walk.add_rules(prefix, 0, (folder / ".git/info/exclude").string());
    for (auto each = above.rbegin(); each != above.rend(); ++each)
        walk.add_rules(each->first, 0, each->second + "/.gitignore");
}

}  // namespace

const SourceFile* SourceFiles::find(std::string_view relative) const {
    const auto found = by_path_.find(relative);
    return found == by_path_.end() ? nullptr : &files[found->second];
}

void SourceFiles::index() {
    by_path_.reserve(files.size());
    for (std::size_t i = 0; i < files.size(); ++i) {
        std::string_view path = files[i].relative;
        by_path_.emplace(path, i);
        path.remove_suffix(std::string_view(".py").size());
        for (const auto name : split(path, '/')) names_.insert(name);
    }
}

Result<SourceFiles> list_source_files(const std::string& root, const std::vector<std::string>& excludes,
                                      Progress& progress) {
    std::error_code error;
    SourceFiles found;
    found.root = std::filesystem::canonical(root, error).string();
    if (error)
        return Fail(
            Error::not_found("there is no folder \"{}\"", root).hint("give the folder that holds the flows"));
    if (!std::filesystem::is_directory(found.root, error))
        return Fail(Error::invalid_input("\"{}\" is no folder", root));
    Walk walk(found, progress);
    walk.push_rules("", 0, kDefaultExcludes);
    walk.push_rules("", 0, join(excludes, "\n"));
    add_rules_above(walk, found.root);
    TRY(walk.folder(AT_FDCWD, found.root.c_str(), "", 0));
    std::ranges::sort(found.files, {}, &SourceFile::relative);
    return found;
}

std::optional<SourceFile> source_file_at(const std::string& root, const std::string& relative) {
    struct stat status = {};
    if (::stat((root + "/" + relative).c_str(), &status) != 0 || !S_ISREG(status.st_mode))
        return std::nullopt;
    return SourceFile{relative, stamp_of(status)};
}

Result<std::string> read_bytes(const std::string& path, std::int64_t limit) {
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    struct stat status = {};
    if (file.value < 0 || ::fstat(file.value, &status) != 0)
        return Fail(Error::unavailable("it could not be read: {}", std::strerror(errno)));
    if (!S_ISREG(status.st_mode)) return Fail(Error::unavailable("it is no ordinary file"));
    std::string bytes(static_cast<std::size_t>(std::min<std::int64_t>(status.st_size, limit)), '\0');
    std::size_t length = 0;
    while (length < bytes.size()) {
        const ssize_t count = ::read(file.value, bytes.data() + length, bytes.size() - length);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return Fail(Error::unavailable("it could not be read: {}", std::strerror(errno)));
        if (count == 0) break;
        length += static_cast<std::size_t>(count);
    }
    bytes.resize(length);
    return bytes;
}

}  // namespace ringmaster::python_source
