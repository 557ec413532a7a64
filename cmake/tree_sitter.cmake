# tree_sitter_python: tree-sitter and its grammar of Python, for adapters/python_source. The library is Debian's; the
# grammar's C comes from npm (scripts/python-grammar), in a version of the interface that Debian 12's library reads (14).
find_path(TREE_SITTER_INCLUDE tree_sitter/api.h REQUIRED)
# The archive even where the rest is shared: no further library to load at each start, and preset `static` needs it.
find_library(TREE_SITTER_LIBRARY NAMES libtree-sitter.a tree-sitter REQUIRED)

execute_process(COMMAND ${CMAKE_SOURCE_DIR}/scripts/python-grammar RESULT_VARIABLE grammar_failed)
if(NOT grammar_failed EQUAL 0)
    message(FATAL_ERROR "scripts/python-grammar could not get the grammar of Python; its words above say why")
endif()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/python_grammar/package-lock.json)

set(grammar ${CMAKE_SOURCE_DIR}/build/python-grammar/src)
add_library(tree_sitter_python STATIC ${grammar}/parser.c ${grammar}/scanner.c)
target_include_directories(tree_sitter_python PRIVATE ${grammar})
target_include_directories(tree_sitter_python SYSTEM INTERFACE ${TREE_SITTER_INCLUDE})
# Others' code: no warnings, no sanitizers, and never without the optimiser.
target_compile_options(tree_sitter_python PRIVATE -w -O2)
if(RINGMASTER_SANITIZE)
    target_compile_options(tree_sitter_python PRIVATE -fno-sanitize=all)
endif()
if(RINGMASTER_FUZZ)
    target_compile_options(tree_sitter_python PRIVATE -fno-sanitize=fuzzer-no-link)
endif()
target_link_libraries(tree_sitter_python PUBLIC ${TREE_SITTER_LIBRARY})
