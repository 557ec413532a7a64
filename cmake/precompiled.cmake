# Headers of others that most files use, parsed once for the whole build: half of the everyday build's time otherwise. None
# of ours are among them, so editing a header of ours rebuilds what includes it, and nothing more. Every file still names
# all it uses: presets `release` and `static` build without, and fail where one does not.
option(RINGMASTER_PRECOMPILE "Parse the libraries' headers once for the whole build" OFF)

set(RM_COMMON_HEADERS
    <algorithm> <array> <atomic> <cerrno> <charconv> <chrono> <compare> <condition_variable> <cstddef> <cstdint> <deque>
    <expected> <filesystem> <fstream> <functional> <limits> <map> <memory> <mutex> <optional> <ranges> <set> <span>
    <sstream> <string> <string_view> <thread> <unordered_map> <unordered_set> <utility> <variant> <vector>
    <fmt/format.h> <fmt/chrono.h> <nlohmann/json.hpp>)

function(rm_precompiled name)
    set(source ${CMAKE_BINARY_DIR}/${name}.cc)
    file(CONFIGURE OUTPUT ${source} CONTENT "// Gives the precompiled headers a target.\n")
    add_library(${name} OBJECT ${source})
    target_precompile_headers(${name} PRIVATE ${ARGN})
    target_compile_options(${name} PUBLIC "SHELL:-Xclang -fno-pch-timestamp") # so that ccache can compare them
endfunction()

if(RINGMASTER_PRECOMPILE)
    rm_precompiled(rm_common_headers ${RM_COMMON_HEADERS})
    if(RINGMASTER_TESTS)
        rm_precompiled(rm_test_headers ${RM_COMMON_HEADERS} <gmock/gmock.h> <gtest/gtest.h> <rapidcheck/gtest.h>)
        target_link_libraries(rm_test_headers PRIVATE GTest::gmock rapidcheck) # their definitions
    endif()
endif()

# rm_use_precompiled(TARGET rm_common_headers|rm_test_headers)
function(rm_use_precompiled target headers)
    if(RINGMASTER_PRECOMPILE)
        target_precompile_headers(${target} REUSE_FROM ${headers})
        target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
    endif()
endfunction()
