# Found before CMake's own module, which would take the shared library.
find_library(CURL_LIBRARY curl PATHS ${RINGMASTER_ARCHIVES} NO_DEFAULT_PATH REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(ZLIB REQUIRED)
if(NOT TARGET CURL::libcurl)
    add_library(CURL::libcurl STATIC IMPORTED)
    set_target_properties(CURL::libcurl PROPERTIES IMPORTED_LOCATION ${CURL_LIBRARY}
                          INTERFACE_LINK_LIBRARIES "OpenSSL::SSL;OpenSSL::Crypto;ZLIB::ZLIB")
endif()
set(CURL_FOUND TRUE)
