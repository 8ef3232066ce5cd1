#include "channel.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace docmill {

namespace {
constexpr std::size_t HEAD = sizeof(std::uint32_t);
constexpr std::size_t CHUNK = 64 << 10;
} // namespace

Channel::Channel(int socket) : Channel(socket, socket) {}

Channel::Channel(int input, int output) : input_(input), output_(output) {}

Channel::~Channel() { close(); }

Channel::Channel(Channel&& other) noexcept
    : input_(std::exchange(other.input_, -1)),
      output_(std::exchange(other.output_, -1)),
      received_(std::move(other.received_)) {}

Channel& Channel::operator=(Channel&& other) noexcept {
    close();
    input_ = std::exchange(other.input_, -1);
    output_ = std::exchange(other.output_, -1);
    received_ = std::move(other.received_);
    return *this;
}

void Channel::close() {
    if (output_ >= 0 && output_ != input_) ::close(output_);
    if (input_ >= 0) ::close(input_);
    input_ = output_ = -1;
}

bool Channel::read() {
    char chunk[CHUNK];
    ssize_t length;
    do length = ::read(input_, chunk, sizeof chunk);
    while (length < 0 && errno == EINTR);
    if (length <= 0) return false;
    received_.append(chunk, static_cast<std::size_t>(length));
    return true;
}

std::optional<nlohmann::json> Channel::next() {
    if (received_.size() < HEAD) return std::nullopt;
    std::uint32_t head;
    std::memcpy(&head, received_.data(), HEAD);
    std::size_t length = ntohl(head);
    if (length > LONGEST) throw std::runtime_error("a message of " + std::to_string(length) + " bytes");
    if (received_.size() < HEAD + length) return std::nullopt;
    auto begin = received_.begin() + HEAD;
    auto message = nlohmann::json::parse(begin, begin + static_cast<std::ptrdiff_t>(length));
    received_.erase(0, HEAD + length);
    return message;
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
