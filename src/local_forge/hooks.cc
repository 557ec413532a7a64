#include "local_forge/hooks.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "local_forge/store.h"

namespace ringmaster::local_forge {
namespace {

constexpr std::size_t kMaxHooksOfAnEvent = 20;  // github-facts 2.11
// Deliveries can be looked at and sent again for three days on GitHub (2.10); here the newest of each hook
// are kept.
constexpr int kKeptDeliveries = 1000;

constexpr std::string_view kSelect =
    "SELECT id, repository_id, url, secret, content_type, events, is_active, created_at, updated_at FROM "
    "hooks ";
constexpr std::string_view kSelectDelivery =
    "SELECT id, hook_id, guid, event, action, payload, is_redelivery, delivered_at, duration_ms, "
    "status_code, status, "
    "request_headers, response_headers, response_body, created_at FROM deliveries ";

Hook hook_at(const database::Statement& row) {
    Hook hook{row.integer(0), row.integer(1), row.text(2), row.text(3), row.text(4)};
    const std::string events = row.text(5);
    for (const auto event : split(events, ',')) hook.events.emplace_back(event);
    hook.is_active = row.integer(6) != 0;
    hook.created_at = time_at(row, 7);
    hook.updated_at = time_at(row, 8);
    return hook;
}

Delivery delivery_at(const database::Statement& row) {
    Delivery delivery{row.integer(0), row.integer(1), row.text(2), row.text(3), row.text(4), row.text(5)};
    delivery.is_redelivery = row.integer(6) != 0;
    delivery.delivered_at = optional_time_at(row, 7);
    delivery.duration_ms = row.integer(8);
    delivery.status_code = static_cast<int>(row.integer(9));
    delivery.status = row.text(10);
    delivery.request_headers = row.text(11);
    delivery.response_headers = row.text(12);
    delivery.response_body = row.text(13);
    delivery.created_at = time_at(row, 14);
    return delivery;
}

bool wants(const Hook& hook, std::string_view event) {
    return std::ranges::any_of(hook.events, [&](const auto& name) { return name == event || name == "*"; });
}

Answer<void> check(const Hook& hook) {
    if (hook.url.empty()) return Refuse(invalid_field({"Hook", "url", "missing_field", "", ""}));
    if (!hook.url.starts_with("http://") && !hook.url.starts_with("https://"))
        return Refuse(invalid_field({"Hook", "url", "custom", "Url is not a valid URL", ""}));
    if (hook.content_type != "json" && hook.content_type != "form")
        return Refuse(invalid_field({"Hook", "content_type", "invalid", "", hook.content_type}));
    if (hook.events.empty()) return Refuse(invalid_field({"Hook", "events", "missing_field", "", ""}));
    return {};
}

// What may not stand in the list of names kept in one column.
bool is_event_name(const std::string& name) {
    return name == "*" || (!name.empty() && std::ranges::all_of(name, [](char c) {
               return (c >= 'a' && c <= 'z') || c == '_';
           }));
}

}  // namespace

Answer<void> Hooks::require_admin(const Viewer& viewer, const Repository& repository) {
    if (TRY_ANSWER(store_.accounts().may(viewer, repository, Role::Admin, Right::Webhooks))) return {};
    // Who may not see hooks is told that there are none.
    return Refuse(viewer.user ? not_found() : Refusal(401, "Requires authentication"));
}

Answer<void> Hooks::check_against_others(const Hook& wanted) {
    std::vector<std::size_t> counts(wanted.events.size());
    const Repository repository{.id = wanted.repository_id};
    for (const Hook& other : TRY_ANSWER(list(repository))) {
        if (other.id == wanted.id) continue;
        if (other.url == wanted.url && other.events == wanted.events &&
            other.content_type == wanted.content_type)
            return Refuse(
                invalid_field({"Hook", "", "custom", "Hook already exists on this repository", ""}));
        for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += wants(other, wanted.events[i]) ? 1 : 0;
    }
    for (const std::size_t count : counts)
        if (count >= kMaxHooksOfAnEvent)
            return Refuse(invalid_field(
                {"Hook", "events", "custom", "The \"events\" have reached the limit of 20 hooks", ""}));
    return {};
}

Answer<Hook> Hooks::create(const Viewer& viewer, const Repository& repository, const NewHook& wanted) {
    TRY_ANSWER(require_admin(viewer, repository));
    const TimePoint now = store_.now();
    Hook hook{0,
              repository.id,
              wanted.url,
              wanted.secret,
              wanted.content_type,
              wanted.events,
              wanted.is_active,
              now,
              now};
    TRY_ANSWER(check(hook));
    if (!std::ranges::all_of(hook.events, is_event_name))
        return Refuse(invalid_field({"Hook", "events", "invalid", "", ""}));
    auto transaction = TRY_ANSWER(store_.begin());
    TRY_ANSWER(check_against_others(hook));
    hook.id =
        TRY_ANSWER(store_.core().insert("INSERT INTO hooks(repository_id, url, secret, content_type, events, "
                                        "is_active, created_at, updated_at) "
                                        "VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                                        repository.id, std::string_view(hook.url),
                                        std::string_view(hook.secret), std::string_view(hook.content_type),
                                        std::string_view(join(hook.events, ",")), hook.is_active, now, now));
    TRY_ANSWER(ping(viewer, repository, hook));
    TRY_ANSWER(transaction.commit());
    return hook;
}

Answer<Hook> Hooks::update(const Viewer& viewer, const Repository& repository, const Hook& hook,
                           const HookChange& change) {
    TRY_ANSWER(require_admin(viewer, repository));
    Hook updated = hook;
    if (change.url) updated.url = *change.url;
    if (change.secret) updated.secret = *change.secret;
    if (change.content_type) updated.content_type = *change.content_type;
    if (change.events) updated.events = *change.events;
    if (change.is_active) updated.is_active = *change.is_active;
    updated.updated_at = store_.now();
    TRY_ANSWER(check(updated));
    if (!std::ranges::all_of(updated.events, is_event_name))
        return Refuse(invalid_field({"Hook", "events", "invalid", "", ""}));
    auto transaction = TRY_ANSWER(store_.begin());
    TRY_ANSWER(check_against_others(updated));
    TRY_ANSWER(
        store_.core().run("UPDATE hooks SET url = ?, secret = ?, content_type = ?, events = ?, is_active = "
                          "?, updated_at = ? WHERE id = ?",
                          std::string_view(updated.url), std::string_view(updated.secret),
                          std::string_view(updated.content_type), std::string_view(join(updated.events, ",")),
                          updated.is_active, updated.updated_at, hook.id));
    TRY_ANSWER(transaction.commit());
    return updated;
}

Answer<void> Hooks::remove(const Viewer& viewer, const Repository& repository, const Hook& hook) {
    TRY_ANSWER(require_admin(viewer, repository));
    const std::lock_guard lock(store_.core().mutex);
    TRY_ANSWER(store_.core().run("DELETE FROM hooks WHERE id = ?", hook.id));
    return {};
}

Answer<void> Hooks::ping(const Viewer& viewer, const Repository& repository, const Hook& hook) {
    TRY_ANSWER(require_admin(viewer, repository));
    Event event{.name = "ping", .action = "", .repository_id = repository.id, .sender = viewer.user};
    event.hook = hook;
    const std::lock_guard lock(store_.core().mutex);
    TRY_ANSWER(store_.core().emit(event));
    return {};
}

Answer<Delivery> Hooks::redeliver(const Viewer& viewer, const Repository& repository,
                                  const Delivery& delivery) {
    TRY_ANSWER(require_admin(viewer, repository));
    auto transaction = TRY_ANSWER(store_.begin());
    const auto hook = TRY_ANSWER(find(delivery.hook_id));
    if (!hook) return Refuse(not_found());
    auto again =
        TRY_ANSWER(enqueue(*hook, delivery.guid, delivery.event, delivery.action, delivery.payload, true));
    TRY_ANSWER(transaction.commit());
    return again;
}

Result<std::optional<Hook>> Hooks::find(Id id) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(std::string(kSelect) + "WHERE id = ?", id));
    if (!TRY(row.step())) return std::nullopt;
    return hook_at(row);
}

