#include "libsim/text/text_table.hpp"

#include <catch2/catch.hpp>

using sim::TextTable;

TEST_CASE("texts of a last column go on below each other where a line would be too long", "[text_table]") {
  TextTable table({{"flag"}, {"meaning"}});
  table.add({"--a", "one two three four five six seven"});
  table.add({"--longer", "short"});
  table.add({"--b", "a-word-that-is-longer-than-the-whole-line and more"});
  CHECK(table.rows_within(36, 2).text() ==
        "  --a       one two three four five\n"
        "            six seven\n"
        "  --longer  short\n"
        "  --b       a-word-that-is-longer-than-the-whole-line\n"
        "            and more\n");
}

TEST_CASE("a column of text is never too narrow to be read", "[text_table]") {
  TextTable table({{"flag"}, {"meaning"}});
  table.add({"--a-very-long-name", "one two three four five six"});
  CHECK(table.rows_within(20, 0).text() ==
        "--a-very-long-name  one two three four five\n"
        "                    six\n");
}
