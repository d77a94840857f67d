// SPDX-License-Identifier: Apache-2.0
#include "cli/branching.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "core/base/check.hpp"
#include "core/base/stable_hash.hpp"

namespace shardproof::cli {
namespace {

/// The last byte of an answer that came to its end.
constexpr char kWhole = 'A';

std::uint64_t seed_of(std::uint64_t seed, std::uint64_t event, std::uint64_t branch) {
  return mix64(combine64(combine64(mix64(seed), event), branch));
}

void close_and_wait(int file, pid_t process) {
  ::close(file);
  while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

Branching::Branching(Plan plan, OnPoint on_point, OnAnswer on_answer)
    : plan_(std::move(plan)), on_point_(std::move(on_point)), on_answer_(std::move(on_answer)) {
  SHARDPROOF_CHECK(plan_.jobs > 0);
}

Branching::~Branching() {
  if (is_branch()) return;
  for (const Child& child : children_) {
    ::kill(child.process, SIGKILL);
    close_and_wait(child.answers, child.process);
  }
}

bool Branching::fork_branch(const Branch& branch, sim::World& world) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) < 0) throw std::system_error(errno, std::generic_category(), "pipe");
  const pid_t process = ::fork();
  if (process < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (process > 0) {
    ::close(pipe[1]);
    children_.push_back({branch, process, pipe[0], {}});
    return false;
  }
  // An original that is killed leaves nobody behind, and interrupts are its matter.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGTERM, SIG_IGN);
  ::close(pipe[0]);
  for (const Child& other : children_) ::close(other.answers);
  children_.clear();
  answer_file_ = pipe[1];
  world.reseed(seed_of(plan_.seed, plan_.points[branch.point], branch.number));
  return true;
}

bool Branching::after_event(sim::World& world) {
  if (is_branch()) return world.events() < plan_.events_max;
  if (next_point_ == plan_.points.size()) return false;
  if (world.events() < plan_.points[next_point_]) return true;
  const std::size_t point = next_point_++;
  if (!on_point_(point, world)) return false;
  for (std::uint64_t number = 0; number < plan_.branches; ++number) {
    while (children_.size() >= plan_.jobs) {
      if (!receive()) return false;
    }
    if (fork_branch({point, number}, world)) return true;
  }
  return next_point_ < plan_.points.size();
}

bool Branching::receive() {
  std::vector<pollfd> waiting;
  for (const Child& child : children_) waiting.push_back({child.answers, POLLIN, 0});
  if (::poll(waiting.data(), waiting.size(), -1) < 0) return false;
  // From the back: who is done is taken out.
  for (std::size_t i = waiting.size(); i-- > 0;) {
    if (waiting[i].revents == 0) continue;
    std::array<char, 4'096> bytes{};
    const ssize_t got = ::read(children_[i].answers, bytes.data(), bytes.size());
    if (got < 0 && errno == EINTR) return false;
    if (got <= 0) {
      finish(i);
    } else {
      children_[i].received.append(bytes.data(), static_cast<std::size_t>(got));
    }
  }
  return true;
}

void Branching::finish(std::size_t child) {
  const Child done = std::move(children_[child]);
  children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(child));
  close_and_wait(done.answers, done.process);
  const bool is_whole = !done.received.empty() && done.received.back() == kWhole;
  on_answer_(done.branch, is_whole
                              ? std::optional(done.received.substr(0, done.received.size() - 1))
                              : std::nullopt);
}

void Branching::wait_for_all() {
  while (!children_.empty() && receive()) {
  }
}

void Branching::answer(const std::string& text) {
  const std::string whole = text + kWhole;
  const char* from = whole.data();
  std::size_t size = whole.size();
  while (size > 0) {
    const ssize_t put = ::write(answer_file_, from, size);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) break;
    from += put;
    size -= static_cast<std::size_t>(put);
  }
  // No destructors: what the original has built is the original's.
  ::_exit(0);
}

}  // namespace shardproof::cli
