#include <algorithm>

#include "base/text.h"
#include "flows/service.h"

namespace ringmaster::flows {

namespace {

bool means(const std::string& word, const Flow& flow) {
    return replace_all(word, "-", "_") == flow.name || word == flow.original_name || word == flow.id ||
           word == fmt::format("{}:{}", flow.source_relative, flow.name) ||
           word == fmt::format("{}:{}", flow.source_relative, flow.object_name);
}

Error unknown(const std::string& word, const std::vector<Flow>& flows) {
    std::vector<std::string> names;
    for (const auto& flow : flows) names.push_back(flow.name);
    const auto near = nearest_word(word, names);
    return Error::invalid_input("there is no flow {}", sanitize_for_terminal(word))
        .hint(near ? fmt::format("did you mean {}?", *near) : "`ringmaster flows` lists them");
}

Error ambiguous(const std::string& word, const std::vector<Flow>& found) {
    std::vector<std::string> places;
    for (const auto& flow : found)
        places.push_back(fmt::format("{}:{}", flow.source_relative, flow.object_name));
    return Error::invalid_input("{} could be any of {} flows", sanitize_for_terminal(word), found.size())
        .hint("say which: " + join(places, ", "));
}

}  // namespace

Result<std::vector<Flow>> select_flows(const std::vector<Flow>& flows,
                                       const std::vector<std::string>& words) {
    if (words.empty()) return Fail(Error::invalid_input("no flow was named").hint("name some, or say all"));
    std::vector<Flow> chosen;
    for (const auto& word : words) {
        if (word == "all") return flows;
        std::vector<Flow> found;
        std::ranges::copy_if(flows, std::back_inserter(found),
                             [&](const auto& flow) { return means(word, flow); });
        if (found.empty()) return Fail(unknown(word, flows));
        if (found.size() > 1) return Fail(ambiguous(word, found));
        if (std::ranges::find(chosen, found[0].id, &Flow::id) == chosen.end()) chosen.push_back(found[0]);
    }
    return chosen;
}

}  // namespace ringmaster::flows
