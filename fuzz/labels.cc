// shows/labels: any set of labels gives an understanding that does not depend on their order, and every show
// that was read prints labels that read back as the same show. The input is one label a line.
#include "shows/labels.h"

#include <algorithm>

#include "base/text.h"
#include "fuzz/fuzz.h"

using namespace ringmaster;

FUZZ(text) {
    std::vector<std::string> labels;
    for (const auto line : split_lines(text)) labels.emplace_back(line);
    const auto state = shows::parse_labels(labels);
    std::ranges::reverse(labels);
    const auto reversed = shows::parse_labels(labels);
    RM_ASSERT(state.shows == reversed.shows && state.active == reversed.active,
              "the order of labels does not matter");

    for (const auto& show : state.shows) {
        std::vector<std::string> printed;
        for (const auto& label : shows::print_show(show)) {
            RM_ASSERT(utf16_length(label.name) <= shows::kMostLabelUnits,
                      "no label is longer than the forge allows");
            printed.push_back(label.name);
        }
        const auto again = shows::parse_labels(printed);
        RM_ASSERT(again.shows.size() == 1 && again.shows[0].sha == show.sha, "a show's labels name one show");
        RM_ASSERT(again.shows[0].endpoint == show.endpoint && again.shows[0].created_at == show.created_at,
                  "a show reads back");
    }
    for (const auto& label : labels) {
        (void)shows::define_label(label);
        if (shows::is_show_definition(label))
            RM_ASSERT(label.starts_with(shows::kTent), "only labels of ours are pruned");
    }
}
