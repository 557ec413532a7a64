#include "cli/output.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"

namespace ringmaster::cli {

Traits traits_for(bool is_terminal, int width, const Environment& environment) {
    Traits traits;
    if (const auto forced = environment.value_or("RINGMASTER_FORCE_TTY", "0"); forced != "0") {
        is_terminal = true;
        if (const auto columns = parse_integer(forced); columns && *columns > 1)
            width = static_cast<int>(std::min(*columns, 1000LL));
    }
    traits.is_terminal = is_terminal;
    traits.width = std::clamp(width, 40, 400);
    const bool is_dumb = environment.value_or("TERM", "dumb") == "dumb";
    const bool is_forced = environment.value_or("CLICOLOR_FORCE", "0") != "0";
    traits.moves_cursor = is_terminal && !is_dumb;
    traits.has_color = (traits.moves_cursor || is_forced) && !environment.has("NO_COLOR");
    traits.has_links = traits.moves_cursor;
    return traits;
}

void Stream::line(std::string_view text) {
    std::string whole(text);
    whole += '\n';
    write(whole);
}

std::string Stream::paint(Style style, std::string_view text) const {
    if (!traits_.has_color || style == Style::Plain) return std::string(text);
    static constexpr const char* kCodes[] = {"", "1", "2", "31", "32", "33", "34"};
    return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<int>(style)], text);
}

std::string Stream::link(std::string_view url, std::string_view text) const {
    if (!traits_.has_links || url.empty()) return std::string(text);
    return fmt::format("\x1b]8;;{}\x1b\\{}\x1b]8;;\x1b\\", url, text);
}

namespace {

struct CodePoint {
    char32_t value;
    std::size_t length;
};

CodePoint first_code_point(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead < 0x80 || length > text.size()) return {lead, 1};
    char32_t value = lead & (0xFF >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
        value = (value << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
    return {value, length};
}

int width_of(char32_t point) {
    if (point == 0xFE0F || point == 0x200D || (point >= 0x300 && point <= 0x36F)) return 0;
    const bool is_wide = (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
                         (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
                         (point >= 0xFF00 && point <= 0xFF60) || (point >= 0x1F300 && point <= 0x1FAFF) ||
                         point == 0x231B || point == 0x26A1 || point == 0x2705 || point == 0x274C;
    return is_wide ? 2 : 1;
}

void print_piped(Stream& stream, const Table& table) {
    for (const auto& row : table.rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (i > 0) line += '\t';
            line += replace_all(sanitize_for_terminal(row[i].text), "\t", " ");
        }
        stream.line(line);
    }
}

void append_padding(std::string& line, int used, int wanted) {
    if (wanted > used) line.append(static_cast<std::size_t>(wanted - used), ' ');
}

/// Cut to so many columns, with "…" at the end.
std::string cut_to(const std::string& text, int columns) {
    if (display_width(text) <= columns) return text;
    std::string cut;
    int used = 1;
    for (std::string_view rest = text; !rest.empty();) {
        const auto point = first_code_point(rest);
        used += width_of(point.value);
        if (used > columns) break;
        cut += rest.substr(0, point.length);
        rest.remove_prefix(point.length);
    }
    return cut + "…";
}

/// Makes the widest columns narrower until a row fits the terminal, or nothing readable would be left.
/// Addresses stay whole: they are there to be copied.
void shrink(std::vector<int>& widths, const Table& table, int available) {
    constexpr int kNarrowest = 12;
    std::vector<bool> may_shrink(widths.size(), true);
    for (const auto& row : table.rows)
        for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
            if (!row[i].url.empty()) may_shrink[i] = false;
    const auto total = [&] {
        return std::accumulate(widths.begin(), widths.end(), 2 * (static_cast<int>(widths.size()) - 1));
    };
    while (total() > available) {
        std::size_t widest = widths.size();
        for (std::size_t i = 0; i < widths.size(); ++i)
            if (may_shrink[i] && widths[i] > kNarrowest &&
                (widest == widths.size() || widths[i] > widths[widest]))
                widest = i;
        if (widest == widths.size()) return;
        --widths[widest];
    }
}

void print_aligned(Stream& stream, const Table& table) {
    std::vector<int> widths;
    for (const auto& heading : table.headings) widths.push_back(display_width(heading));
    for (const auto& row : table.rows)
        for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
            widths[i] = std::max(widths[i], display_width(sanitize_for_terminal(row[i].text)));
    shrink(widths, table, stream.traits().width);
    const auto print_row = [&](const std::vector<Cell>& row) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            const std::string text = cut_to(sanitize_for_terminal(row[i].text), widths[i]);
            line += stream.link(row[i].url, stream.paint(row[i].style, text));
            if (i + 1 < row.size()) append_padding(line, display_width(text), widths[i] + 2);
        }
        stream.line(line);
    };
    std::vector<Cell> headings;
    for (const auto& heading : table.headings) headings.emplace_back(heading, Style::Dim);
    print_row(headings);
    for (const auto& row : table.rows) print_row(row);
}

}  // namespace

void print_table(Stream& stream, const Table& table) {
    if (stream.traits().is_terminal)
        print_aligned(stream, table);
    else
        print_piped(stream, table);
}

int display_width(std::string_view text) {
    int width = 0;
    while (!text.empty()) {
        const auto point = first_code_point(text);
        width += width_of(point.value);
        text.remove_prefix(point.length);
    }
    return width;
}

std::string wrap(std::string_view text, int width, std::string_view margin) {
    const int indent = display_width(margin);
    std::string result;
    for (const auto paragraph : split(text, '\n')) {
        std::string line;
        for (const auto word : split(paragraph, ' ')) {
            if (!line.empty() && indent + display_width(line) + 1 + display_width(word) > width) {
                result += std::string(margin) + line + "\n";
                line.clear();
            }
            if (!line.empty()) line += ' ';
            line += word;
        }
        result += line.empty() ? "\n" : std::string(margin) + line + "\n";
    }
    return result;
}

}  // namespace ringmaster::cli
