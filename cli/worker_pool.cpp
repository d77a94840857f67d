// SPDX-License-Identifier: Apache-2.0
#include "cli/worker_pool.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

#include <fmt/format.h>

#include "core/base/check.hpp"
#include "core/base/humanise.hpp"

namespace shardproof::cli {
namespace {

/// False at the end of the file or after an error.
bool read_all(int file, char* to, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::read(file, to, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool write_all(int file, const char* from, std::size_t size) {
  while (size > 0) {
    const ssize_t put = ::write(file, from, size);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    from += put;
    size -= static_cast<std::size_t>(put);
  }
  return true;
}

bool write_number(int file, std::uint64_t number) {
  std::array<char, sizeof(number)> bytes{};
  std::memcpy(bytes.data(), &number, sizeof(number));
  return write_all(file, bytes.data(), bytes.size());
}

void check_system(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
}

std::string describe_death(int status) {
  if (WIFSIGNALED(status)) {
    return fmt::format("killed by signal {}: {}", WTERMSIG(status), strsignal(WTERMSIG(status)));
  }
  return fmt::format("ended with status {}", WEXITSTATUS(status));
}

}  // namespace

WorkerPool::WorkerPool(std::size_t workers, Work work, Nanoseconds limit, OnStart on_start)
    : work_(std::move(work)), limit_(limit), on_start_(std::move(on_start)), slots_(workers) {
  SHARDPROOF_CHECK(workers > 0);
  for (Slot& slot : slots_) {
    void* memory =
        ::mmap(nullptr, sizeof(Slate), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    check_system(memory == MAP_FAILED ? -1 : 0, "mmap");
    slot.slate = new (memory) Slate{};
  }
  // A child that dies between two jobs must not take the parent along.
  ::signal(SIGPIPE, SIG_IGN);
}

WorkerPool::~WorkerPool() {
  for (Slot& slot : slots_) {
    if (slot.child >= 0) {
      ::kill(slot.child, SIGKILL);
      bury(slot);
    }
    ::munmap(slot.slate, sizeof(Slate));
  }
}

bool WorkerPool::is_busy_below(std::uint64_t job) const {
  return std::any_of(slots_.begin(), slots_.end(),
                     [job](const Slot& slot) { return slot.is_busy && slot.job < job; });
}

void WorkerPool::give(std::uint64_t job) {
  for (Slot& slot : slots_) {
    if (slot.is_busy) continue;
    if (slot.child < 0) start(slot);
    slot.is_busy = true;
    slot.job = job;
    slot.received.clear();
    slot.slate->fill(std::byte{0});
    slot.stopwatch = Stopwatch();
    ++busy_;
    // If it has died meanwhile, `wait` finds out.
    write_number(slot.jobs, job);
    return;
  }
  SHARDPROOF_CHECK(false);
}

std::optional<WorkerPool::Done> WorkerPool::wait(int timeout_ms) {
  std::vector<pollfd> waiting;
  std::vector<Slot*> owners;
  for (Slot& slot : slots_) {
    if (!slot.is_busy) continue;
    waiting.push_back({slot.answers, POLLIN, 0});
    owners.push_back(&slot);
  }
  if (::poll(waiting.data(), waiting.size(), timeout_ms) <= 0) return end_overdue();
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    if (waiting[i].revents == 0) continue;
    if (auto done = receive(*owners[i])) return done;
  }
  return end_overdue();
}

std::optional<WorkerPool::Done> WorkerPool::end_overdue() {
  if (limit_ == Nanoseconds(0)) return std::nullopt;
  const auto limit_ns = static_cast<std::uint64_t>(limit_.count());
  for (Slot& slot : slots_) {
    if (!slot.is_busy || slot.stopwatch.elapsed_ns() < limit_ns) continue;
    ::kill(slot.child, SIGKILL);
    bury(slot);
    return finish(slot, {}, fmt::format("not done within {}", human_duration(limit_)));
  }
  return std::nullopt;
}

std::optional<WorkerPool::Done> WorkerPool::receive(Slot& slot) {
  std::array<char, 65'536> bytes{};
  const ssize_t got = ::read(slot.answers, bytes.data(), bytes.size());
  if (got < 0 && errno == EINTR) return std::nullopt;
  if (got <= 0) return finish(slot, {}, bury(slot));
  slot.received.append(bytes.data(), static_cast<std::size_t>(got));
  std::uint64_t size = 0;
  if (slot.received.size() < sizeof(size)) return std::nullopt;
  std::memcpy(&size, slot.received.data(), sizeof(size));
  if (slot.received.size() < sizeof(size) + size) return std::nullopt;
  return finish(slot, slot.received.substr(sizeof(size)), std::nullopt);
}

WorkerPool::Done WorkerPool::finish(Slot& slot, std::string answer,
                                    std::optional<std::string> death) {
  slot.is_busy = false;
  --busy_;
  Done done{slot.job, std::move(answer), std::move(death)};
  if (done.death) done.slate = *slot.slate;
  return done;
}

void WorkerPool::start(Slot& slot) {
  std::array<int, 2> jobs{};
  std::array<int, 2> answers{};
  check_system(::pipe(jobs.data()), "pipe");
  check_system(::pipe(answers.data()), "pipe");
  const pid_t child = ::fork();
  check_system(child, "fork");
  if (child == 0) {
    // A parent that is killed leaves nobody behind.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Interrupts are the parent's matter: it decides what becomes of the jobs.
    ::signal(SIGINT, SIG_IGN);
    // Other children's pipes stay open otherwise, and they would never see the parent go.
    for (const Slot& other : slots_) {
      if (other.child < 0) continue;
      ::close(other.jobs);
      ::close(other.answers);
    }
    ::close(jobs[1]);
    ::close(answers[0]);
    work(jobs[0], answers[1], *slot.slate);
  }
  ::close(jobs[0]);
  ::close(answers[1]);
  slot.child = child;
  slot.jobs = jobs[1];
  slot.answers = answers[0];
}

void WorkerPool::work(int jobs, int answers, Slate& slate) noexcept {
  if (on_start_) on_start_(slate);
  std::array<char, sizeof(std::uint64_t)> bytes{};
  while (read_all(jobs, bytes.data(), bytes.size())) {
    std::uint64_t job = 0;
    std::memcpy(&job, bytes.data(), sizeof(job));
    const std::string answer = work_(job);
    if (!write_number(answers, answer.size())) break;
    if (!write_all(answers, answer.data(), answer.size())) break;
  }
  // No destructors: what the parent has built is the parent's.
  ::_exit(0);
}

std::string WorkerPool::bury(Slot& slot) {
  ::close(slot.jobs);
  ::close(slot.answers);
  int status = 0;
  while (::waitpid(slot.child, &status, 0) < 0 && errno == EINTR) {
  }
  slot.child = -1;
  return describe_death(status);
}

}  // namespace shardproof::cli
