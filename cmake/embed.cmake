# rm_embed(TARGET FOLDER NAME [NAMESPACE]): makes the files under FOLDER part of TARGET, as a span of EmbeddedFile
# (src/base/embedded_file.h) that the function ringmaster::NAMESPACE::NAME gives; without one, ringmaster::app::NAME.
# Editing a file rebuilds; adding one does too.
function(rm_embed target folder name)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS LIST_DIRECTORIES false ${CMAKE_SOURCE_DIR}/${folder}/*)
    set(output ${CMAKE_BINARY_DIR}/embedded/${name}.cc)
    set(namespace app)
    if(ARGC GREATER 3)
        set(namespace ${ARGV3})
    endif()
    add_custom_command(
        OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DFOLDER=${CMAKE_SOURCE_DIR}/${folder} -DNAME=${name} -DNAMESPACE=${namespace} -DOUTPUT=${output}
                -P ${CMAKE_SOURCE_DIR}/cmake/write_embedded.cmake
        DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/write_embedded.cmake
        COMMENT "Embedding ${folder}"
        VERBATIM)
    target_sources(${target} PRIVATE ${output})
endfunction()