Result<std::vector<Hook>> Hooks::list(const Repository& repository) {
    const std::lock_guard lock(store_.core().mutex);
    auto row =
        TRY(store_.core().query(std::string(kSelect) + "WHERE repository_id = ? ORDER BY id", repository.id));
    std::vector<Hook> hooks;
    while (TRY(row.step())) hooks.push_back(hook_at(row));
    return hooks;
}

Result<std::vector<Hook>> Hooks::wanting(Id repository_id, std::string_view event) {
    auto hooks = TRY(list(Repository{.id = repository_id}));
    std::erase_if(hooks, [&](const Hook& hook) { return !hook.is_active || !wants(hook, event); });
    return hooks;
}

Result<Delivery> Hooks::enqueue(const Hook& hook, std::string_view guid, std::string_view event,
                                std::string_view action, std::string_view payload, bool is_redelivery) {
    const std::lock_guard lock(store_.core().mutex);
    const Id id =
        TRY(store_.core().insert("INSERT INTO deliveries(hook_id, guid, event, action, payload, "
                                 "is_redelivery, created_at) VALUES(?, ?, ?, ?, ?, ?, ?)",
                                 hook.id, guid, event, action, payload, is_redelivery, store_.now()));
    auto delivery = TRY(find_delivery(id));
    return std::move(*delivery);
}

