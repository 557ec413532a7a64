#include "adapters/support/subprocess.h"

#include "testing/contracts/subprocess_contract.h"

namespace ringmaster::testing {

struct PosixSubprocessHarness {
    Subprocess& subprocess() { return subprocess_; }
    support::PosixSubprocess subprocess_;
};
INSTANTIATE_TYPED_TEST_SUITE_P(Posix, SubprocessContract, PosixSubprocessHarness);

}  // namespace ringmaster::testing
