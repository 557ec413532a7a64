#include <gmock/gmock.h>

#include "local_forge/graphql_test_support.h"

namespace ringmaster::local_forge {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class GraphqlLabels : public GraphqlTest {
 protected:
    std::string create_call(const std::string& name) {
        return "createLabel(input: {repositoryId: " + literal(repository_id()) + ", name: " + literal(name) +
               ", color: \"0e8a16\"})";
    }
    json names_of(const json& connection) {
        json names = json::array();
        for (const auto& node : connection["nodes"]) names.push_back(node["name"]);
        return names;
    }
};

TEST_F(GraphqlLabels, ALabelIsMadeAndReadBackInOneRequest) {
    const std::string name = "🎪 🔑 12.1";
    const json label = mutate(create_call(name),
                              "label { id repository { t1: label(name: " + literal(name) +
                                  ") { id description } t2: label(name: \"🎪 🔑 12.2\") { id } } }")["label"];
    EXPECT_EQ(label["repository"]["t1"]["id"], label["id"]);
    EXPECT_EQ(label["repository"]["t2"], nullptr);
}

TEST_F(GraphqlLabels, FortyNamesAreLookedUpInOneQuery) {
    std::string query;
    for (int k = 1; k <= 40; ++k)
        query += fmt::format("t{0}: label(name: \"🎪 🔑 12.{0}\") {{ id name description }} ", k);
    make_label("🎪 🔑 12.7");
    const json found = in_repository(query);
    EXPECT_EQ(found["t7"]["name"], "🎪 🔑 12.7");
    EXPECT_EQ(found["t8"], nullptr);
}

TEST_F(GraphqlLabels, AnExistingNameIsRefusedAndTheOthersAreMade) {
    make_label("taken");
    const json answer =
        ask("mutation { a: " + create_call("one") + " { label { name } } b: " + create_call("TAKEN") +
            " { label { name } } c: " + create_call("three") + " { label { name } } }");
    EXPECT_EQ(answer["data"]["a"]["label"]["name"], "one");
    EXPECT_EQ(answer["data"]["b"], nullptr);
    EXPECT_EQ(answer["data"]["c"]["label"]["name"], "three");
    ASSERT_EQ(answer["errors"].size(), 1u);
    EXPECT_EQ(answer["errors"][0]["type"], "UNPROCESSABLE");
    EXPECT_EQ(answer["errors"][0]["path"], json{"b"});
    EXPECT_EQ(answer["errors"][0]["message"], "Name has already been taken");
    EXPECT_TRUE(answer["errors"][0].contains("locations"));
}

TEST_F(GraphqlLabels, RulesForNamesAndDescriptionsHoldHereToo) {
    EXPECT_EQ(first_error(
                  bob, "mutation { " + create_call(std::string(51, 'x')) + " { label { id } } }")["message"],
              "Name is too long (maximum is 50 characters)");
    EXPECT_EQ(first_error(carol, "mutation { " + create_call("x") + " { label { id } } }")["type"],
              "FORBIDDEN");
}

TEST_F(GraphqlLabels, ADeletedLabelsIdNamesNothingEvenWhenTheNameIsThereAgain) {
    const std::string id = mutate(create_call("token"), "label { id }")["label"]["id"];
    const std::string remove = "mutation { deleteLabel(input: {id: " + literal(id) +
                               ", clientMutationId: \"me\"}) { clientMutationId } }";
    EXPECT_EQ(data(remove)["deleteLabel"]["clientMutationId"], "me");
    mutate(create_call("token"), "label { id }");
    const json error = first_error(bob, remove);
    EXPECT_EQ(error["type"], "NOT_FOUND");
    EXPECT_EQ(error["message"], "Could not resolve to a node with the global id of '" + id + "'");
    EXPECT_EQ(in_repository("label(name: \"token\") { name }")["label"]["name"], "token");
}

TEST_F(GraphqlLabels, AreChangedUnderTheirId) {
    const std::string id = node_id(make_label("old"));
    const json label =
        mutate("updateLabel(input: {id: " + literal(id) + ", name: \"new\", description: \"d\"})",
               "label { id name color description }")["label"];
    EXPECT_EQ(label, (json{{"id", id}, {"name", "new"}, {"color", "0e8a16"}, {"description", "d"}}));
}

TEST_F(GraphqlLabels, AreAddedRemovedAndClearedById) {
    const PullRequest pull = open_pull("feature");
    const std::string subject = "labelableId: " + literal(node_id(pull));
    const std::string a = literal(node_id(make_label("a")));
    const std::string b = literal(node_id(make_label("b")));
    const std::string read =
        "labelable { labels(first: 100) { nodes { name } totalCount } ... on PullRequest { number } }";
    const json added =
        mutate("addLabelsToLabelable(input: {" + subject + ", labelIds: [" + a + "," + b + "]})", read);
    EXPECT_EQ(names_of(added["labelable"]["labels"]), (json{"a", "b"}));
    EXPECT_EQ(added["labelable"]["number"], pull.issue.number);
    EXPECT_EQ(names_of(mutate("removeLabelsFromLabelable(input: {" + subject + ", labelIds: [" + a + "]})",
                              read)["labelable"]["labels"]),
              json{"b"});
    EXPECT_EQ(mutate("clearLabelsFromLabelable(input: {" + subject + "})",
                     read)["labelable"]["labels"]["totalCount"],
              0);
}

TEST_F(GraphqlLabels, OneUnknownIdAttachesNothing) {
    const PullRequest pull = open_pull("feature");
    const std::string a = literal(node_id(make_label("a")));
    const json error =
        first_error(bob, "mutation { addLabelsToLabelable(input: {labelableId: " + literal(node_id(pull)) +
                             ", labelIds: [" + a + ", \"LA_nothing\"]}) { clientMutationId } }");
    EXPECT_EQ(error["type"], "NOT_FOUND");
    EXPECT_TRUE(names(pull.issue).empty());
}

TEST_F(GraphqlLabels, CountWhatCarriesThem) {
    const PullRequest pull = open_pull("feature");
    const std::vector<Label> wanted = {make_label("a")};
    ASSERT_TRUE(store->labels().add(bob, repository, pull.issue, wanted));
    const json label = in_repository(
        "label(name: \"A\") { pullRequests(first: 1) { totalCount nodes { number } } issues(first: 1) { "
        "totalCount } }")["label"];
    EXPECT_EQ(label["pullRequests"]["totalCount"], 1);
    EXPECT_EQ(label["pullRequests"]["nodes"][0]["number"], pull.issue.number);
    EXPECT_EQ(label["issues"]["totalCount"], 0);
}

TEST_F(GraphqlLabels, ACursorHoldsWhenLabelsBeforeItAndItsOwnGoAway) {
    for (const char* name : {"a", "b", "c", "d", "e"}) make_label(name);
    const json first = in_repository(
        "labels(first: 2) { nodes { name } pageInfo { hasNextPage endCursor } totalCount }")["labels"];
    EXPECT_EQ(names_of(first), (json{"a", "b"}));
    EXPECT_EQ(first["totalCount"], 5);
    for (const char* name : {"a", "b"})
        ASSERT_TRUE(store->labels().remove(bob, repository, *store->labels().find(repository, name).value()));
    const std::string after = literal(first["pageInfo"]["endCursor"]);
    const json second =
        in_repository("labels(first: 2, after: " + after +
                      ") { nodes { name } pageInfo { hasNextPage hasPreviousPage } }")["labels"];
    EXPECT_EQ(names_of(second), (json{"c", "d"}));
    EXPECT_EQ(second["pageInfo"], (json{{"hasNextPage", true}, {"hasPreviousPage", true}}));
}

TEST_F(GraphqlLabels, AreListedFromBothEndsAndInBothOrders) {
    for (const char* name : {"b", "A", "c"}) make_label(name);
    EXPECT_EQ(names_of(in_repository("labels(last: 2) { nodes { name } }")["labels"]), (json{"A", "c"}));
    EXPECT_EQ(names_of(in_repository(
                  "labels(first: 9, orderBy: {field: NAME, direction: ASC}) { nodes { name } }")["labels"]),
              (json{"A", "b", "c"}));
    const json page = in_repository(
        "labels(first: 1, orderBy: {field: NAME, direction: DESC}) { nodes { name } edges { cursor } }")
        ["labels"];
    EXPECT_EQ(names_of(page), json{"c"});
    const std::string after = literal(page["edges"][0]["cursor"]);
    EXPECT_EQ(
        names_of(in_repository("labels(first: 9, after: " + after +
                               ", orderBy: {field: NAME, direction: DESC}) { nodes { name } }")["labels"]),
        (json{"b", "A"}));
    EXPECT_EQ(names_of(in_repository("labels(first: 9, query: \"a\") { nodes { name } }")["labels"]),
              json{"A"});
}

TEST_F(GraphqlLabels, PagesNeedBoundsWithinAHundred) {
    const auto error_of = [&](const std::string& arguments, const std::string& selection = "nodes { name }") {
        return first_error(bob, "{ repository(owner: \"demo\", name: \"app\") { labels" + arguments + " { " +
                                    selection + " } } }");
    };
    EXPECT_EQ(error_of("")["type"], "MISSING_PAGINATION_BOUNDARIES");
    EXPECT_EQ(error_of("")["message"],
              "You must provide a `first` or `last` value to properly paginate the `labels` connection.");
    EXPECT_EQ(error_of("(first: 101)")["type"], "EXCESSIVE_PAGINATION");
    EXPECT_EQ(error_of("(first: 101)")["message"],
              "Requesting 101 records on the `labels` connection exceeds the `first` limit of 100 records.");
    EXPECT_EQ(error_of("(first: -1)")["message"],
              "`first` on the `labels` connection cannot be less than zero.");
    EXPECT_THAT(error_of("(first: 1, last: 1)")["message"], HasSubstr("Passing both `first` and `last`"));
    EXPECT_EQ(error_of("(first: 1, after: \"junk\")")["message"],
              "`junk` does not appear to be a valid cursor.");
    EXPECT_EQ(in_repository("labels { totalCount }")["labels"]["totalCount"], 0)
        << "a count alone needs no bounds";
}

}  // namespace
}  // namespace ringmaster::local_forge
