#include "adapters/github/etag_cache.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "adapters/support/json_reader.h"
#include "base/assert.h"

namespace ringmaster::github {
namespace {

namespace fs = std::filesystem;

// Our repeated reads are small (a permission, a comparison); a large answer is better fetched than kept.
constexpr std::size_t kMostBodyBytes = 1 << 20;
// Beyond this the folder is emptied: that costs each reader one full answer, and needs no bookkeeping.
constexpr std::ptrdiff_t kMostFiles = 2000;

std::string sha256(std::string_view text) {
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    const int done = EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
    RM_ASSERT(done == 1 && size == digest.size(), "SHA-256 is always there");
    std::string hex;
    for (const unsigned char byte : digest) hex += fmt::format("{:02x}", byte);
    return hex;
}

/// Written beside and renamed, so that a reader sees all of it or nothing.
void write_private(const fs::path& path, const std::string& temporary_suffix, std::string_view text) {
    const std::string temporary = path.string() + "." + temporary_suffix;
    const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return;
    const bool is_written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const bool is_closed = ::close(file) == 0;
    if (!is_written || !is_closed || ::rename(temporary.c_str(), path.c_str()) != 0)
        ::unlink(temporary.c_str());
}

void empty_if_full(const fs::path& folder) {
    std::error_code ignored;
    const fs::directory_iterator begin(folder, ignored);
    if (ignored || std::distance(begin, fs::directory_iterator()) < kMostFiles) return;
    for (const auto& file : fs::directory_iterator(folder, ignored)) {
        if (file.path().extension() == ".etag") fs::remove(file.path(), ignored);
    }
}

}  // namespace

EtagCache::EtagCache(std::string folder, std::string_view token, Entropy& entropy)
    : folder_(std::move(folder)), token_hash_(sha256(token)), entropy_(entropy) {}

std::string EtagCache::key_of(std::string_view url, std::string_view accept) const {
    return sha256(fmt::format("{}\n{}\n{}", token_hash_, accept, url)) + ".etag";
}

std::optional<EtagCache::Entry> EtagCache::find(std::string_view url, std::string_view accept) const {
    if (folder_.empty()) return std::nullopt;
    std::ifstream file(fs::path(folder_) / key_of(url, accept), std::ios::binary);
    if (!file) return std::nullopt;
    std::string text(2 * kMostBodyBytes, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    const auto json = support::JsonReader::parse(text, "a cache file");
    if (!json || !json->is_object()) return std::nullopt;
    Entry entry{json->optional_string("etag").value_or(""), json->optional_string("body").value_or("")};
    const bool is_whole =
        json->optional_string("url").value_or("") == url &&
        json->optional_string("sha256").value_or("") == sha256(entry.etag + "\n" + entry.body);
    if (!is_whole || entry.etag.empty()) return std::nullopt;
    return entry;
}

void EtagCache::store(std::string_view url, std::string_view accept, const Entry& entry) {
    if (folder_.empty() || entry.body.size() > kMostBodyBytes) return;
    std::error_code failed;
    fs::create_directories(fs::path(folder_).parent_path(), failed);
    if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) return;
    empty_if_full(folder_);
    using support::json_quote;
    const std::string text = fmt::format(
        R"({{"url":{},"etag":{},"sha256":{},"body":{}}})", json_quote(url), json_quote(entry.etag),
        json_quote(sha256(entry.etag + "\n" + entry.body)), json_quote(entry.body));
    write_private(fs::path(folder_) / key_of(url, accept), entropy_.hex(8), text);
}

}  // namespace ringmaster::github
