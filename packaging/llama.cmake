# Included by CMake at the start of llama.cpp's own project: the package asks for its command-line library,
# which nothing here uses and which takes a third of the time to build.
set(LLAMA_BUILD_COMMON OFF CACHE BOOL "" FORCE)
