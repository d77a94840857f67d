// SPDX-License-Identifier: Apache-2.0
#include "reports/result_directory.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <system_error>

#include "reports/event_lines.hpp"
#include "reports/result_json.hpp"
#include "reports/series_csv.hpp"

namespace shardproof::reports {
namespace {

namespace fs = std::filesystem;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

/// Whether all of it has reached the disk, as far as the system tells.
bool write_whole(const fs::path& path, std::string_view content) {
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "wb"));
  if (!file) return false;
  if (std::fwrite(content.data(), 1, content.size(), file.get()) != content.size()) return false;
  return std::fclose(file.release()) == 0;
}

}  // namespace

Result<void> write_file(const fs::path& path, std::string_view content) {
  const fs::path partial = fs::path(path).concat(".partial");
  errno = 0;
  if (!write_whole(partial, content)) {
    const int reason = errno;
    std::error_code ignored;
    fs::remove(partial, ignored);
    return fail("cannot write '{}': {}", path.string(), std::strerror(reason));
  }
  std::error_code error;
  fs::rename(partial, path, error);
  if (!error) return {};
  std::error_code ignored;
  fs::remove(partial, ignored);
  return fail("cannot write '{}': {}", path.string(), error.message());
}

Result<void> prepare_directory(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return fail("cannot make the directory '{}': {}", directory.string(), error.message());
  if (!fs::is_directory(directory)) return fail("'{}' is not a directory", directory.string());
  const fs::path probe = directory / ".probe";
  if (const auto written = write_file(probe, ""); !written) {
    return fail("cannot write to the directory '{}': {}", directory.string(),
                written.error().message);
  }
  fs::remove(probe, error);
  return {};
}

Result<void> write_results(const sim::RunResult& result, const sim::Recording& recording,
                           const fs::path& directory) {
  std::error_code ignored;
  fs::remove(directory / "result.json", ignored);
  if (auto done = write_file(directory / "events.jsonl", event_lines(result.log)); !done)
    return done;
  if (auto done = write_file(directory / "series.csv", series_csv(result.series)); !done)
    return done;
  if (auto done = write_file(directory / "scopes.csv", scopes_csv(result.scope_series)); !done)
    return done;
  if (auto done = write_file(directory / "stores.csv", stores_csv(result.store_series)); !done)
    return done;
  return write_file(directory / "result.json", result_json(result, recording));
}

Result<std::string> read_file(const fs::path& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file || fs::is_directory(path)) {
    return fail("cannot read '{}': {}", path.string(),
                fs::is_directory(path) ? "it is a directory" : std::strerror(errno));
  }
  std::ostringstream content;
  content << file.rdbuf();
  if (file.bad()) return fail("cannot read '{}': {}", path.string(), std::strerror(errno));
  return std::move(content).str();
}

}  // namespace shardproof::reports
