#include "adapters/process/state_folder.h"

#include "adapters/process/supervisor.h"
#include "adapters/support/files.h"

namespace ringmaster::process {
namespace {

constexpr auto kRecordName = "identity.json";

// Names in a folder; none where it does not exist.
Result<std::vector<std::string>> names_in(const std::string& folder) {
    auto names = support::list_folder(folder);
    if (!names && names.error().kind() == ErrorKind::NotFound) return std::vector<std::string>{};
    return names;
}

// nullopt: there is none. Errors: Corrupt, Unavailable.
Result<std::optional<ServiceRecord>> read_record_in(const std::string& folder) {
    const auto path = folder + "/" + kRecordName;
    const auto text = support::read_file(path);
    if (!text && text.error().kind() == ErrorKind::NotFound) return std::nullopt;
    if (!text) return Fail(text.error());
    return TRY(parse_record(*text, path));
}

}  // namespace

std::string StateFolder::folder_of(const ShowId& show) const {
    return fmt::format("{}/{}/{}/{}", path_, show.repository.owner, show.repository.name,
                       show.service_name());
}

Result<std::optional<ServiceRecord>> StateFolder::read(const ShowId& show) const {
    const auto folder = folder_of(show);
    auto record = TRY(read_record_in(folder));
    if (record && record->show != show)
        return Fail(Error::corrupt("{}/{} describes {} of {} instead", folder, kRecordName,
                                   record->show.service_name(), record->show.repository.text()));
    return record;
}

Result<void> StateFolder::write(const ServiceRecord& record) const {
    return support::write_file_atomically(folder_of(record.show) + "/" + kRecordName, print_record(record));
}

Result<std::vector<ServiceRecord>> StateFolder::list(const RepositoryName& repository) const {
    const auto folder = fmt::format("{}/{}/{}", path_, repository.owner, repository.name);
    std::vector<ServiceRecord> records;
    for (const auto& name : TRY(names_in(folder))) {
        if (!parse_service_name(name)) continue;  // not one of ours
        auto record = TRY(read_record_in(folder + "/" + name));
        if (!record) continue;  // nothing is started before its record is written
        if (record->show.repository == repository && record->show.service_name() == name)
            records.push_back(std::move(*record));
        else
            return Fail(Error::corrupt("{}/{}/{} describes {} of {} instead", folder, name, kRecordName,
                                       record->show.service_name(), record->show.repository.text()));
    }
    return records;
}

std::set<std::uint16_t> StateFolder::ports_on_record() const {
    std::set<std::uint16_t> ports;
    const auto none = std::vector<std::string>{};
    for (const auto& owner : names_in(path_).value_or(none))
        for (const auto& name : names_in(path_ + "/" + owner).value_or(none))
            for (const auto& service : names_in(path_ + "/" + owner + "/" + name).value_or(none)) {
                const auto record = read_record_in(fmt::format("{}/{}/{}/{}", path_, owner, name, service));
                if (record && *record) ports.insert((*record)->endpoint.port);
            }
    return ports;
}

std::optional<AppEnd> StateFolder::read_end(const ShowId& show) const {
    const auto text = support::read_file(folder_of(show) + "/" + kExitName);
    return text ? parse_app_end(*text) : std::nullopt;
}

Result<void> StateFolder::empty(const ShowId& show) const {
    const auto folder = folder_of(show);
    for (const auto& name : TRY(names_in(folder)))
        if (name != kRecordName) TRY(support::remove_tree(folder + "/" + name));
    return support::remove_tree(folder + "/" + kRecordName);
}

}  // namespace ringmaster::process
