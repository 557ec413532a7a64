#pragma once
// The states of a show and the moves between them. Contract §2: none → building → built → deploying →
// running; failed from any of them; running or failed → building again; anything → stopping → gone.

#include <optional>
#include <string_view>

namespace ringmaster {

enum class ShowStatus {
    Building,
    Built,
    Deploying,
    Running,
    Updating,  ///< read, never written (upstream's reserved word)
    Failed,
    Stopping,
    Unknown,  ///< a word we don't know; counts as failed in decisions
};

std::string_view to_string(ShowStatus status);
/// The status a label's text names; Unknown for any other text.
ShowStatus parse_show_status(std::string_view text);
/// building, built, deploying: some worker should be busy with it.
bool is_in_progress(ShowStatus status);
/// Whether a worker may write `to` over `from` (nullopt: no show yet).
bool can_move(std::optional<ShowStatus> from, ShowStatus to);
/// Which of two statuses found on one show is believed: running > deploying > built > building > updating >
/// stopping > failed > unknown.
ShowStatus most_advanced(ShowStatus a, ShowStatus b);

}  // namespace ringmaster
