#include "channel.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace docmill {

namespace {

constexpr std::size_t HEAD = sizeof(std::uint32_t);
constexpr std::size_t CHUNK = 64 << 10;

/// What the protocol nests, and some more.
constexpr int DEEPEST = 32;

} // namespace

Channel::Channel(int socket, std::size_t longest) : Channel(socket, socket, longest) {}

Channel::Channel(int input, int output) : Channel(input, output, LONGEST) {}

Channel::Channel(int input, int output, std::size_t longest) : input_(input), output_(output), longest_(longest) {
    // Never moved to where it would leave a copy behind.
    received_.reserve(HEAD + longest + CHUNK);
}

Channel::~Channel() { close(); }

Channel::Channel(Channel&& other) noexcept
    : input_(std::exchange(other.input_, -1)),
      output_(std::exchange(other.output_, -1)),
      longest_(other.longest_),
      received_(std::move(other.received_)) {}

Channel& Channel::operator=(Channel&& other) noexcept {
    close();
    input_ = std::exchange(other.input_, -1);
    output_ = std::exchange(other.output_, -1);
    longest_ = other.longest_;
    received_ = std::move(other.received_);
    return *this;
}

void Channel::close() {
    if (output_ >= 0 && output_ != input_) ::close(output_);
    if (input_ >= 0) ::close(input_);
    input_ = output_ = -1;
    drop(received_.size());
}

void Channel::drop(std::size_t bytes) {
    std::size_t rest = received_.size() - bytes;
    std::memmove(received_.data(), received_.data() + bytes, rest);
    explicit_bzero(received_.data() + rest, bytes);
    received_.resize(rest);
}

bool Channel::read() {
    std::size_t before = received_.size();
    received_.resize(before + CHUNK);
    ssize_t length;
    do length = ::read(input_, received_.data() + before, CHUNK);
    while (length < 0 && errno == EINTR);
    received_.resize(before + (length > 0 ? static_cast<std::size_t>(length) : 0));
    return length > 0;
}

std::size_t Channel::length() const {
    std::uint32_t head;
    std::memcpy(&head, received_.data(), HEAD);
    std::size_t length = ntohl(head);
    if (length > longest_) throw std::runtime_error("a message of " + std::to_string(length) + " bytes");
    return length;
}

bool Channel::hasMessage() const { return received_.size() >= HEAD && received_.size() >= HEAD + length(); }

std::optional<nlohmann::json> Channel::next() {
    if (!hasMessage()) return std::nullopt;
    std::size_t size = length();
    std::string_view text(received_.data() + HEAD, size);
    bool deep = false;
    auto message = nlohmann::json::parse(text, [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        if (depth > DEEPEST) deep = true;
        return !deep;
    });
    drop(HEAD + size);
    if (deep) throw std::runtime_error("a message that is nested too deeply");
    return message;
}

bool Channel::relay(Channel& to) {
    std::size_t size = HEAD + length();
    ssize_t sent = ::send(to.output_, received_.data(), size, MSG_DONTWAIT | MSG_NOSIGNAL);
    drop(size);
    return sent == static_cast<ssize_t>(size);
}

std::optional<nlohmann::json> Channel::await() {
    for (;;) {
        if (auto message = next()) return message;
        if (!read()) return std::nullopt;
    }
}

bool Channel::send(const nlohmann::json& message) {
    // Names of files need not be UTF-8; what is not is replaced rather than refused.
    std::string text = message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    std::uint32_t head = htonl(static_cast<std::uint32_t>(text.size()));
    std::string frame(reinterpret_cast<const char*>(&head), HEAD);
    frame += text;
    for (std::size_t sent = 0; sent < frame.size();) {
        ssize_t length = ::write(output_, frame.data() + sent, frame.size() - sent);
        if (length < 0 && errno == EINTR) continue;
        if (length <= 0) return false;
        sent += static_cast<std::size_t>(length);
    }
    return true;
}

} // namespace docmill
