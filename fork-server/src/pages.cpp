#include "pages.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <malloc.h>
#include <sstream>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace docmill {

namespace {

constexpr std::uintptr_t HUGE_PAGE = 2 << 20;

/// Newer than the headers of Debian 12: linux/mman.h of Linux 6.1. An older kernel refuses it, and nothing is changed.
constexpr int COLLAPSE = 25;

/// By how much the heap grows at a time; a page of text takes 5 MB.
constexpr int ROOM = 32 << 20;

/// Pieces of the heap from this size on are mappings of their own, which leave nothing behind.
constexpr int LARGEST_PIECE = 1 << 20;

std::uintptr_t up(std::uintptr_t address) { return (address + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1); }

std::uintptr_t down(std::uintptr_t address) { return address & ~(HUGE_PAGE - 1); }

bool hasHugePages() {
    std::ifstream setting("/sys/kernel/mm/transparent_hugepage/enabled");
    std::string line;
    return std::getline(setting, line) && line.find("[never]") == std::string::npos;
}

struct Segment {
    std::uintptr_t begin;
    std::uintptr_t end;
    std::string access;
    std::string path;
};

/// Of what is mapped those parts that fill at least one huge page.
std::vector<Segment> segments() {
    std::vector<Segment> found;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        std::istringstream fields(line);
        std::string range, access, offset, device, inode, path;
        fields >> range >> access >> offset >> device >> inode >> path;
        auto dash = range.find('-');
        auto begin = up(std::stoull(range.substr(0, dash), nullptr, 16));
        auto end = down(std::stoull(range.substr(dash + 1), nullptr, 16));
        if (begin < end) found.push_back({begin, end, access, path});
    }
    return found;
}

/// The code and the constants of a library.
bool isConstant(const Segment& segment, const std::string& directory) {
    return (segment.access == "r-xp" || segment.access == "r--p") && segment.path.starts_with(directory);
}

/// Puts a copy in huge pages where the original is, in one step. Where that can't be, all stays as it was.
void moveToHugePages(const Segment& segment) {
    std::size_t length = segment.end - segment.begin;
    // Room to find a place that begins where a huge page can.
    void* room = mmap(nullptr, length + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED) return;
    auto begin = reinterpret_cast<std::uintptr_t>(room);
    auto copy = up(begin);
    auto original = reinterpret_cast<void*>(segment.begin);
    madvise(reinterpret_cast<void*>(copy), length, MADV_HUGEPAGE);
    std::memcpy(reinterpret_cast<void*>(copy), original, length);
    int access = PROT_READ | (segment.access == "r-xp" ? PROT_EXEC : 0);
    bool moved =
        mprotect(reinterpret_cast<void*>(copy), length, access) == 0
        && mremap(reinterpret_cast<void*>(copy), length, length, MREMAP_MAYMOVE | MREMAP_FIXED, original) != MAP_FAILED;
    if (copy > begin) munmap(room, copy - begin);
    munmap(reinterpret_cast<void*>(copy + length), begin + HUGE_PAGE - copy);
    if (!moved) munmap(reinterpret_cast<void*>(copy), length);
}

/// Where the free end of the heap begins.
std::uintptr_t endOfHeap() { return reinterpret_cast<std::uintptr_t>(sbrk(0)) - mallinfo2().keepcost; }

/// Takes, for good, all free pieces of a size that are not of the end of the heap.
void take(std::size_t size) {
    auto end = endOfHeap();
    for (;;) {
        void* piece = std::malloc(size);
        if (piece == nullptr) return;
        if (reinterpret_cast<std::uintptr_t>(piece) >= end) {
            std::free(piece);
            return;
        }
    }
}

void packHeap() {
    constexpr std::size_t LARGE = 1 << 10;
    constexpr std::size_t SMALLEST = 24;
    constexpr std::size_t STEP = 16;
    mallopt(M_MMAP_THRESHOLD, LARGEST_PIECE);
    mallopt(M_TRIM_THRESHOLD, 2 * ROOM);
    mallopt(M_TOP_PAD, ROOM);
    for (std::size_t size = LARGEST_PIECE / 2; size > LARGE; size /= 2) take(size);
    for (std::size_t size = LARGE; size >= SMALLEST; size -= STEP) take(size);
}

} // namespace

void arrangeMemory(const std::string& directory) {
    packHeap();
    if (!hasHugePages()) return;
    for (auto& segment : segments()) {
        if (isConstant(segment, directory)) moveToHugePages(segment);
        // A fork copies one entry for a huge page, and 512 for as many small ones.
        if (segment.path == "[heap]")
            madvise(reinterpret_cast<void*>(segment.begin), segment.end - segment.begin, COLLAPSE);
    }
}

} // namespace docmill
