#pragma once
// Where commands write: stdout is the result, stderr is the talk. A stream knows whether a person looks at
// it, so that colour, links and aligned tables appear only there; what is piped stays plain and stable.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/environment.h"

namespace ringmaster::cli {

/// What a stream may be given.
struct Traits {
    bool is_terminal = false;
    bool has_color = false;
    bool has_links = false;  ///< OSC 8 hyperlinks
    bool moves_cursor = false;
    int width = 80;  ///< columns; meaningful on a terminal only
};
/// Decides by what the stream is and by NO_COLOR, CLICOLOR_FORCE and TERM (no-color.org,
/// bixense.com/clicolors). RINGMASTER_FORCE_TTY makes any stream a terminal, of that many columns if it is a
/// number above 1 (as GH_FORCE_TTY does).
Traits traits_for(bool is_terminal, int width, const Environment& environment);

enum class Style { Plain, Bold, Dim, Red, Green, Yellow, Blue };

class Stream {
 public:
    explicit Stream(Traits traits) : traits_(traits) {}
    virtual ~Stream() = default;
    /// As it is; failures are kept for the end of the program.
    virtual void write(std::string_view text) = 0;
    /// What was written is readable from now on, by a program behind a pipe, too.
    virtual void flush() {}
    const Traits& traits() const { return traits_; }

    void line(std::string_view text);
    /// The text with the style's escape codes, if the stream has colour.
    std::string paint(Style style, std::string_view text) const;
    /// The text as a link, if the stream has links; otherwise the text.
    std::string link(std::string_view url, std::string_view text) const;

 private:
    Traits traits_;
};

/// Answers to questions; a line without its newline, or nullopt at the end of input.
class Input {
 public:
    virtual ~Input() = default;
    virtual bool is_terminal() const = 0;
    virtual std::optional<std::string> read_line() = 0;
};

struct Cell {
    std::string text;
    Style style = Style::Plain;
    std::string url;  ///< makes the text a link where there are links
    Cell(std::string content, Style how = Style::Plain, std::string target = {})
        : text(std::move(content)), style(how), url(std::move(target)) {}
    Cell(const char* content) : text(content) {}
};

/// Rows under headings. On a terminal aligned, with headings, long cells cut so that a row stays a line;
/// piped tab-separated, without, one row a line. Control characters in cells are made harmless.
struct Table {
    std::vector<std::string> headings;
    std::vector<std::vector<Cell>> rows;
};
void print_table(Stream& stream, const Table& table);

/// Columns that a terminal uses for the text: emoji and CJK count two, variation selectors and combining
/// marks none (a small subset of UAX #11, enough for what we print).
int display_width(std::string_view text);
/// The text wrapped at spaces to lines of at most `width` columns, each after the margin.
std::string wrap(std::string_view text, int width, std::string_view margin);

}  // namespace ringmaster::cli
