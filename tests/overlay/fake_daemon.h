// A daemon as far as the line goes: notes what it is asked, answers everything, tells the snapshot it is given. Any
// thread.
#pragma once

#include "core/line_socket.h"
#include "core/values.h"
#include "tests/overlay/snapshots.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace prefade::test {

class FakeDaemon {
public:
    explicit FakeDaemon(const std::filesystem::path& socket) {
        auto opened = LineServer::open(socket);
        if (!opened) throw std::runtime_error(opened.error().message);
        server_ = std::move(*opened);
        LineServer::Callbacks callbacks;
        callbacks.line = [this](LineServer::Connection from, std::string_view line) {
            take(from, *parse_json(line));
        };
        callbacks.gone = [this](LineServer::Connection gone) {
            const std::lock_guard lock(mutex_);
            if (gone == from_) from_ = 0;
        };
        callbacks.idle = [this](TimePoint now) { return tell_again(now); };
        server_->start(std::move(callbacks));
    }

    /// Told now, and again and again, so that its readings stay fresh.
    void snapshot(const Snapshot& what) {
        {
            const std::lock_guard lock(mutex_);
            snapshot_ =
                to_line({{"jsonrpc", "2.0"}, {"method", "snapshot"}, {"params", json_of(what)}});
            next_ = TimePoint{};
        }
        server_->wake();
    }
    /// What it answers to a tool; else an empty object. `undo` is refused.
    void answer(const std::string& tool, Json result) {
        const std::lock_guard lock(mutex_);
        answers_[tool] = std::move(result);
    }
    bool was_asked(const std::string& what) {
        const std::lock_guard lock(mutex_);
        return std::find(asked_.begin(), asked_.end(), what) != asked_.end();
    }

private:
    void take(LineServer::Connection from, const Json& request) {
        const std::lock_guard lock(mutex_);
        from_ = from;
        const std::string tool = text_of(request, "method");
        asked_.push_back(tool + ' ' + to_line(member(request, "params")));
        Json answer = {{"jsonrpc", "2.0"}, {"id", member(request, "id")}};
        if (tool == "undo")
            answer["error"] = {{"code", -32001},
                               {"message", "there is no move of this run to undo"}};
        else
            answer["result"] = answers_.contains(tool) ? answers_[tool] : Json::object();
        server_->send(from, to_line(answer));
    }
    TimePoint tell_again(TimePoint now) {
        const std::lock_guard lock(mutex_);
        if (!from_ || snapshot_.empty()) return TimePoint::max();
        if (now >= next_) {
            server_->send(from_, snapshot_);
            next_ = now + std::chrono::milliseconds(200);
        }
        return next_;
    }

    std::mutex mutex_;
    std::vector<std::string> asked_;
    std::map<std::string, Json> answers_;
    std::string snapshot_;
    TimePoint next_{};
    LineServer::Connection from_{0};
    std::unique_ptr<LineServer> server_; ///< last: its thread ends before what it uses
};

} // namespace prefade::test
