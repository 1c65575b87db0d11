// What can be inserted on a strip of the demo's mixer: EQ, compressor, limiter, and the two effects of the
// returns. Each has numbered parameters in plain units. One thread.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace prefade::demo {

inline constexpr std::size_t block_frames = 441; ///< 10 ms

struct ParameterSpec {
    std::string_view name, unit;
    float minimum, maximum, initial;
    bool logarithmic{false};
    bool output{false}; ///< a reading (gain reduction), not a control
};

enum class ProcessorKind { eq, compressor, limiter, plate, echo };
std::string_view name_of(ProcessorKind kind) noexcept;
/// By parameter number less 1: numbers count from 1.
std::span<const ParameterSpec> parameters_of(ProcessorKind kind) noexcept;

class Processor {
public:
    virtual ~Processor() = default;
    explicit Processor(ProcessorKind kind);

    ProcessorKind kind() const { return kind_; }
    float value(std::size_t number) const { return values_.at(number - 1); }
    /// Clamped into the parameter's range; outputs are left alone.
    void set(std::size_t number, float value);
    /// One block in place. `right` is null on a mono strip.
    virtual void process(float* left, float* right) = 0;
    /// Forgets all sound.
    virtual void reset() = 0;
    /// dB of gain taken off at the deepest point of the last block, 0 or more; 0 where nothing reduces.
    virtual float gain_reduction() const { return 0.0F; }

protected:
    virtual void changed() {} ///< a value is another one

private:
    ProcessorKind kind_;
    std::vector<float> values_;
};

std::unique_ptr<Processor> make_processor(ProcessorKind kind);

} // namespace prefade::demo
