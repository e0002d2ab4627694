#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "libsim/random/distribution_factory.hpp"
#include "libsim/random/text_cursor.hpp"

namespace sim {

namespace {

/// A named parameter and where its value goes.
struct Parameter {
  std::string_view name;
  std::variant<Duration*, double*, std::uint32_t*> value;
};

/// Recursive descent over `distribution = duration | law "(" arguments ")"`, one function per law.
class Parser {
 public:
  Parser(std::string_view text, const SampleLoader& loader) : cursor_(text), loader_(loader) {}

  Distribution parse() {
    auto distribution = read_distribution();
    cursor_.require_end();
    return distribution;
  }

 private:
  struct LawSyntax {
    std::string_view name;
    Expected<Distribution> (Parser::*read)();
  };
  static const std::array<LawSyntax, 13> law_syntaxes;

  // The laws. Each starts behind "(" and ends before ")".
  Expected<Distribution> read_constant() { return DistributionFactory::constant(cursor_.read_duration()); }
  Expected<Distribution> read_exponential() { return DistributionFactory::exponential(cursor_.read_duration()); }
  Expected<Distribution> read_uniform();
  Expected<Distribution> read_lognormal();
  Expected<Distribution> read_erlang();
  Expected<Distribution> read_hyperexponential();
  Expected<Distribution> read_weibull();
  Expected<Distribution> read_pareto();
  Expected<Distribution> read_gamma();
  Expected<Distribution> read_normal();
  Expected<Distribution> read_triangular();
  Expected<Distribution> read_mixture();
  Expected<Distribution> read_empirical();

  // What they are made of.
  Distribution read_distribution();
  Distribution read_law(const LawSyntax& syntax, std::size_t position);
  void read_parameters(std::vector<Parameter> parameters);
  void read_value(const Parameter& parameter);
  Expected<Distribution> samples_in_text(const TextCursor::Name& first);
  Expected<Distribution> samples_in_file(const TextCursor::Name& file);

  static constexpr int depth_max = 16;

