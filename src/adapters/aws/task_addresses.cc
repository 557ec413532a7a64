#include "adapters/aws/task_addresses.h"

#include <algorithm>
#include <vector>

namespace ringmaster::aws {
namespace {

constexpr std::size_t kInterfacesAtOnce = 100;  // EC2 takes up to 1,000; a page fits in one answer

}  // namespace

Result<std::map<std::string, Endpoint>> TaskAddresses::find(std::span<const EcsTask> tasks,
                                                            Progress& progress) {
    std::map<std::string, Endpoint> endpoints;
    if (kind_ == AddressKind::Private) {
        for (const auto& task : tasks)
            if (!task.private_address.empty()) endpoints[task.arn] = {task.private_address, port_};
        return endpoints;
    }
    const std::lock_guard guard(mutex_);
    std::vector<std::string> unknown;
    for (const auto& task : tasks)
        if (!task.network_interface.empty() && !public_.contains(task.network_interface))
            unknown.push_back(task.network_interface);
    TRY(look_up(unknown, progress));
    for (const auto& task : tasks)
        if (const auto found = public_.find(task.network_interface); found != public_.end())
            endpoints[task.arn] = {found->second, port_};
    return endpoints;
}

Result<void> TaskAddresses::look_up(std::span<const std::string> interfaces, Progress& progress) {
    while (!interfaces.empty()) {
        const auto some = interfaces.first(std::min(interfaces.size(), kInterfacesAtOnce));
        interfaces = interfaces.subspan(some.size());
        auto looked = look_up_page(some, progress);
        // One that is gone makes EC2 refuse the whole list: its task has ended since. The others one by one.
        if (!looked && looked.error().kind() == ErrorKind::NotFound && some.size() > 1) {
            looked = {};
            for (std::size_t i = 0; looked && i < some.size(); ++i) {
                looked = look_up_page(some.subspan(i, 1), progress);
                if (!looked && looked.error().kind() == ErrorKind::NotFound) looked = {};
            }
        }
        if (!looked && looked.error().kind() != ErrorKind::NotFound) return looked;
    }
    return {};
}

Result<void> TaskAddresses::look_up_page(std::span<const std::string> interfaces, Progress& progress) {
    AwsClient::Fields fields;
    for (std::size_t i = 0; i < interfaces.size(); ++i)
        fields.emplace_back(fmt::format("NetworkInterfaceId.{}", i + 1), interfaces[i]);
    const auto answer = TRY(client_.query(kEc2, "DescribeNetworkInterfaces", fields,
                                          "looking up the public address of a task", progress));
    for (const auto* item : answer.items("networkInterfaceSet", "item")) {
        const auto address = item->text_at("association/publicIp");
        if (!address.empty()) public_[item->text_at("networkInterfaceId")] = address;
    }
    return {};
}

}  // namespace ringmaster::aws
