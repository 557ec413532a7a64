#pragma once
// For tests of the forge's GraphQL: asks as one of the people of StoreTest, and looks into the answer.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "local_forge/forge_fixture.h"
#include "local_forge/graphql_endpoint.h"
#include "local_forge/node_id.h"

namespace ringmaster::local_forge {

class GraphqlTest : public StoreTest {
 protected:
    using json = nlohmann::json;

    json ask_as(const Viewer& viewer, const std::string& query, const json& variables = nullptr) {
        int status = 0;
        const json body = {{"query", query}, {"variables", variables}};
        const std::string answer = handle_graphql(*store, viewer, body.dump(), status, "https://forge.test");
        EXPECT_EQ(status, 200);
        return json::parse(answer);
    }
    json ask(const std::string& query, const json& variables = nullptr) {
        return ask_as(bob, query, variables);
    }
    /// `data`; an error in the answer fails the test.
    json data(const std::string& query, const json& variables = nullptr) {
        const json answer = ask(query, variables);
        EXPECT_FALSE(answer.contains("errors")) << query << "\n" << answer.dump(2);
        return answer.value("data", json());
    }
    /// What is asked of demo/app.
    json in_repository(const std::string& selection, const json& variables = nullptr) {
        return data("{ repository(owner: \"demo\", name: \"app\") { " + selection + " } }",
                    variables)["repository"];
    }
    /// One mutation as its name and input fields; its payload.
    json mutate(const std::string& call, const std::string& payload) {
        return data("mutation { it: " + call + " { " + payload + " } }")["it"];
    }
    json first_error(const Viewer& viewer, const std::string& query) {
        const json answer = ask_as(viewer, query);
        EXPECT_TRUE(answer.contains("errors")) << answer.dump();
        return answer.contains("errors") ? answer["errors"][0] : json();
    }
    Label make_label(const std::string& name) {
        return *store->labels().create(bob, repository, {name, "0e8a16"});
    }
    std::string repository_id() { return node_id(repository); }
};

inline std::string literal(const std::string& text) {
    return nlohmann::json(text).dump();
}

}  // namespace ringmaster::local_forge
