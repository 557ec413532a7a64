#include "local_forge/answer.h"

namespace ringmaster::local_forge {

std::string_view Refusal::type() const {
    switch (status) {
        case 401:
            return "UNAUTHORIZED";
        case 403:
            return "FORBIDDEN";
        case 404:
            return "NOT_FOUND";
        case 400:
        case 405:
        case 409:
        case 422:
            return "UNPROCESSABLE";
        default:
            return "INTERNAL";
    }
}

Refusal not_found() {
    return {404, "Not Found"};
}

Refusal forbidden(std::string_view message) {
    return {403, std::string(message)};
}

Refusal invalid_field(FieldError error) {
    return {422, "Validation Failed", {std::move(error)}};
}

}  // namespace ringmaster::local_forge
