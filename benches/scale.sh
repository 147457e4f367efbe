#!/usr/bin/env bash
# How a run grows: folders of small mixed files, and few large files, made here, cleaned, measured and removed again.
#
#   benches/scale.sh FIELDSTRIP WORK [SIZE...]
#   benches/scale.sh target/release/fieldstrip /var/tmp/scale               1000, 10000 and 100000 small files, then large ones
#   benches/scale.sh target/release/fieldstrip /var/tmp/scale 1000 5000     only these folders
#   benches/scale.sh target/release/fieldstrip /var/tmp/scale large         a 500 MB PDF, a 300 MB .pptx, a 200-megapixel TIFF
#   POLICY=own.toml JOBS=1 benches/scale.sh …                               under another policy, with one worker
#
# Prints for each input time on the clock and of processors, files and megabytes a second, peak memory of the program and of its
# largest worker, the slope: the time for each file relative to the first folder, on the clock and of processors, and B/file: the
# program's memory for each file more than in that folder. Files that were not released are told with the reason.
# WORK needs room for an input and its copy (100,000 files: 1.5 GB); what is made in it is removed. Needs Linux and Python.
set -euo pipefail

if (($# < 2)); then
    sed -n '2,/^set/ { /^set/!s/^# \{0,1\}//p }' "$0" >&2
    exit 2
fi
program=$(realpath "$1")
work=$2
shift 2
sizes=("$@")
((${#sizes[@]})) || sizes=(1000 10000 100000 large)
tools=$(dirname "$(realpath "$0")")/scale
mkdir -p "$work"
work=$(mktemp -d "$(realpath "$work")/run-XXXXXX")
trap 'rm -rf "$work"' EXIT

options=(--policy "${POLICY:-public-release}")
[[ -z ${JOBS:-} ]] || options+=(--jobs "$JOBS")

# clean INPUT [--like …]: measures one input, prints its line and leaves what others can be compared with in $measured.
clean() {
    local input=$1
    shift
    sync # what was just written is not written back during the measurement
    python3 "$tools/measure.py" "$program" "$input" "$work" "${options[@]}" "$@" 2>"$work/measured" || {
        cat "$work/measured" >&2
        return 1
    }
    read -r -a measured < <(tail -n 1 "$work/measured")
}

echo "$("$program" --version), $(nproc) processors, policy ${POLICY:-public-release}"
python3 "$tools/measure.py" --heading
first=()
for size in "${sizes[@]}"; do
    if [[ $size == large ]]; then
        for large in document.pdf:500 slides.pptx:300 scan.tif:200; do
            python3 "$tools/make_large.py" "$work/${large%:*}" "${large#*:}"
            clean "$work/${large%:*}"
            rm "$work/${large%:*}"
        done
    else
        python3 "$tools/make_small.py" "$work/$size-small" "$size"
        clean "$work/$size-small" "${first[@]}"
        ((${#first[@]})) || first=(--like "${measured[@]}")
        rm -r "${work:?}/$size-small"
    fi
done
