// Tells of a lack of memory, where LibreOffice would only crash or take the document for a broken one.
#pragma once

namespace docmill {

/// From now on this process prints "Out of memory" when it ends, or an allocation fails, because its address space is used up. To be
/// called before it is confined.
void watchMemory();

} // namespace docmill
