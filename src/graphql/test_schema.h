#pragma once
// A small schema for the engine's own tests: a circus with its acts, some of which are animals' and some
// people's.

#include <memory>
#include <string>
#include <vector>

#include "graphql/engine.h"
#include "graphql/schema.h"

namespace ringmaster::graphql {

struct TestAct {
    std::string id;
    std::string kind;  ///< "Clown" or "Horse"
};

struct TestCircus {
    std::vector<TestAct> acts = {{"1", "Clown"}, {"2", "Horse"}, {"3", "Clown"}};
    std::vector<std::string> log;
    int calls = 0;
};

inline Value act_value(const TestAct& act) {
    return act.kind == "Clown" ? object("Clown", act) : object("Horse", act);
}

inline std::unique_ptr<const Schema> make_test_schema() {
    auto schema = std::make_unique<Schema>();
    const auto id = [](const Call& c) -> Resolved { return c.parent<TestAct>().id; };
    const auto broken = [](const Call&) -> Resolved {
        return Unresolved(Problem{"The lion is loose", "DANGER"});
    };
    schema->interface("Act").field("id: ID!").field("partner: Act");
    const auto partner = [](const Call& c) -> Resolved {
        return act_value({c.parent<TestAct>().id + "p", "Horse"});
    };
    schema->object("Clown")
        .implements("Act")
        .field("id: ID!", id)
        .field("partner: Act", partner)
        .field("nose(color: Color = RED): String!",
               [](const Call& c) -> Resolved { return *c.arguments.text("color") + " nose"; })
        .field("joke: String!", broken)
        .field("tricks: [String!]!", [](const Call&) -> Resolved { return List{"fall", "squirt"}; })
        .field("wig: String", [](const Call&) -> Resolved { return nullptr; })
        .deprecated("Wigs are out.");
    schema->object("Horse")
        .implements("Act")
        .field("id: ID!", id)
        .field("partner: Act", partner)
        .field("legs: Int!", [](const Call&) -> Resolved { return 4; })
        .field("nose: Int!", [](const Call&) -> Resolved { return 1; });
    schema->union_of("Thing", {"Clown", "Horse"});
    schema->enumeration("Color", {"RED", "BLUE"});
    schema->input("ActFilter",
                  {"kind: String! = \"Clown\"", "ids: [ID!]", "limit: Int!", "inner: ActFilter"});
    schema->scalar("Date", [](std::string_view text) { return text.size() == 10; });
    schema->object("Query")
        .field("acts: [Act!]!",
               [](const Call& c) -> Resolved {
                   List list;
                   for (const TestAct& act : c.world<TestCircus>().acts) list.push_back(act_value(act));
                   return list;
               })
        .field("things: [Thing]",
               [](const Call&) -> Resolved { return List{act_value({"9", "Horse"}), nullptr}; })
        .field("clown(id: ID!): Clown",
               [](const Call& c) -> Resolved {
                   const std::string wanted = *c.arguments.text("id");
                   if (wanted == "0") return nullptr;
                   return act_value({wanted, "Clown"});
               })
        .field("filter(by: ActFilter, on: Date): String",
               [](const Call& c) -> Resolved {
                   const Members* by = c.arguments.members("by");
                   if (by == nullptr) return "none";
                   std::string text = *by->text("kind") + " " + std::to_string(*by->integer("limit"));
                   for (const std::string& one : by->texts("ids")) text += " " + one;
                   return text;
               })
        .field("sum(of: [Int!]!, half: Float): Float!",
               [](const Call& c) -> Resolved {
                   double total = 0;
                   for (const Value& one : *c.arguments.list("of"))
                       total += static_cast<double>(*one.get_if<std::int64_t>());
                   return total;
               })
        .field("broken: String", broken)
        .field("text: String!", [](const Call&) -> Resolved { return "a \"quoted\" \xFF 🎪\n"; });
    schema->object("Mutation")
        .field("log(text: String!): String",
               [](const Call& c) -> Resolved {
                   const std::string text = *c.arguments.text("text");
                   if (text == "bad") return Unresolved(Problem{"Refused", "UNPROCESSABLE"});
                   c.world<TestCircus>().log.push_back(text);
                   return text;
               })
        .field("count: Int!", [](const Call& c) -> Resolved { return ++c.world<TestCircus>().calls; });
    schema->finish("Query", "Mutation");
    return schema;
}

}  // namespace ringmaster::graphql
