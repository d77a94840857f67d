// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include "sim/scenario/bound.hpp"
#include "sim/scenario/condition.hpp"
#include "sim/scenario/suggest.hpp"

namespace shardproof::sim {
namespace {

struct Token {
  enum class Kind : std::uint8_t { kWord, kQuoted, kComparator, kOpen, kClose, kEnd };
  Kind kind = Kind::kEnd;
  std::string_view text;
  std::size_t offset = 0;
};

bool is_word_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '%' || c == '/';
}

/// Recursive descent over `or` of `and` of comparisons; the first error stops it.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) { advance(); }

  Result<Condition, TextError> parse() {
    parse_or();
    if (!error_ && token_.kind != Token::Kind::kEnd) {
      set_error(token_, fmt::format("unexpected \"{}\"", token_.text),
                "join comparisons with and, or");
    }
    if (error_) return {Unexpected<TextError>{*error_}};
    return std::move(condition_);
  }

 private:
  using Kind = ConditionStep::Kind;

  void set_error(const Token& token, std::string message, std::string suggestion = {}) {
    if (!error_) error_ = TextError{std::move(message), std::move(suggestion), token.offset};
  }

  void advance() {
    while (position_ < text_.size() && text_[position_] == ' ') ++position_;
    token_ = {Token::Kind::kEnd, {}, position_};
    if (position_ == text_.size()) return;
    const char c = text_[position_];
    if (c == '(' || c == ')') return take(c == '(' ? Token::Kind::kOpen : Token::Kind::kClose, 1);
    if (c == '"' || c == '\'') return take_quoted(c);
    if (c == '<' || c == '>' || c == '=' || c == '!') {
      const bool two = position_ + 1 < text_.size() && text_[position_ + 1] == '=';
      return take(Token::Kind::kComparator, two ? 2 : 1);
    }
    std::size_t length = 0;
    while (position_ + length < text_.size() && is_word_letter(text_[position_ + length])) ++length;
    if (length > 0) return take(Token::Kind::kWord, length);
    set_error(token_, fmt::format("unexpected \"{}\"", c));
    position_ = text_.size();
  }

  void take(Token::Kind kind, std::size_t length) {
    token_ = {kind, text_.substr(position_, length), position_};
    position_ += length;
  }

  void take_quoted(char quote) {
    const std::size_t end = text_.find(quote, position_ + 1);
    if (end == std::string_view::npos) {
      set_error(token_, "a closing quote is missing");
      position_ = text_.size();
      return;
    }
    token_ = {Token::Kind::kQuoted, text_.substr(position_ + 1, end - position_ - 1),
              position_ + 1};
    position_ = end + 1;
  }

  bool take_word(std::string_view word) {
    if (token_.kind != Token::Kind::kWord || token_.text != word) return false;
    advance();
    return true;
  }

  void push(ConditionStep step) {
    if (condition_.steps.size() >= kConditionDepth) set_error(token_, "too long a condition");
    if (!error_) condition_.steps.push_back(step);
  }

  void push_join(Kind kind) {
    ConditionStep step;
    step.kind = kind;
    push(step);
  }

  void parse_or() {
    parse_and();
    while (!error_ && take_word("or")) {
      parse_and();
      push_join(Kind::kOr);
    }
  }

  void parse_and() {
    parse_operand();
    while (!error_ && take_word("and")) {
      parse_operand();
      push_join(Kind::kAnd);
    }
  }

  void parse_operand() {
    if (error_) return;
    if (token_.kind != Token::Kind::kOpen) return parse_comparison();
    if (++depth_ > kConditionDepth) return set_error(token_, "too many parentheses");
    advance();
    parse_or();
    if (token_.kind != Token::Kind::kClose) return set_error(token_, "expected \")\"");
    --depth_;
    advance();
  }

  void parse_comparison() {
    ConditionStep step;
    const Token name = token_;
    if (!parse_metric(step) || !parse_comparator(step)) return;
    const MetricDefinition& metric = metric_catalogue()[step.metric];
    if (metric.unit == MetricUnit::kChoice) {
      parse_choice(metric, step);
    } else {
      parse_number(metric, step);
    }
    if (!error_) require_open_outcome(name, step);
    push(step);
    advance();
  }

  bool parse_metric(ConditionStep& step) {
    if (token_.kind != Token::Kind::kWord) {
      set_error(token_, "expected the name of a metric");
      return false;
    }
    const auto index = find_metric(token_.text);
    if (!index) {
      set_error(token_, fmt::format("unknown metric \"{}\"", token_.text),
                suggest(token_.text, condition_metrics()));
      return false;
    }
    if (!metric_catalogue()[*index].in_conditions) {
      set_error(token_,
                fmt::format("\"{}\" is not known at every moment, so conditions cannot use it",
                            token_.text));
      return false;
    }
    step.metric = *index;
    advance();
    return !error_;
  }

  static std::vector<std::string_view> condition_metrics() {
    std::vector<std::string_view> names;
    for (const MetricDefinition& metric : metric_catalogue()) {
      if (metric.in_conditions) names.push_back(metric.name);
    }
    return names;
  }

  bool parse_comparator(ConditionStep& step) {
    constexpr std::pair<std::string_view, Comparator> kComparators[] = {
        {"<", Comparator::kLess},    {"<=", Comparator::kLessEqual},
        {"==", Comparator::kEqual},  {"!=", Comparator::kNotEqual},
        {">", Comparator::kGreater}, {">=", Comparator::kGreaterEqual},
    };
    for (const auto& [symbol, comparator] : kComparators) {
      if (token_.kind != Token::Kind::kComparator || token_.text != symbol) continue;
      step.comparator = comparator;
      advance();
      return !error_;
    }
    set_error(token_, "expected a comparison", "write one of <, <=, ==, !=, >=, >");
    return false;
  }

  void parse_choice(const MetricDefinition& metric, ConditionStep& step) {
    if (step.comparator != Comparator::kEqual && step.comparator != Comparator::kNotEqual) {
      return set_error(token_, fmt::format("\"{}\" has no order", metric.name), "write == or !=");
    }
    for (std::uint32_t i = 0; i < metric.choices.size(); ++i) {
      if (metric.choices[i] == token_.text) {
        step.choice = i;
        return;
      }
    }
    set_error(token_, fmt::format("\"{}\" is never \"{}\"", metric.name, token_.text),
              suggest(token_.text, {metric.choices.begin(), metric.choices.end()}));
  }

  void parse_number(const MetricDefinition& metric, ConditionStep& step) {
    const bool has_text = token_.kind == Token::Kind::kWord || token_.kind == Token::Kind::kQuoted;
    if (!has_text) return set_error(token_, "expected a number");
    const auto number = parse_bound(metric.unit, token_.text);
    if (number) {
      step.number = *number;
      return;
    }
    if (!error_) {
      error_ = number.error();
      error_->offset += token_.offset;
    }
  }

  /// Metrics are never negative.
  void require_open_outcome(const Token& name, const ConditionStep& step) {
    if (metric_catalogue()[step.metric].unit == MetricUnit::kChoice || !step.number.is_zero())
      return;
    if (step.comparator == Comparator::kLess) {
      set_error(name, "this can never hold: no metric is below zero");
    } else if (step.comparator == Comparator::kGreaterEqual) {
      set_error(name, "this always holds: no metric is below zero");
    }
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t depth_ = 0;
  Token token_;
  Condition condition_;
  std::optional<TextError> error_;
};

}  // namespace

Result<Condition, TextError> parse_condition(std::string_view text) { return Parser(text).parse(); }

}  // namespace shardproof::sim
