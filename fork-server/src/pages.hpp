// How LibreOffice lies in memory, as far as that makes a fork and what follows it cheaper. A child's own time is for a third that of
// the kernel, which gives it each page that it touches first by a fault of its own.
#pragma once

#include <string>

namespace docmill {

/// Arranges the memory of the server, once LibreOffice is warm and while it has one thread: code in huge pages, which children have
/// without faults; a heap whose free pieces are taken, so that children allocate from its end, where nothing has to be copied, and
/// that is in huge pages too, so that a fork and an end have few entries to go through.
/// `directory` is where LibreOffice's libraries are. Without huge pages less is done, and nothing else differs.
void arrangeMemory(const std::string& directory);

} // namespace docmill
