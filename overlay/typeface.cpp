#include "overlay/typeface.h"

#include <algorithm>
#include <cmath>

namespace prefade::overlay {
namespace fs = std::filesystem;
namespace {

constexpr float text_size = 15.5F, small_size = 13.0F; ///< px at scale 1

struct Candidate {
    const char *regular, *bold;
};
constexpr Candidate candidates[] = {
    {"/usr/share/fonts/truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf",
     "/usr/share/fonts/truetype/roboto/unhinted/RobotoTTF/Roboto-Medium.ttf"}, // Debian, Ubuntu
    {"/usr/share/fonts/TTF/Roboto-Regular.ttf", "/usr/share/fonts/TTF/Roboto-Medium.ttf"}, // Arch
    {"/usr/share/fonts/google-roboto/Roboto-Regular.ttf",
     "/usr/share/fonts/google-roboto/Roboto-Medium.ttf"}, // Fedora
    {"/Library/Fonts/Roboto-Regular.ttf", "/Library/Fonts/Roboto-Medium.ttf"},
    {"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
     "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf"},
    {"/System/Library/Fonts/Supplemental/Arial.ttf",
     "/System/Library/Fonts/Supplemental/Arial Bold.ttf"},
    {"C:\\Windows\\Fonts\\segoeui.ttf", "C:\\Windows\\Fonts\\segoeuib.ttf"},
};
/// For scripts and signs that the typeface lacks.
constexpr const char* others[] = {
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "C:\\Windows\\Fonts\\msgothic.ttc",
    "C:\\Windows\\Fonts\\seguisym.ttf",
};

bool is_there(const char* file) {
    std::error_code failed;
    return fs::is_regular_file(file, failed);
}

/// Latin, its supplement and extension A; dashes, quotes, bullet and ellipsis; arrows.
constexpr ImWchar usual[] = {0x20, 0x17F, 0x2010, 0x2027, 0x2190, 0x2193, 0};

bool is_usual(ImWchar letter) {
    for (const ImWchar* range = usual; *range; range += 2)
        if (letter >= range[0] && letter <= range[1]) return true;
    return false;
}

} // namespace

Result<Typeface> find_typeface() {
    for (const Candidate& candidate : candidates) {
        if (!is_there(candidate.regular)) continue;
        Typeface typeface{
            candidate.regular, is_there(candidate.bold) ? candidate.bold : candidate.regular, {}};
        for (const char* other : others)
            if (is_there(other) && typeface.regular != other) typeface.others.emplace_back(other);
        return typeface;
    }
    return Error{ErrorCode::not_found,
                 "no readable typeface was found, so small built-in letters are drawn; install "
                 "Roboto (Debian: fonts-roboto-unhinted) or DejaVu Sans (fonts-dejavu-core)",
                 candidates[0].regular};
}

bool Letters::need(std::string_view text) {
    bool news = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (length == 1 || length == 4
            || at + length > text.size()) { // beyond U+FFFF: none is drawn
            at += length;
            continue;
        }
        unsigned point = first & (0xFFU >> (length + 1));
        for (std::size_t i = 1; i < length; ++i)
            point = (point << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
        const auto letter = static_cast<ImWchar>(point);
        if (!is_usual(letter)) news = wanted_.insert(letter).second || news;
        at += length;
    }
    return news;
}

bool Letters::need(const View& view) {
    bool news = need(view.trouble);
    const auto all = [&](std::initializer_list<const std::string*> texts) {
        for (const std::string* text : texts) news = need(*text) || news;
    };
    all({&view.notice});
    if (view.asked) {
        all({&view.asked->question, &view.asked->says, &view.asked->sources});
        for (const std::string& why : view.asked->refusals) all({&why});
    }
    for (const KnownDaw& daw : view.around.daws) {
        for (const std::string& text : daw.found) all({&text});
        for (const std::string& text : daw.steps) all({&text});
    }
    if (!view.picture) return news;
    const Picture& picture = *view.picture;
    all({&picture.session, &picture.host_line, &picture.last_error});
    for (const StripRow& row : picture.strips) all({&row.name, &row.role});
    for (const AdviceCard& card : picture.advice) {
        all({&card.strips, &card.says, &card.source});
        for (const EvidenceView& one : card.evidence) all({&one.text});
        for (const std::string& dose : card.doses) all({&dose});
    }
    for (const MoveRow& row : picture.moves)
        all({&row.control, &row.before, &row.target, &row.read_back, &row.reason, &row.why});
    return news;
}

Fonts Letters::bake(float scale) {
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    atlas.Clear();
    if (!typeface_) {
        ImFontConfig config;
        config.SizePixels = std::floor(13.0F * scale); // the size its dots are drawn for
        ImFont* own = atlas.AddFontDefault(&config);
        return {own, own, own};
    }
    ImFontGlyphRangesBuilder builder;
    builder.AddRanges(usual);
    for (const ImWchar letter : wanted_) builder.AddChar(letter);
    ranges_.clear();
    builder.BuildRanges(&ranges_);
    const auto add = [&](const fs::path& file, float size) {
        ImFont* font = atlas.AddFontFromFileTTF(
            file.string().c_str(), std::floor(size * scale + 0.5F), nullptr, ranges_.Data);
        ImFontConfig merge;
        merge.MergeMode = true;
        for (const fs::path& other : typeface_->others)
            atlas.AddFontFromFileTTF(other.string().c_str(), std::floor(size * scale + 0.5F),
                                     &merge, ranges_.Data);
        return font;
    };
    return {add(typeface_->regular, text_size), add(typeface_->bold, text_size),
            add(typeface_->regular, small_size)};
}

} // namespace prefade::overlay
