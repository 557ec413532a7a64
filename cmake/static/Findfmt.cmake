# Found before the package's own configuration, which names the shared library. The definition is the one that it gives:
# without it the objects would differ from those of the other presets.
find_library(fmt_LIBRARY fmt PATHS ${RINGMASTER_ARCHIVES} NO_DEFAULT_PATH REQUIRED)
if(NOT TARGET fmt::fmt)
    add_library(fmt::fmt STATIC IMPORTED)
    set_target_properties(fmt::fmt PROPERTIES IMPORTED_LOCATION ${fmt_LIBRARY} INTERFACE_COMPILE_DEFINITIONS FMT_SHARED)
endif()
set(fmt_FOUND TRUE)
