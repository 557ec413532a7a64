# rm_embed(TARGET FOLDER NAME): makes the files under FOLDER part of TARGET, as the span of (path, text, executable)
# that src/app/embedded_files.h describes, under the function NAME. Editing a file rebuilds; adding one does too.
function(rm_embed target folder name)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS LIST_DIRECTORIES false ${CMAKE_SOURCE_DIR}/${folder}/*)
    set(output ${CMAKE_BINARY_DIR}/embedded/${name}.cc)
    add_custom_command(
        OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DFOLDER=${CMAKE_SOURCE_DIR}/${folder} -DNAME=${name} -DOUTPUT=${output}
                -P ${CMAKE_SOURCE_DIR}/cmake/write_embedded.cmake
        DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/write_embedded.cmake
        COMMENT "Embedding ${folder}"
        VERBATIM)
    target_sources(${target} PRIVATE ${output})
endfunction()
