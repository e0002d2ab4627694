#include "libsim/study/axis.hpp"

#include <fmt/format.h>

#include <set>

#include "libsim/study/axis_steps.hpp"
#include "libsim/study/syntax.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::study {

namespace {

/// Cuts what stands behind `=` at a separator that is outside of parentheses and quotes.
class Splitter {
 public:
  Splitter(std::string_view text, std::size_t begin) : text_(text), begin_(begin) {}

  [[nodiscard]] Expected<std::vector<Piece>> at(char separator) const;

 private:
  std::string_view text_;
  std::size_t begin_;
};

Expected<std::vector<Piece>> Splitter::at(char separator) const {
  std::vector<Piece> pieces;
  std::vector<std::size_t> open;
  std::size_t start = begin_;
  std::size_t quote = std::string_view::npos;
  for (std::size_t i = begin_; i < text_.size(); ++i) {
    const char c = text_[i];
    if (c == '"') {
      quote = quote == std::string_view::npos ? i : std::string_view::npos;
    } else if (quote != std::string_view::npos) {
      continue;
    } else if (c == '(') {
      open.push_back(i);
    } else if (c == ')' && open.empty()) {
      return error_at(text_, i, "expected no \")\" without a \"(\" before it");
    } else if (c == ')') {
      open.pop_back();
    } else if (c == separator && open.empty()) {
      pieces.push_back(piece_of(text_, start, i));
      start = i + 1;
    }
  }
  if (quote != std::string_view::npos) {
    return error_at(text_, quote, "expected a closing quote, found the end");
  }
  if (!open.empty()) {
    return error_at(text_, open.back(), "expected a \")\" for this \"(\", found the end");
  }
  pieces.push_back(piece_of(text_, start, text_.size()));
  return pieces;
}

bool is_parameter_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

Expected<Piece> read_parameter(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) {
    return syntax_error(text, text.size(), text.size(), "\"=\" and values, as in containers=2:20:2");
  }
  const auto name = piece_of(text, 0, equals);
  if (name.text.empty()) {
    return syntax_error(text, equals, equals + 1, "the name of a parameter");
  }
  for (std::size_t i = 0; i < name.text.size(); ++i) {
    if (!is_parameter_letter(name.text[i])) {
      return syntax_error(text, name.position + i, name.position + i + 1, "the name of one parameter");
    }
  }
  return name;
}

Expected<AxisSpec> read_list(std::string_view text, std::string_view parameter, const std::vector<Piece>& items) {
  if (items.size() > axis_values_max) {
    return error_at(text, items.front().position,
                    fmt::format("expected at most {} values, found {}", axis_values_max, items.size()));
  }
  Axis axis{std::string(parameter), {}};
  std::set<std::string_view> seen;
  for (const auto& item : items) {
    if (item.text.empty()) {
      return syntax_error(text, item.position, item.position, "a value");
    }
    const auto colon = item.text.find(':');
    if (items.size() > 1 && colon != std::string_view::npos && is_bound(item.text.substr(0, colon))) {
      return error_at(text, item.position, "expected either a list such as 2,4,8 or a range such as 2:20:2");
    }
    if (!seen.insert(item.text).second) {
      return error_at(text, item.position, fmt::format("expected each value once, found {} again", shown(item.text)));
    }
    axis.values.emplace_back(item.text);
  }
  return axis;
}

}  // namespace

const std::string& parameter_of(const AxisSpec& axis) {
  return std::visit([](const auto& spec) -> const std::string& { return spec.parameter; }, axis);
}

Expected<AxisSpec> parse_axis(std::string_view text) {
  const auto parameter = read_parameter(text);
  if (!parameter) {
    return tl::unexpected(parameter.error());
  }
  const Splitter values(text, text.find('=') + 1);
  const auto items = values.at(',');
  if (!items) {
    return tl::unexpected(items.error());
  }
  if (items->size() > 1) {
    return read_list(text, parameter->text, *items);
  }
  const auto bounds = *values.at(':');
  return bounds.size() > 1 ? read_bounds(text, parameter->text, bounds) : read_list(text, parameter->text, *items);
}

}  // namespace sim::study