  TextCursor cursor_;
  const SampleLoader& loader_;
  int depth_ = 0;
};

const std::array<Parser::LawSyntax, 13> Parser::law_syntaxes{{{"constant", &Parser::read_constant},
                                                              {"uniform", &Parser::read_uniform},
                                                              {"exponential", &Parser::read_exponential},
                                                              {"lognormal", &Parser::read_lognormal},
                                                              {"erlang", &Parser::read_erlang},
                                                              {"hyperexponential", &Parser::read_hyperexponential},
                                                              {"weibull", &Parser::read_weibull},
                                                              {"pareto", &Parser::read_pareto},
                                                              {"gamma", &Parser::read_gamma},
                                                              {"normal", &Parser::read_normal},
                                                              {"triangular", &Parser::read_triangular},
                                                              {"mixture", &Parser::read_mixture},
                                                              {"empirical", &Parser::read_empirical}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Distribution Parser::read_distribution() {
  const auto word = cursor_.peek_word();
  const auto position = cursor_.position();
  const auto syntax = std::find_if(law_syntaxes.begin(), law_syntaxes.end(),
                                   [word](const LawSyntax& candidate) { return candidate.name == word; });
  if (syntax != law_syntaxes.end()) {
    return read_law(*syntax, position);
  }
  if (!word.empty() && (is_digit(word.front()) || word.front() == '-')) {
    return *DistributionFactory::constant(cursor_.read_duration());
  }
  std::vector<std::string_view> names;
  for (const auto& candidate : law_syntaxes) {
    names.push_back(candidate.name);
  }
  cursor_.fail_here(fmt::format("a duration such as 250ms or one of {}", fmt::join(names, ", ")));
}

Distribution Parser::read_law(const LawSyntax& syntax, std::size_t position) {
  if (++depth_ > depth_max) {
    TextCursor::fail_at(position, fmt::format("expected at most {} distributions inside each other", depth_max));
  }
  cursor_.read_word();
  cursor_.require('(');
  auto distribution = (this->*syntax.read)();
  cursor_.require(')');
  --depth_;
  if (!distribution) {
    TextCursor::fail_at(position, fmt::format("{}: {}", syntax.name, distribution.error().message));
  }
  return *std::move(distribution);
}

Expected<Distribution> Parser::read_uniform() {
  const auto minimum = cursor_.read_duration();
  cursor_.require(',');
  return DistributionFactory::uniform(minimum, cursor_.read_duration());
}

Expected<Distribution> Parser::read_triangular() {
  const auto minimum = cursor_.read_duration();
  cursor_.require(',');
  const auto mode = cursor_.read_duration();
  cursor_.require(',');
  return DistributionFactory::triangular(minimum, mode, cursor_.read_duration());
}

Expected<Distribution> Parser::read_lognormal() {
  const auto word = cursor_.peek_word();
  if (word == "mean" || word == "cv") {
    Duration mean{};
    double cv = 0.0;
    read_parameters({{"mean", &mean}, {"cv", &cv}});
    return DistributionFactory::lognormal(mean, cv);
  }
  if (word == "p50" || word == "p99") {
    Duration p50{};
    Duration p99{};
    read_parameters({{"p50", &p50}, {"p99", &p99}});
    return DistributionFactory::lognormal_p50_p99(p50, p99);
  }
  cursor_.fail_here("one of p50, p99, mean, cv");
}

Expected<Distribution> Parser::read_erlang() {
  std::uint32_t k = 0;
  Duration mean{};
  read_parameters({{"k", &k}, {"mean", &mean}});
  return DistributionFactory::erlang(k, mean);
}

Expected<Distribution> Parser::read_hyperexponential() {
  if (const auto word = cursor_.peek_word(); word == "mean" || word == "cv") {
    Duration mean{};
    double cv = 0.0;
    read_parameters({{"mean", &mean}, {"cv", &cv}});
    return DistributionFactory::hyperexponential(mean, cv);
  }
  if (!is_digit(cursor_.peek())) {
    cursor_.fail_here("one of mean, cv or a weight such as 0.4");
  }
  std::vector<HyperexponentialBranch> branches;
  do {
    const double weight = cursor_.read_number();
    cursor_.require(':');
    branches.push_back({weight, cursor_.read_duration()});
  } while (cursor_.accept(','));
  return DistributionFactory::hyperexponential(branches);
}

Expected<Distribution> Parser::read_weibull() {
  double shape = 0.0;
  Duration scale{};
  read_parameters({{"shape", &shape}, {"scale", &scale}});
  return DistributionFactory::weibull(shape, scale);
}

Expected<Distribution> Parser::read_pareto() {
  double shape = 0.0;
  Duration minimum{};
  read_parameters({{"shape", &shape}, {"minimum", &minimum}});
  return DistributionFactory::pareto(shape, minimum);
}

Expected<Distribution> Parser::read_gamma() {
  double shape = 0.0;
  Duration mean{};
  read_parameters({{"shape", &shape}, {"mean", &mean}});
  return DistributionFactory::gamma(shape, mean);
}

Expected<Distribution> Parser::read_normal() {
  Duration mean{};
  Duration sd{};
  read_parameters({{"mean", &mean}, {"sd", &sd}});
  return DistributionFactory::normal(mean, sd);
}

Expected<Distribution> Parser::read_mixture() {
  std::vector<MixturePart> parts;
  do {
    const double weight = cursor_.read_number();
    cursor_.require(':');
    parts.push_back({weight, read_distribution()});
  } while (cursor_.accept(','));
  return DistributionFactory::mixture(parts);
}

Expected<Distribution> Parser::read_empirical() {
  const auto first = cursor_.read_name();
  return !first.quoted && parse_duration(first.text) ? samples_in_text(first) : samples_in_file(first);
}

Expected<Distribution> Parser::samples_in_text(const TextCursor::Name& first) {
  std::vector<Duration> samples{*parse_duration(first.text)};
  while (cursor_.accept(',')) {
    samples.push_back(cursor_.read_duration());
  }
  return DistributionFactory::empirical(std::move(samples));
}

Expected<Distribution> Parser::samples_in_file(const TextCursor::Name& file) {
  cursor_.require(',');
  const auto column = cursor_.read_name();
  if (!loader_) {
    return unexpected("no file can be read here, expected samples as in empirical(5ms, 7ms, 12ms)");
  }
  auto samples = loader_(file.text, column.text);
  if (!samples) {
    TextCursor::fail_at(file.position, samples.error().message);
  }
  return DistributionFactory::empirical(*std::move(samples), file.text, column.text);
}

/// Reads `name=value, …`: all of `parameters` in any order, each once.
void Parser::read_parameters(std::vector<Parameter> parameters) {
  while (true) {
    const auto word = cursor_.peek_word();
    const auto parameter = std::find_if(parameters.begin(), parameters.end(),
                                        [word](const Parameter& candidate) { return candidate.name == word; });
    if (parameter == parameters.end()) {
      cursor_.fail_here(parameters.size() == 1 ? std::string(parameters[0].name)
                                               : fmt::format("{} or {}", parameters[0].name, parameters[1].name));
    }
    cursor_.read_word();
    cursor_.require('=');
    read_value(*parameter);
    parameters.erase(parameter);
    if (parameters.empty()) {
      return;
    }
    cursor_.require(',');
  }
}

void Parser::read_value(const Parameter& parameter) {
  if (auto* const* duration = std::get_if<Duration*>(&parameter.value)) {
    **duration = cursor_.read_duration();
  } else if (auto* const* number = std::get_if<double*>(&parameter.value)) {
    **number = cursor_.read_number();
  } else {
    *std::get<std::uint32_t*>(parameter.value) = cursor_.read_whole_number();
  }
}

}  // namespace

Expected<Distribution> parse_distribution(std::string_view text, const SampleLoader& loader) {
  try {
    return Parser(text, loader).parse();
  } catch (const SyntaxError& error) {
    return unexpected(fmt::format("column {}: {}", error.position + 1, error.message));
  }
}

std::string to_text(const Distribution& distribution) { return distribution.text_; }

}  // namespace sim
