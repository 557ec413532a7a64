# What preset `static` adds: a ringmaster that is one file and needs no library of the machine it runs on. Included
# before the packages are looked for, because it decides what is found. It changes how the program is linked, never how
# a file is compiled, so ccache has every object from a build of preset `release`.
set(RINGMASTER_ARCHIVES ${CMAKE_SOURCE_DIR}/build/static-libraries) # scripts/static-libraries makes them
set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
set(OPENSSL_USE_STATIC_LIBS ON)
list(PREPEND CMAKE_MODULE_PATH ${CMAKE_SOURCE_DIR}/cmake/static)

# Looking up a host name, glibc loads what /etc/nsswitch.conf names beyond files and DNS from the machine, where it can;
# files and DNS are built in (since 2.34), and they are what we need. GNU ld warns of that at each use, mold does not.
add_link_options(-static-pie)
