# tree_sitter: the library and its grammar of Python, for adapters/python_source. Their C comes from npm
# (scripts/tree-sitter): Debian 12's library, 0.20.7, corrupts its memory on 70,000 opening brackets.
execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/tree-sitter RESULT_VARIABLE failed)
if(NOT failed EQUAL 0)
    message(FATAL_ERROR "scripts/tree-sitter could not get the sources; its words above say why")
endif()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/tree_sitter/package-lock.json)

set(sources ${CMAKE_SOURCE_DIR}/build/tree-sitter)
add_library(tree_sitter STATIC ${sources}/library/src/lib.c ${sources}/python/parser.c ${sources}/python/scanner.c)
target_include_directories(tree_sitter PRIVATE ${sources}/library/src)
set_source_files_properties(${sources}/python/parser.c ${sources}/python/scanner.c
                            PROPERTIES INCLUDE_DIRECTORIES ${sources}/python)
target_include_directories(tree_sitter SYSTEM PUBLIC ${sources}/library/include)
# Others' code: no warnings, no sanitizers, and always optimised.
target_compile_options(tree_sitter PRIVATE -w -O2 -DNDEBUG)
if(RINGMASTER_SANITIZE)
    target_compile_options(tree_sitter PRIVATE -fno-sanitize=all)
endif()
if(RINGMASTER_FUZZ)
    target_compile_options(tree_sitter PRIVATE -fno-sanitize=fuzzer-no-link)
endif()
