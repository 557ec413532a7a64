#pragma once
// An answer to observe_query as GitHub gives it, to be changed by tests: view_answer()["data"]["repository"]…

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace ringmaster::github {

inline const std::string kHead(40, 'a');
inline const std::string kTip(40, 'b');

/// #12 of acme/shop, open, at kHead, with the labels "bug" (LA_1) and "🎪 ⚡ showtime-trigger-start" (LA_2).
nlohmann::json view_answer();
nlohmann::json comment_node(const std::string& id, const std::string& body, bool is_own);

}  // namespace ringmaster::github
