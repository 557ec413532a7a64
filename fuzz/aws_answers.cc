// adapters/aws: whatever AWS, or somebody in its place, answers, and whatever stands in ~/.aws, is read or
// refused; a tag that was written reads back. The input is tried as each of them.
#include "adapters/aws/aws_errors.h"
#include "adapters/aws/ecs_documents.h"
#include "adapters/aws/ecs_model.h"
#include "adapters/aws/profile_files.h"
#include "adapters/aws/xml_reader.h"
#include "fuzz/fuzz.h"

using namespace ringmaster;

FUZZ(text) {
    if (const auto root = aws::parse_xml(text, "it")) {
        (void)root->items("a/b", "c");
        RM_ASSERT(!root->name.empty(), "an element has a name");
    }
    const auto problem = aws::problem_of({.status = 400, .body = std::string(text)});
    const auto error = aws::error_of(problem, aws::kEcs, "us-west-2", "trying");
    RM_ASSERT(error.message().find('\n') == std::string::npos, "a refusal is one line");

    if (const auto json = support::JsonReader::parse(text, "it")) {
        (void)aws::parse_service(*json);
        (void)aws::parse_task(*json);
        (void)aws::parse_tags(*json);
    }
    (void)aws::log_place_of({.container = "app", .task_definition = std::string(text)});

    aws::ProfileFiles files;
    (void)aws::add_profiles(text, aws::ProfileSyntax::Credentials, "it", files);
    (void)aws::add_profiles(text, aws::ProfileSyntax::Config, "it", files);

    const auto value = aws::encode_tag_value(text);
    const auto back = aws::decode_tag_value(value);
    RM_ASSERT(value.starts_with("sha256:") || back == text, "a tag reads back");
    (void)aws::decode_tag_value(text);
}
