#pragma once
// From a module that was read to the flows that people see: which of the flows made are still there when the
// module is complete, what they are called, and how to load them. Pure.

#include <string>
#include <vector>

#include "adapters/python_source/values.h"
#include "domain/flow.h"

namespace ringmaster::python_source {

struct ReadModule;

/// By line. What depends on the file's place (add_place) is still empty.
std::vector<Flow> report_flows(ReadModule& module);

/// Fills in ids, paths, grouping and the import path. `root` is absolute.
void add_place(std::vector<Flow>& flows, const std::string& root, const std::string& source_relative);

}  // namespace ringmaster::python_source
