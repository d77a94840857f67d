// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>

#include <gtest/gtest.h>
#include <zlib.h>

#include "sim/input/csv_reader.hpp"
#include "sim/input/delay_reader.hpp"
#include "sim/input/input_testing.hpp"
#include "sim/input/inventory_reader.hpp"
#include "sim/input/trace_reader.hpp"

namespace shardproof::sim {
namespace {

/// All rows as `line: field|field`, or the error.
std::string read_all(const std::string& file) {
  auto reader = CsvReader::open(file);
  if (!reader) return reader.error().reason;
  std::string text;
  while (true) {
    const auto row = reader->next();
    if (!row) return text + fmt::format("{}: {}", row.error().line, row.error().reason);
    if (*row == nullptr) return text;
    text += fmt::format("{}:", (*row)->line);
    for (const std::string_view field : (*row)->fields) text += fmt::format("{}|", field);
    text += " ";
  }
}

std::string read_text(const std::string& content) {
  const TemporaryFile file("rows.csv", content);
  return read_all(file.path());
}

/// The delays in nanoseconds, or the error.
std::string read_measured(const std::string& content, Nanoseconds unit = microseconds(1)) {
  const TemporaryFile file("delays.csv", content);
  const auto delays = read_delays({file.path(), "rtt", unit});
  if (!delays) return fmt::format("{}: {}", delays.error().line, delays.error().reason);
  std::string text;
  for (const Nanoseconds delay : *delays) text += fmt::format("{} ", delay.count());
  return text;
}

TEST(DelayReader, ReadsOneColumnInUnits) {
  EXPECT_EQ(read_measured("at,rtt\n1,12.5\n2,0\n3,7\n"), "12500 0 7000 ");
  EXPECT_EQ(read_measured("rtt\n12.5\n", Nanoseconds(500)), "6250 ") << "half a round trip";
  EXPECT_EQ(read_measured("rtt\n0.0009\n"), "0 ") << "there is no less than a nanosecond";
}

TEST(DelayReader, RefusesWhatIsNoDelay) {
  EXPECT_EQ(read_measured("rtt\n1\n-3\n"), "3: the rtt \"-3\" is not a number of a sensible size");
  EXPECT_EQ(read_measured("rtt\nfast\n"), "2: the rtt \"fast\" is not a number of a sensible size");
  EXPECT_EQ(read_measured("rtt\n2\n", hours(13)),
            "2: the rtt \"2\" is not a number of a sensible size");
  EXPECT_EQ(read_measured("rtt\n"), "0: no delays below the column names");
  EXPECT_NE(read_measured("ping\n1\n").find("rtt"), std::string::npos);
  EXPECT_EQ(read_delays({"no/such/file.csv", "rtt"}).error().kind, InputError::Kind::kUnreadable);
}

TEST(CsvReader, ReadsQuotesLineEndsAndEmptyFields) {
  EXPECT_EQ(read_text("a,b\n1,2\n"), "2:1|2| ");
  EXPECT_EQ(read_text("a,b\r\n1,2\r\n\r\n3,\r\n"), "2:1|2| 4:3|| ");
  EXPECT_EQ(read_text("a,b\n\"x, \"\"y\"\"\",\"two\nlines\"\nlast,one"),
            "2:x, \"y\"|two\nlines| 4:last|one| ");
  EXPECT_EQ(read_text("a\n\n\n5\n"), "4:5| ");
}

TEST(CsvReader, RefusesWhatIsNotARowOfTheTable) {
  EXPECT_EQ(read_text("a,b\n1,2\n3\n"), "2:1|2| 3: expected 2 fields, found 1");
  EXPECT_EQ(read_text("a,b\n1,2,3\n"), "2: expected 2 fields, found 3");
  EXPECT_EQ(read_text("a\n\"never closed\n"), "2: the file ends within a quoted field");
  EXPECT_EQ(read_text("a\nx\"y\n"), "2: a quote within a field that does not begin with one");
  EXPECT_EQ(read_text("a\n\"x\"y\n"), "2: text behind the closing quote of a field");
  EXPECT_EQ(read_text(""), "empty, without even a line of column names");
  EXPECT_EQ(read_text("a\n\"" + std::string(2'000'000, 'x')),
            "2: a row of more than 1 MiB: is a quote not closed?");
}

TEST(CsvReader, TellsUnreadableFilesFromBadOnes) {
  const auto missing = CsvReader::open("no/such/file.csv");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().kind, InputError::Kind::kUnreadable);
  const auto directory = CsvReader::open(".");
  ASSERT_FALSE(directory.has_value());
  EXPECT_EQ(directory.error().kind, InputError::Kind::kUnreadable);
}

TEST(CsvReader, ReadsCompressedFilesAndNoticesBrokenOnes) {
  const std::string path = testing::TempDir() + "shardproof_input_test.csv.gz";
  gzFile out = gzopen(path.c_str(), "wb");
  gzputs(out, "a,b\n");
  for (int i = 0; i < 50'000; ++i) gzprintf(out, "%d,%d\n", i, i * i % 7919);
  gzclose(out);
  auto reader = CsvReader::open(path);
  ASSERT_TRUE(reader.has_value());
  int rows = 0;
  for (auto row = reader->next(); row && *row != nullptr; row = reader->next()) ++rows;
  EXPECT_EQ(rows, 50'000);

  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 2);
  auto broken = CsvReader::open(path);
  ASSERT_TRUE(broken.has_value());
  auto row = broken->next();
  while (row && *row != nullptr) row = broken->next();
  ASSERT_FALSE(row.has_value());
  EXPECT_EQ(row.error().kind, InputError::Kind::kMalformed);
  std::remove(path.c_str());
}

TraceSpec trace_spec(const std::string& file) {
  TraceSpec spec;
  spec.file = file;
  spec.operation_column = "op";
  spec.size_column = "size";
  spec.operations = {{"28", TrafficOperation::kRead}, {"2a", TrafficOperation::kReplace}};
  return spec;
}

TEST(TraceReader, TimesAreSinceTheFirstRecord) {
  const TemporaryFile file("trace.csv",
                           "time,op,key,size\n100,28,x,512\n100.5,2a,y,0\n103,2a,x,9\n");
  TraceSpec spec = trace_spec(file.path());
  spec.speedup = Ratio(2, 1);
  auto reader = TraceReader::open(spec);
  ASSERT_TRUE(reader.has_value());
  const auto first = reader->next();
  EXPECT_EQ((*first)->at, Nanoseconds(0));
  EXPECT_EQ((*first)->operation, TrafficOperation::kRead);
  EXPECT_EQ((*first)->size, Bytes(512));
  const auto second = reader->next();
  EXPECT_EQ((*second)->at, milliseconds(250));
  EXPECT_EQ((*second)->key, "y");
  EXPECT_EQ((*second)->line, 3u);
  const auto summary = check_trace(spec);
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(summary->records, 3u);
  EXPECT_EQ(summary->span, milliseconds(1500));
}

TEST(TraceReader, EveryBadLineIsNamedWithItsReason) {
  const auto error_of = [](const std::string& lines) {
    const TemporaryFile file("bad.csv", "time,op,key,size\n5,28,x,1\n" + lines);
    const auto summary = check_trace(trace_spec(file.path()));
    if (summary) return std::string("accepted");
    return fmt::format("{}: {}", summary.error().line, summary.error().reason);
  };
  EXPECT_EQ(error_of("6,2a,y,1\n"), "accepted");
  EXPECT_EQ(error_of("soon,28,x,1\n"), "3: the time \"soon\" is not a number");
  EXPECT_EQ(error_of("4,28,x,1\n"), "3: the time \"4\" is before the record above");
  EXPECT_EQ(error_of("6,99,x,1\n"), "3: unknown operation \"99\"; known are 28, 2a");
  EXPECT_EQ(error_of("6,28,,1\n"), "3: the key is empty");
  EXPECT_EQ(error_of("6,28,x,big\n"), "3: the size \"big\" is not a whole number of bytes");
  EXPECT_EQ(error_of("999999999999999999,28,x,1\n"),
            "3: the time \"999999999999999999\" is before the record above");
}

TEST(InventoryReader, ReadsNamedColumnsOnly) {
  const TemporaryFile file("nodes.csv", "sn,cpu_milli,memory_mib,gpu\nn1,32000,262144,0\n");
  InventoryColumns columns;
  columns.name = "sn";
  columns.cpu_milli = "cpu_milli";
  columns.memory_mib = "memory_mib";
  auto reader = InventoryReader::open(file.path(), columns);
  ASSERT_TRUE(reader.has_value());
  const auto row = reader->next();
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ((*row)->name, "n1");
  EXPECT_EQ((*row)->cpu_milli, 32'000u);
  EXPECT_EQ((*row)->memory, Bytes(std::uint64_t{256} << 30));
  EXPECT_EQ((*row)->disk, std::nullopt);
  EXPECT_EQ(*reader->next(), nullptr);
}

TEST(InventoryReader, NamesTheBadLine) {
  const TemporaryFile file("bad_nodes.csv", "sn,cpu_milli\nn1,32000\nn2,-3\n");
  InventoryColumns columns;
  columns.name = "sn";
  columns.cpu_milli = "cpu_milli";
  auto reader = InventoryReader::open(file.path(), columns);
  ASSERT_TRUE(reader.has_value());
  ASSERT_TRUE(reader->next().has_value());
  const auto bad = reader->next();
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().line, 3u);
  EXPECT_EQ(bad.error().reason, "the cpu_milli \"-3\" is not a whole number of a sensible size");
}

}  // namespace
}  // namespace shardproof::sim
