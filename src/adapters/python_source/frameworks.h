#pragma once
// Which dotted names of Prefect and Airflow make flows, and what their `import *` brings. Pure tables.

#include <span>
#include <string_view>

#include "adapters/python_source/values.h"

namespace ringmaster::python_source {

/// What an absolute dotted name makes.
Maker maker_named(std::string_view dotted);

/// What `from MODULE import *` binds, as far as it matters here.
std::span<const std::string_view> star_names(std::string_view module);

}  // namespace ringmaster::python_source