Result<std::optional<Delivery>> Hooks::find_delivery(Id id) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(std::string(kSelectDelivery) + "WHERE id = ?", id));
    if (!TRY(row.step())) return std::nullopt;
    return delivery_at(row);
}

Result<std::vector<Delivery>> Hooks::deliveries(const Hook& hook, const Window& window) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(
        std::string(kSelectDelivery) + "WHERE hook_id = ? ORDER BY id DESC LIMIT ? OFFSET ?", hook.id,
        window.limit, window.offset));
    std::vector<Delivery> result;
    while (TRY(row.step())) result.push_back(delivery_at(row));
    return result;
}

Result<std::optional<Delivery>> Hooks::next_waiting(const std::vector<Id>& busy_hooks) {
    const std::lock_guard lock(store_.core().mutex);
    auto row = TRY(store_.core().query(
        std::string(kSelectDelivery) +
            "WHERE delivered_at IS NULL AND hook_id NOT IN (SELECT value FROM json_each(?)) "
            "ORDER BY id LIMIT 1",
        std::string_view(nlohmann::json(busy_hooks).dump())));
    if (!TRY(row.step())) return std::nullopt;
    return delivery_at(row);
}

Result<void> Hooks::finish(const Delivery& delivery) {
    auto transaction = TRY(store_.begin());
    TRY(store_.core().run(
        "UPDATE deliveries SET delivered_at = ?, duration_ms = ?, status_code = ?, status = ?, "
        "request_headers = ?, response_headers = ?, response_body = ? WHERE id = ?",
        delivery.delivered_at, delivery.duration_ms, delivery.status_code, std::string_view(delivery.status),
        std::string_view(delivery.request_headers), std::string_view(delivery.response_headers),
        std::string_view(delivery.response_body), delivery.id));
    TRY(store_.core().run(
        "DELETE FROM deliveries WHERE hook_id = ?1 AND delivered_at IS NOT NULL AND id <= (SELECT id FROM "
        "deliveries WHERE hook_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        delivery.hook_id, kKeptDeliveries));
    return transaction.commit();
}

}  // namespace ringmaster::local_forge
