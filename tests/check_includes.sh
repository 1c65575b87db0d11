#!/bin/sh
# check_includes.sh [ROOT]: includes point one way.
#
#   core <- analysis <- { connectors, knowledge, llm, overlay } <- daemon
#
# The folders in braces never include each other, the overlay's panels see core only (and no GLFW), and
# line_socket and places are a target of their own that the vocabulary never includes. A library is known in one
# place: liblo in connectors, gRPC in connectors/ptsl, ImGui and GLFW in overlay, SQLite in the journal (and the knowledge search), Highway
# in analysis, libsndfile in analysis/audio_file.cpp, xxHash in the cache of analyses. Prints each breach; any breach is a failure.
set -eu
cd "${1:-$(dirname "$0")/..}"

allowed() { # what a folder may include besides itself
    case $1 in
        core) echo "" ;;
        analysis) echo "core" ;;
        connectors | knowledge | llm | overlay) echo "core analysis" ;;
        daemon) echo "core analysis connectors knowledge llm" ;;
    esac
}

breaches=$(
    for folder in core analysis connectors knowledge llm overlay daemon; do
        [ -d "$folder" ] || continue
        find "$folder" -name '*.h' -o -name '*.cpp' | sort | while read -r file; do
            grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$file" < /dev/null |
                sed -E 's/^([0-9]+):[^"]*"([^"]*)".*/\1 \2/' | while read -r line target; do
                case $target in
                    */*) ;;
                    *) echo "$file:$line: \"$target\": include from the root, as \"$folder/$target\""; continue ;;
                esac
                other=${target%%/*}
                case " $folder $(allowed "$folder") " in
                    *" $other "*) ;;
                    *) echo "$file:$line: $folder must not include $target"; continue ;;
                esac
                case $file:$target in
                    core/line_socket.*:* | core/places.*:*) ;;
                    core/*:core/line_socket.h | core/*:core/places.h) echo "$file:$line: core must not include $target" ;;
                    overlay/panels/*:analysis/*) echo "$file:$line: panels must not include $target" ;;
                esac
            done || true
            case $file in connectors/*) ;; *) grep -HnE '#[[:space:]]*include[[:space:]]*<lo/' "$file" || true ;; esac
            case $file in connectors/ptsl/*) ;; *) grep -HnE '#[[:space:]]*include[[:space:]]*<(grpc|google/protobuf|ptsl)' "$file" || true ;; esac
            case $file in analysis/*) ;; *) grep -HnE '#[[:space:]]*include[[:space:]]*<hwy/' "$file" || true ;; esac
            case $file in overlay/*) ;; *) grep -HnE '#[[:space:]]*include[[:space:]]*<(imgui|GLFW/|fribidi)' "$file" || true ;; esac
            case $file in analysis/audio_file.cpp) ;; *) grep -HnE '#[[:space:]]*include[[:space:]]*<sndfile' "$file" || true ;; esac
            case $file in daemon/command_line/analysis_cache.cpp) ;; *) grep -HnE '#[[:space:]]*include[[:space:]]*<xxhash' "$file" || true ;; esac
            case $file in
                overlay/panels/* | overlay/widgets.* | overlay/style.*)
                    grep -HnE '#[[:space:]]*include[[:space:]]*<(GLFW/|imgui_impl)' "$file" || true ;;
            esac
            case $file in
                daemon/journal* | knowledge/search*) ;;
                *) grep -HnE '#[[:space:]]*include[[:space:]]*<sqlite3' "$file" || true ;;
            esac
        done
    done
)
if [ -n "$breaches" ]; then
    echo "$breaches"
    exit 1
fi
