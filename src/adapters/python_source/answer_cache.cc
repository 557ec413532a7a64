#include "adapters/python_source/answer_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>

namespace ringmaster::python_source {
namespace {

// To be raised with every change of what the same source gives, and of the format.
constexpr std::string_view kVersion = "ringmaster flows 1\n";
constexpr std::int64_t kMostBytes = std::int64_t{1} << 30;

std::uint64_t checksum(std::string_view bytes) {
    constexpr std::uint64_t kPrime = 0x9E3779B97F4A7C15ULL;
    std::uint64_t sum = bytes.size();
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + at, std::min(sizeof word, bytes.size() - at));
        sum = (sum ^ word) * kPrime;
        sum ^= sum >> 29;
    }
    return sum;
}

/// The same functions say what is written and what is read: `archive` is a Writer or a Reader.
class Writer {
 public:
    void number(const std::int64_t& value) {
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void text(const std::string& value) {
        number(static_cast<std::int64_t>(value.size()));
        bytes_ += value;
    }
    template <typename T>
    std::size_t count(const std::vector<T>& items) {
        number(static_cast<std::int64_t>(items.size()));
        return items.size();
    }
    bool is_good() const { return true; }
    std::string& bytes() { return bytes_; }

 private:
    std::string bytes_;
};

class Reader {
 public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    void number(std::int64_t& value) {
        value = 0;
        is_good_ &= rest_.size() >= sizeof value;
        if (!is_good_) return;
        std::memcpy(&value, rest_.data(), sizeof value);
        rest_.remove_prefix(sizeof value);
    }
    void text(std::string& value) { value = rest_.substr(0, length()), rest_.remove_prefix(value.size()); }
    template <typename T>
    std::size_t count(std::vector<T>& items) {
        items.resize(length());
        return items.size();
    }
    bool is_good() const { return is_good_; }
    bool is_at_end() const { return rest_.empty(); }

 private:
    /// Of a text or a list; neither has more items than there are bytes left.
    std::size_t length() {
        std::int64_t value = 0;
        number(value);
        is_good_ &= value >= 0 && static_cast<std::uint64_t>(value) <= rest_.size();
        return is_good_ ? static_cast<std::size_t>(value) : 0;
    }
    std::string_view rest_;
    bool is_good_ = true;
};

template <typename Archive, typename Integer>
void integer(Archive& archive, Integer& value) {
    auto wide = static_cast<std::int64_t>(value);
    archive.number(wide);
    if constexpr (!std::is_const_v<Integer>) value = static_cast<Integer>(wide);
}

template <typename Archive, typename Text>
void optional_text(Archive& archive, Text& value) {
    bool has_value = value.has_value();
    integer(archive, has_value);
    if constexpr (!std::is_const_v<Text>)
        if (has_value) value.emplace();
    if (has_value) archive.text(*value);
}

template <typename Archive, typename Items, typename Each>
void list(Archive& archive, Items& items, const Each& each) {
    const std::size_t count = archive.count(items);
    for (std::size_t i = 0; i < count && archive.is_good(); ++i) each(items[i]);
}

template <typename Archive, typename OneStamp>
void stamp(Archive& archive, OneStamp& value) {
    archive.number(value.size);
    archive.number(value.modified_ns);
    archive.number(value.changed_ns);
}

template <typename Archive, typename OneFlow>
void flow(Archive& archive, OneFlow& value) {
    integer(archive, value.kind);
    for (auto* text : {&value.id, &value.name, &value.original_name, &value.name_expression,
                       &value.object_name, &value.object_kind, &value.class_name})
        archive.text(*text);
    optional_text(archive, value.description);
    optional_text(archive, value.entrypoint_object);
    integer(archive, value.line_number);
    integer(archive, value.is_static);
    list(archive, value.parameters, [&](auto& parameter) {
        archive.text(parameter.name);
        archive.text(parameter.annotation);
        optional_text(archive, parameter.default_value);
        optional_text(archive, parameter.default_json);
        integer(archive, parameter.is_keyword_only);
    });
    list(archive, value.diagnostics, [&](auto& sentence) { archive.text(sentence); });
}

template <typename Archive, typename Answer>
void answer(Archive& archive, Answer& value) {
    stamp(archive, value.stamp);
    list(archive, value.flows, [&](auto& each) { flow(archive, each); });
    list(archive, value.problems, [&](auto& problem) {
        integer(archive, problem.line_number);
        archive.text(problem.message);
    });
    list(archive, value.dependencies, [&](auto& dependency) {
        optional_text(archive, dependency.lookup.base);
        archive.text(dependency.lookup.dotted);
        archive.text(dependency.lookup.found);
        stamp(archive, dependency.stamp);
    });
}

struct File {
    int descriptor;
    ~File() {
        if (descriptor >= 0) ::close(descriptor);
    }
};

bool write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

/// When the file system thinks it is; 0: unknown.
std::int64_t time_of(int descriptor) {
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0) return 0;
    return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

}  // namespace

AnswerCache AnswerCache::load(const std::string& path, std::string_view root) {
    AnswerCache cache;
    const auto bytes = read_bytes(path, kMostBytes);
    if (!bytes || !std::string_view(*bytes).starts_with(kVersion)) return cache;
    std::string_view rest = std::string_view(*bytes).substr(kVersion.size());
    std::uint64_t sum = 0;
    if (rest.size() < sizeof sum) return cache;
    std::memcpy(&sum, rest.data(), sizeof sum);
    rest.remove_prefix(sizeof sum);
    if (sum != checksum(rest)) return cache;

    Reader reader(rest);
    std::string of_root;
    reader.text(of_root);
    if (of_root != root) return cache;
    while (reader.is_good() && !reader.is_at_end()) {
        std::string relative;
        reader.text(relative);
        answer(reader, cache.answers_[std::move(relative)]);
    }
    if (!reader.is_good()) cache.answers_.clear();
    return cache;
}

const FileAnswer* AnswerCache::find(std::string_view relative, const Stamp& stamp) const {
    const auto found = answers_.find(std::string(relative));
    return found != answers_.end() && found->second.stamp == stamp ? &found->second : nullptr;
}

void AnswerCache::save(const std::string& path, std::string_view root,
                       const std::vector<std::pair<std::string_view, const FileAnswer*>>& answers) {
    // The kernel's times of files move in ticks of up to 10 ms.
    constexpr std::int64_t kTick = 20'000'000;
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
    const std::string fresh = path + "." + std::to_string(::getpid());
    const File file{::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (file.descriptor < 0) return;
    const std::int64_t settled = time_of(file.descriptor) - kTick;
    Writer writer;
    writer.text(std::string(root));
    for (const auto& [relative, each] : answers) {
        if (each->stamp.modified_ns > settled || each->stamp.changed_ns > settled) continue;
        writer.text(std::string(relative));
        answer(writer, *each);
    }
    const std::uint64_t sum = checksum(writer.bytes());
    std::string head(kVersion);
    head.append(reinterpret_cast<const char*>(&sum), sizeof sum);
    const bool is_written = write_all(file.descriptor, head) && write_all(file.descriptor, writer.bytes());
    if (!is_written || ::rename(fresh.c_str(), path.c_str()) != 0) ::unlink(fresh.c_str());
}

}  // namespace ringmaster::python_source
