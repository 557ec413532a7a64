#include "local_forge/node_id.h"

#include <openssl/evp.h>

#include <array>
#include <utility>
#include <vector>

namespace ringmaster::local_forge {
namespace {

struct Prefix {
    NodeKind kind;
    std::string_view text;
};

// GitHub's own prefixes where it has shown them.
constexpr std::array kPrefixes = {
    Prefix{NodeKind::User, "U"},         Prefix{NodeKind::Bot, "BOT"},
    Prefix{NodeKind::Organization, "O"}, Prefix{NodeKind::Repository, "R"},
    Prefix{NodeKind::Label, "LA"},       Prefix{NodeKind::Issue, "I"},
    Prefix{NodeKind::PullRequest, "PR"}, Prefix{NodeKind::Comment, "IC"},
    Prefix{NodeKind::Deployment, "DE"},  Prefix{NodeKind::DeploymentStatus, "DES"},
    Prefix{NodeKind::Environment, "EN"}, Prefix{NodeKind::TimelineEvent, "LE"},
    Prefix{NodeKind::Commit, "C"},       Prefix{NodeKind::Ref, "REF"}};

constexpr unsigned char kArrayOfThree = 0x93;
constexpr unsigned char kUint32 = 0xCE;
constexpr unsigned char kStr16 = 0xDA;

void append_uint32(std::string& bytes, Id value) {
    bytes += static_cast<char>(kUint32);
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((value >> shift) & 0xFF);
}

std::string base64url(std::string_view bytes) {
    std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    while (text.ends_with('=')) text.pop_back();
    for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string padded(text);
    for (char& c : padded) c = c == '-' ? '+' : c == '_' ? '/' : c;
    const std::size_t padding = (4 - padded.size() % 4) % 4;
    padded.append(padding, '=');
    std::string bytes(padded.size() / 4 * 3, '\0');
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                       reinterpret_cast<const unsigned char*>(padded.data()),
                                       static_cast<int>(padded.size()));
    if (length < 0 || padding > 2) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(length) - padding);
    return bytes;
}

std::optional<Id> take_uint32(std::string_view& bytes) {
    if (bytes.size() < 5 || static_cast<unsigned char>(bytes[0]) != kUint32) return std::nullopt;
    Id value = 0;
    for (std::size_t i = 1; i <= 4; ++i) value = (value << 8) | static_cast<unsigned char>(bytes[i]);
    bytes.remove_prefix(5);
    return value;
}

std::optional<std::string> take_text(std::string_view& bytes) {
    if (bytes.size() < 3 || static_cast<unsigned char>(bytes[0]) != kStr16) return std::nullopt;
    const std::size_t length =
        (static_cast<unsigned char>(bytes[1]) << 8) | static_cast<unsigned char>(bytes[2]);
    if (bytes.size() != 3 + length) return std::nullopt;
    std::string text(bytes.substr(3));
    bytes = {};
    return text;
}

NodeKind kind_of(const User& user) {
    switch (user.type) {
        case UserType::User:
            return NodeKind::User;
        case UserType::Bot:
            return NodeKind::Bot;
        case UserType::Organization:
            return NodeKind::Organization;
    }
    std::unreachable();
}

}  // namespace

std::string print_node_id(const NodeId& node) {
    std::string bytes;
    bytes += static_cast<char>(kArrayOfThree);
    bytes += '\0';
    append_uint32(bytes, node.repository_id);
    if (node.name.empty()) {
        append_uint32(bytes, node.id);
    } else {
        bytes += static_cast<char>(kStr16);
        bytes += static_cast<char>(node.name.size() >> 8);
        bytes += static_cast<char>(node.name.size() & 0xFF);
        bytes += node.name;
    }
    for (const auto& prefix : kPrefixes)
        if (prefix.kind == node.kind) return std::string(prefix.text) + "_" + base64url(bytes);
    std::unreachable();
}

std::optional<NodeId> parse_node_id(std::string_view text) {
    const auto underscore = text.find('_');
    if (underscore == std::string_view::npos) return std::nullopt;
    NodeId node;
    bool known = false;
    for (const auto& prefix : kPrefixes)
        if (prefix.text == text.substr(0, underscore)) node.kind = prefix.kind, known = true;
    const auto decoded = from_base64url(text.substr(underscore + 1));
    if (!known || !decoded || decoded->size() < 2) return std::nullopt;
    std::string_view bytes = *decoded;
    if (static_cast<unsigned char>(bytes[0]) != kArrayOfThree || bytes[1] != 0) return std::nullopt;
    bytes.remove_prefix(2);
    const auto repository = take_uint32(bytes);
    if (!repository) return std::nullopt;
    node.repository_id = *repository;
    if (node.kind == NodeKind::Commit || node.kind == NodeKind::Ref) {
        const auto name = take_text(bytes);
        if (!name || name->empty()) return std::nullopt;
        node.name = *name;
    } else {
        const auto id = take_uint32(bytes);
        if (!id || !bytes.empty()) return std::nullopt;
        node.id = *id;
    }
    return node;
}

std::string node_id(const User& user) {
    return print_node_id({kind_of(user), 0, user.id, ""});
}
std::string node_id(const Repository& repository) {
    return print_node_id({NodeKind::Repository, 0, repository.id, ""});
}
std::string node_id(const Label& label) {
    return print_node_id({NodeKind::Label, label.repository_id, label.id, ""});
}
std::string node_id(const Issue& issue) {
    return print_node_id(
        {issue.is_pull_request ? NodeKind::PullRequest : NodeKind::Issue, issue.repository_id, issue.id, ""});
}
std::string node_id(const PullRequest& pull) {
    return node_id(pull.issue);
}
std::string node_id(const Comment& comment) {
    return print_node_id({NodeKind::Comment, comment.repository_id, comment.id, ""});
}
std::string node_id(const Deployment& deployment) {
    return print_node_id({NodeKind::Deployment, deployment.repository_id, deployment.id, ""});
}

}  // namespace ringmaster::local_forge
