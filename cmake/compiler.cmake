# The compiler's settings for every target. "Dev" is the everyday build: it compiles in 60 % of the time of an optimised one
# and runs the tests quickly enough, with line tables for stack traces. RM_ASSERT is on in every build.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS ON) # TRY() is a statement expression
set(CMAKE_CXX_FLAGS_DEV "-O0 -g1")
set(CMAKE_C_FLAGS_DEV "-O0 -g1")
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Dev CACHE STRING "" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE)
    # Without these two, ccache leaves files with precompiled headers alone.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
endif()

# The same objects from any checkout: paths in debug information and assertions are relative to the source.
add_compile_options(-Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wno-unused-parameter -Werror=return-type
                    -Werror=unused-result -Werror=switch -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.
                    -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_compile_options(-Wno-gnu-statement-expression -Wno-missing-designated-field-initializers
                        -Wno-missing-field-initializers -fcolor-diagnostics)
endif()
if(RINGMASTER_SANITIZE)
    add_compile_options(-fsanitize=${RINGMASTER_SANITIZE} -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${RINGMASTER_SANITIZE})
endif()
if(RINGMASTER_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
