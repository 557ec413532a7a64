#pragma once
// Small things in JSON that the store keeps and runs are given.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ringmaster::local_orchestrator {

/// ["a","b"], for SQLite's json_each.
std::string json_array(const std::vector<std::string>& texts);
/// Parameters, name to JSON, as one JSON object with sorted keys. Errors: InvalidInput (one is no JSON:
/// which).
Result<std::string> json_object(const std::map<std::string, std::string>& parameters);
/// The other way round. Errors: Corrupt.
Result<std::map<std::string, std::string>> members_of(std::string_view object);
/// Whether parameters, name to JSON, fit a flow's schema (an OpenAPI object; empty = anything does): what it
/// requires is there, and values are of the types that it names. What a schema could say beyond types is
/// left to the flow. Errors: InvalidInput (which parameter; never its value).
Result<void> check_parameters(std::string_view schema, const std::map<std::string, std::string>& parameters);

}  // namespace ringmaster::local_orchestrator
