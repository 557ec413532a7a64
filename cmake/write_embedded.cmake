# Writes OUTPUT, a C++ source with the function NAME in NAMESPACE that gives the files under FOLDER (see embed.cmake).
file(GLOB_RECURSE files LIST_DIRECTORIES false RELATIVE ${FOLDER} ${FOLDER}/*)
list(FILTER files EXCLUDE REGEX "__pycache__|\\.pyc$|~$")
list(SORT files)
set(bytes "")
set(table "")
set(index 0)
foreach(path IN LISTS files)
    file(READ ${FOLDER}/${path} hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," list "${hex}")
    # A final zero, so that an empty file is no empty array; it is not counted.
    string(APPEND bytes "constexpr unsigned char kFile${index}[] = {${list}0};\n")
    execute_process(COMMAND test -x ${FOLDER}/${path} RESULT_VARIABLE not_executable)
    if(not_executable EQUAL 0)
        set(executable true)
    else()
        set(executable false)
    endif()
    string(APPEND table
        "    {\"${path}\", {reinterpret_cast<const char*>(kFile${index}), sizeof kFile${index} - 1}, ${executable}},\n")
    math(EXPR index "${index} + 1")
endforeach()
if(index EQUAL 0)
    message(FATAL_ERROR "there is nothing to embed in ${FOLDER}")
endif()
file(WRITE ${OUTPUT}
"// Made from ${NAME}'s folder by cmake/write_embedded.cmake.
#include <span>
#include \"base/embedded_file.h\"
namespace ringmaster::${NAMESPACE} {
namespace {
${bytes}
const EmbeddedFile kFiles[] = {
${table}};
}  // namespace
std::span<const EmbeddedFile> ${NAME}() { return kFiles; }
}  // namespace ringmaster::${NAMESPACE}
")
