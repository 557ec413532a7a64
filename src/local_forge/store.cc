#include "local_forge/store.h"

#include <filesystem>

#include "local_forge/schema.h"

namespace ringmaster::local_forge {

Result<std::unique_ptr<ForgeStore>> ForgeStore::open(StoreOptions options) {
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(options.data_folder) / "repositories", error);
    if (error)
        return Fail(
            Error::unavailable("cannot make the forge's folder {}: {}", options.data_folder, error.message())
                .hint("choose a folder that you may write to"));
    // git is started in other folders, so the path must hold from there too.
    options.data_folder = std::filesystem::absolute(options.data_folder).lexically_normal().string();
    auto database = TRY(database::Database::open(options.data_folder + "/forge.db"));
    TRY(prepare_schema(database));
    return std::unique_ptr<ForgeStore>(new ForgeStore(std::move(options), std::move(database)));
}

ForgeStore::ForgeStore(StoreOptions options, database::Database connection)
    : data_folder_(std::move(options.data_folder)),
      core_(std::move(connection), std::move(options.now), std::move(options.random_hex)) {}

ForgeStore::~ForgeStore() = default;

}  // namespace ringmaster::local_forge
