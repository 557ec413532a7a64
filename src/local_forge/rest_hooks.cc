// REST: webhooks and their deliveries. https://docs.github.com/en/rest/repos/webhooks

#include "base/text.h"
#include "local_forge/rest_call.h"

namespace ringmaster::local_forge {
namespace {

struct OfHook {
    Repository repository;
    Hook hook;
};

// Who may not change hooks is not told of any.
Answer<Repository> administered(const Call& call) {
    auto repository = TRY_ANSWER(call.repository());
    if (!TRY_ANSWER(call.store.accounts().may(call.viewer, repository, Role::Admin, Right::Webhooks)))
        return Refuse(not_found());
    return repository;
}

Answer<OfHook> hook_of(const Call& call) {
    auto repository = TRY_ANSWER(administered(call));
    auto hook = TRY_ANSWER(call.store.hooks().find(TRY_ANSWER(number_of(call.part(2)))));
    if (!hook || hook->repository_id != repository.id) return Refuse(not_found());
    return OfHook{std::move(repository), std::move(*hook)};
}

Answer<HookChange> change_of(const Call& call) {
    HookChange change;
    if (call.body.contains("config")) {
        const nlohmann::json& config = call.body["config"];
        if (!config.is_object())
            return Refuse(
                Refusal(422, "Invalid request.\n\nFor 'properties/config', the value is not an object."));
        const auto text = [&](const char* name) -> std::optional<std::string> {
            const auto found = config.find(name);
            return found != config.end() && found->is_string() ? std::optional(found->get<std::string>())
                                                               : std::nullopt;
        };
        change.url = text("url");
        change.secret = text("secret");
        change.content_type = text("content_type");
    }
    if (call.body.contains("events")) change.events = TRY_ANSWER(call.texts(call.body["events"]));
    change.is_active = TRY_ANSWER(call.flag("active"));
    return change;
}

Answer<Reply> list_hooks(const Call& call) {
    const auto repository = TRY_ANSWER(administered(call));
    auto items = nlohmann::json::array();
    for (const Hook& hook : TRY_ANSWER(call.store.hooks().list(repository)))
        items.push_back(hook_json(call.links, repository, hook));
    return Reply::ok(std::move(items));
}

Answer<Reply> create_hook(const Call& call) {
    const auto repository = TRY_ANSWER(call.repository());
    const auto change = TRY_ANSWER(change_of(call));
    NewHook wanted;
    wanted.url = change.url.value_or("");
    wanted.secret = change.secret.value_or("");
    wanted.content_type = change.content_type.value_or("form");  // GitHub's default
    wanted.events = change.events.value_or(std::vector<std::string>{"push"});
    wanted.is_active = change.is_active.value_or(true);
    const auto hook = TRY_ANSWER(call.store.hooks().create(call.viewer, repository, wanted));
    return Reply::created(hook_json(call.links, repository, hook));
}

Answer<Reply> get_hook(const Call& call) {
    const auto of = TRY_ANSWER(hook_of(call));
    return Reply::ok(hook_json(call.links, of.repository, of.hook));
}

Answer<Reply> update_hook(const Call& call) {
    const auto of = TRY_ANSWER(hook_of(call));
    const auto change = TRY_ANSWER(change_of(call));
    const auto hook = TRY_ANSWER(call.store.hooks().update(call.viewer, of.repository, of.hook, change));
    return Reply::ok(hook_json(call.links, of.repository, hook));
}

Answer<Reply> delete_hook(const Call& call) {
    const auto of = TRY_ANSWER(hook_of(call));
    TRY_ANSWER(call.store.hooks().remove(call.viewer, of.repository, of.hook));
    return Reply::nothing();
}

Answer<Reply> ping_hook(const Call& call) {
    const auto of = TRY_ANSWER(hook_of(call));
    TRY_ANSWER(call.store.hooks().ping(call.viewer, of.repository, of.hook));
    return Reply::nothing();
}

// GitHub pages these by cursor; the id of the last delivery of a page is ours.
Answer<Reply> list_deliveries(const Call& call) {
    const auto of = TRY_ANSWER(hook_of(call));
    auto items = nlohmann::json::array();
    for (const Delivery& delivery : TRY_ANSWER(call.store.hooks().deliveries(of.hook, call.window())))
        items.push_back(delivery_json(call.links, of.repository, delivery, Detail::Brief));
    return Reply::ok(std::move(items));
}

struct OfDelivery {
    Repository repository;
    Delivery delivery;
};

Answer<OfDelivery> delivery_of(const Call& call) {
    auto of = TRY_ANSWER(hook_of(call));
    auto delivery = TRY_ANSWER(call.store.hooks().find_delivery(TRY_ANSWER(number_of(call.part(3)))));
    if (!delivery || delivery->hook_id != of.hook.id) return Refuse(not_found());
    return OfDelivery{std::move(of.repository), std::move(*delivery)};
}

Answer<Reply> get_delivery(const Call& call) {
    const auto of = TRY_ANSWER(delivery_of(call));
    return Reply::ok(delivery_json(call.links, of.repository, of.delivery, Detail::Full));
}

Answer<Reply> redeliver(const Call& call) {
    const auto of = TRY_ANSWER(delivery_of(call));
    TRY_ANSWER(call.store.hooks().redeliver(call.viewer, of.repository, of.delivery));
    return Reply{202, nlohmann::json::object(), {}};
}

constexpr Route kRoutes[] = {
    {"GET", "/repos/{}/{}/hooks", list_hooks},
    {"POST", "/repos/{}/{}/hooks", create_hook},
    {"GET", "/repos/{}/{}/hooks/{}", get_hook},
    {"PATCH", "/repos/{}/{}/hooks/{}", update_hook},
    {"DELETE", "/repos/{}/{}/hooks/{}", delete_hook},
    {"POST", "/repos/{}/{}/hooks/{}/pings", ping_hook},
    {"GET", "/repos/{}/{}/hooks/{}/deliveries", list_deliveries},
    {"GET", "/repos/{}/{}/hooks/{}/deliveries/{}", get_delivery},
    {"POST", "/repos/{}/{}/hooks/{}/deliveries/{}/attempts", redeliver},
};

}  // namespace

std::span<const Route> hook_routes() {
    return kRoutes;
}

}  // namespace ringmaster::local_forge
