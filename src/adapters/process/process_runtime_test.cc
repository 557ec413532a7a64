#include "adapters/process/process_runtime.h"

#include "adapters/process/process_runtime_harness.h"
#include "testing/contracts/runtime_contract.h"

namespace ringmaster::testing {

INSTANTIATE_TYPED_TEST_SUITE_P(Process, RuntimeContract, ProcessRuntimeHarness);

}  // namespace ringmaster::testing
