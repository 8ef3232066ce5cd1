// Messages over a socket or a pair of pipes: each a length of four bytes, the most significant first, and so much JSON in UTF-8.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace docmill {

/// Keeps nothing of a message once that is taken: a process that is forked later shall not find it in its memory.
class Channel {
public:
    /// No message of the protocol comes near this, in bytes.
    static constexpr std::size_t LONGEST = 1 << 20;

    /// Takes over a connected stream socket, over which no message is longer than `longest`.
    explicit Channel(int socket, std::size_t longest = LONGEST);
    /// Takes over the ends of two pipes.
    Channel(int input, int output);
    ~Channel();
    Channel(Channel&& other) noexcept;
    Channel& operator=(Channel&& other) noexcept;
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// What has something to read when a message comes; -1 once it is closed.
    int input() const { return input_; }

    /// Reads what has come, without waiting for more than one read gives. False once the other end has closed.
    bool read();

    /// Whether a message has come whole. Throws std::runtime_error for what is no message.
    bool hasMessage() const;

    /// Takes the next message that has come whole. Throws std::runtime_error for what is no message, or is nested deeply.
    std::optional<nlohmann::json> next();

    /// Hands the next message, which has come whole, on without looking into it. False if the other end does not take it at once.
    bool relay(Channel& to);

    /// Reads until a message has come whole; nothing once the other end has closed.
    std::optional<nlohmann::json> await();

    /// Writes a message, waiting until the other end has room. False if the other end has closed.
    bool send(const nlohmann::json& message);

    /// Closes it early.
    void close();

private:
    Channel(int input, int output, std::size_t longest);
    std::size_t length() const;
    void drop(std::size_t bytes);

    int input_;
    int output_;
    std::size_t longest_;
    std::string received_;
};

} // namespace docmill
