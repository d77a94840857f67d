// SPDX-License-Identifier: Apache-2.0
#include "cli/journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "core/probes.hpp"
#include "reports/result_directory.hpp"

namespace shardproof::cli {
namespace {

constexpr int kFormat = 1;

std::string path_in(const std::string& directory) {
  return (std::filesystem::path(directory) / "progress.jsonl").string();
}

auto whole_of(const CampaignIdentity& identity) {
  return std::tie(identity.base, identity.first_seed, identity.last_seed, identity.rules_off);
}

std::string line_of(const CampaignIdentity& identity) {
  return nlohmann::json{{"campaign", kFormat},
                        {"arguments", identity.arguments},
                        {"program", identity.program},
                        {"base", identity.base},
                        {"first_seed", identity.first_seed},
                        {"last_seed", identity.last_seed},
                        {"rules_off", identity.rules_off},
                        {"shard", identity.shard}}
             .dump() +
         "\n";
}

std::string line_of(const SeedOutcome& outcome) {
  nlohmann::json line = {{"seed", outcome.seed}};
  if (outcome.death) {
    line["death"] = *outcome.death;
    line["place"] = outcome.place;
  } else {
    line["run"] = nlohmann::json::parse(encode(outcome.run));
  }
  // Messages may quote bytes of a file that are no UTF-8.
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

CampaignIdentity identity_of(const nlohmann::json& line) {
  CampaignIdentity identity;
  if (line.at("campaign") != kFormat) throw std::runtime_error("another format");
  identity.arguments = line.at("arguments").get<std::vector<std::string>>();
  identity.program = line.at("program");
  identity.base = line.at("base");
  identity.first_seed = line.at("first_seed");
  identity.last_seed = line.at("last_seed");
  identity.rules_off = line.at("rules_off");
  identity.shard = line.at("shard");
  return identity;
}

SeedOutcome outcome_of(const nlohmann::json& line) {
  SeedOutcome outcome;
  outcome.seed = line.at("seed");
  if (line.contains("death")) {
    outcome.death = line.at("death").get<std::string>();
    outcome.place = line.at("place");
  } else {
    outcome.run = decode_seed_run(line.at("run").dump());
    if (!outcome.run.probes.empty() && outcome.run.probes.size() != kProbes) {
      throw std::invalid_argument("other probes than this build has");
    }
  }
  return outcome;
}

Result<Journal::Content> parse(std::string_view text, const std::string& path) {
  Journal::Content content;
  std::size_t number = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos;
       end = text.find('\n', content.size)) {
    number += 1;
    try {
      const auto line = nlohmann::json::parse(text.substr(content.size, end - content.size));
      if (number == 1) {
        content.identity = identity_of(line);
      } else {
        content.done.push_back(outcome_of(line));
      }
    } catch (const std::exception& error) {
      return fail("{}:{}: no line of a campaign's progress: {}", path, number, error.what());
    }
    content.size = end + 1;
  }
  return content;
}

/// Until the process ends; its children do not have it.
bool lock(int file) {
  struct flock whole = {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  return ::fcntl(file, F_SETLK, &whole) == 0;
}

/// All of the file, by the descriptor that holds the lock: closing another one would end it.
std::optional<std::string> content_of(int file) {
  struct stat about = {};
  if (::fstat(file, &about) != 0) return std::nullopt;
  std::string text(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got =
        ::pread(file, text.data() + size, text.size() - size, static_cast<off_t>(size));
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  text.resize(size);
  return text;
}

}  // namespace

bool CampaignIdentity::is_same(const CampaignIdentity& other) const {
  return is_same_whole(other) && shard == other.shard && program == other.program;
}

bool CampaignIdentity::is_same_whole(const CampaignIdentity& other) const {
  return whole_of(*this) == whole_of(other);
}

Result<Journal::Content> Journal::read(const std::string& directory) {
  const std::string path = path_in(directory);
  const auto text = reports::read_file(path);
  if (!text) return fail("{}", text.error().message);
  auto content = parse(*text, path);
  if (content && content->size == 0) return fail("'{}' names no campaign", path);
  return content;
}

Result<Journal> Journal::open(const std::string& directory, const CampaignIdentity& identity) {
  const std::string path = path_in(directory);
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file < 0) return fail("cannot write '{}': {}", path, std::strerror(errno));
  Journal journal(file, path);
  if (!lock(file)) return fail("another process is at work on the campaign in '{}'", directory);
  const auto text = content_of(file);
  if (!text) return fail("cannot read '{}': {}", path, std::strerror(errno));
  auto content = parse(*text, path);
  if (!content) return fail("{}", content.error().message);
  if (::ftruncate(file, static_cast<off_t>(content->size)) != 0) {
    return fail("cannot write '{}': {}", path, std::strerror(errno));
  }
  if (content->size == 0) {
    if (auto written = journal.write_line(line_of(identity)); !written) {
      return fail("{}", written.error().message);
    }
  } else if (!content->identity.is_same(identity)) {
    const bool is_other_program =
        content->identity.is_same_whole(identity) && content->identity.shard == identity.shard;
    return fail("'{}' holds the progress of {} (shardproof {}): choose another directory",
                directory, is_other_program ? "another build of shardproof" : "another campaign",
                fmt::join(content->identity.arguments, " "));
  }
  journal.done_ = std::move(content->done);
  return journal;
}

Journal::Journal(Journal&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      path_(std::move(other.path_)),
      done_(std::move(other.done_)) {}

Journal::~Journal() {
  if (file_ >= 0) ::close(file_);
}

Result<void> Journal::add(const SeedOutcome& outcome) { return write_line(line_of(outcome)); }

Result<void> Journal::write_line(std::string line) {
  const ssize_t written = ::write(file_, line.data(), line.size());
  if (written == static_cast<ssize_t>(line.size())) return {};
  return fail("cannot write '{}': {}", path_,
              written < 0 ? std::strerror(errno) : "there is no space");
}

}  // namespace shardproof::cli
