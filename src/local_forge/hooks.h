#pragma once
// Webhooks and the record of what was sent. A Delivery is written in the transaction of the change it tells
// about, so none is lost or invented; webhook_sender.h sends them.

#include <string>
#include <string_view>
#include <vector>

#include "local_forge/answer.h"
#include "local_forge/model.h"
#include "local_forge/paging.h"

namespace ringmaster::local_forge {

class ForgeStore;

struct NewHook {
    std::string url;
    std::string secret;
    std::string content_type = "json";
    std::vector<std::string> events = {"push"};
    bool is_active = true;
};

struct HookChange {
    std::optional<std::string> url;
    std::optional<std::string> secret;
    std::optional<std::string> content_type;
    std::optional<std::vector<std::string>> events;
    std::optional<bool> is_active;
};

class Hooks {
 public:
    explicit Hooks(ForgeStore& store) : store_(store) {}

    /// Refusals: 422 (url missing or not http(s), the same one exists, more than 20 for an event), 404 (needs
    /// admin). Pings.
    Answer<Hook> create(const Viewer& viewer, const Repository& repository, const NewHook& wanted);
    Answer<Hook> update(const Viewer& viewer, const Repository& repository, const Hook& hook,
                        const HookChange& change);
    Answer<void> remove(const Viewer& viewer, const Repository& repository, const Hook& hook);
    Answer<void> ping(const Viewer& viewer, const Repository& repository, const Hook& hook);
    /// A copy of the delivery under the same GUID is sent again.
    Answer<Delivery> redeliver(const Viewer& viewer, const Repository& repository, const Delivery& delivery);

    Result<std::optional<Hook>> find(Id id);
    Result<std::vector<Hook>> list(const Repository& repository);
    /// Active hooks of the repository that want the event.
    Result<std::vector<Hook>> wanting(Id repository_id, std::string_view event);

    // The outbox.
    Result<Delivery> enqueue(const Hook& hook, std::string_view guid, std::string_view event,
                             std::string_view action, std::string_view payload, bool is_redelivery);
    Result<std::optional<Delivery>> find_delivery(Id id);
    /// Newest first.
    Result<std::vector<Delivery>> deliveries(const Hook& hook, const Window& window);
    /// The oldest not yet sent, for hooks other than those in `busy_hooks`.
    Result<std::optional<Delivery>> next_waiting(const std::vector<Id>& busy_hooks);
    Result<void> finish(const Delivery& delivery);

 private:
    Answer<void> require_admin(const Viewer& viewer, const Repository& repository);
    Answer<void> check_against_others(const Hook& wanted);

    ForgeStore& store_;
};

}  // namespace ringmaster::local_forge
