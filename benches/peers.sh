#!/usr/bin/env bash
# How long whole commands take, against what people use today: ExifTool, mat2, qpdf with pdftotext, copy and hash.
#
#   benches/peers.sh FIELDSTRIP [IMAGES [PDFS [OFFICE]]]
#   benches/peers.sh target/release/fieldstrip corpus/images/exif-samples corpus/pdf/pdfbox corpus/office/poi-docx
#   MIN_RUNS=10 JOBS="1 2" benches/peers.sh …     at least so many runs of each command (default 5); other numbers of workers
#
# A folder that is not named is looked for at its place in FIELDSTRIP_CORPUS, and made of `samples/` if that is not set. All
# commands work on the same copy of it and write into a temporary folder (TMPDIR). Each is run once before, and what it
# wrote is counted: `done` are the files of which it made a copy. One that made copies of less than half is not measured, since
# who fails at once is fast. Programs that are missing are installed with apt-get.
#
# Prints a table of medians, fastest and slowest run, then one of ratios with their targets.
set -Eeuo pipefail

if (($# < 1)); then
    sed -n '2,/^set/ { /^set/!s/^# \{0,1\}//p }' "$0" >&2
    exit 2
fi
root=$(dirname "$(dirname "$(realpath "$0")")")
fieldstrip=$(realpath "$1")
corpus=${FIELDSTRIP_CORPUS:-}
min_runs=${MIN_RUNS:-5}
read -r few many <<<"${JOBS:-1 2}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'echo "stopped in line $LINENO: $BASH_COMMAND" >&2' ERR
out=$work/out
results=$work/results.tsv
short_of_target=0
export LC_ALL=C.UTF-8

install_peers() {
    local packages=()
    command -v exiftool >/dev/null || packages+=(libimage-exiftool-perl)
    command -v mat2 >/dev/null || packages+=(mat2)
    command -v qpdf >/dev/null || packages+=(qpdf)
    command -v pdftotext >/dev/null || packages+=(poppler-utils)
    command -v hyperfine >/dev/null || packages+=(hyperfine)
    command -v jq >/dev/null || packages+=(jq)
    ((${#packages[@]})) || return 0
    local as_root=()
    ((EUID == 0)) || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

# folder NAME DIR CORPUS_DIR EXTENSION...: the input NAME, copied from DIR, else from the corpus, else from the samples.
folder() {
    local name=$1 from=${2:-${corpus:+$corpus/$3}}
    shift 3
    if [[ -n $from ]]; then
        cp -r "$from" "$work/$name"
    else
        mkdir "$work/$name"
        local extension
        for extension; do (cd "$root/samples" && find . -name "*.$extension" -exec cp --parents -t "$work/$name" {} +); done
    fi
    chmod -R u+w "$work/$name"
}

# The commands. Each takes a folder and writes to $out; mat2 knows no other place than beside the input.

clean() { "$fieldstrip" clean "$1" --output "$out" --key "$work/key" --fail-on never --quiet "${@:2}"; }
with_exiftool() { mkdir "$out" && cd "$1" && exiftool -q -q -all= -r -o "$out/%d" .; }
with_mat2() { find "$1" -type f ! -name '*.cleaned.*' -print0 | xargs -0 -r sh -c 'mat2 "$@" || :' sh; }
with_copy() { cp -r "$1" "$out" && find "$out" -type f -print0 | xargs -0 -r sha256sum >"$out.sums"; }
with_qpdf() {
    local file copy
    mkdir "$out" && cd "$1"
    find . -type f -print0 | while IFS= read -r -d '' file; do
        copy=$out/${file//\//_}
        qpdf --warning-exit-0 "$file" "$copy" && pdftotext "$copy" "$copy.txt"
    done 2>/dev/null
}
tidy() {
    rm -rf "$out" "$out.review" "$out.sums"
    find "$work" -name '*.cleaned.*' -delete
}
export -f clean with_exiftool with_mat2 with_copy with_qpdf tidy
export fieldstrip work out

# How many files a command made a copy of, the held ones included. Of qpdf and pdftotext together, a copy has its text too.
made() {
    case $1 in
        with_mat2) find "$work/$2" -name '*.cleaned.*' ;;
        with_qpdf) find "$out" -name '*.txt' ;;
        clean) find "$out" "$out.review" -type f -path "$out/*" -o -type f -path "$out.review/held/*" ;;
        *) find "$out" -type f ;;
    esac | wc -l
}

# measure LABEL INPUT COMMAND...: checks that a command does its work on the input, and measures it.
measure() {
    local label=$1 input=$2 copies of
    shift 2
    tidy
    of=$(find "$work/$input" -type f | wc -l)
    ("$1" "$work/$input" "${@:2}") >"$work/said" 2>&1 </dev/null || [[ $1 != clean ]] || { cat "$work/said" >&2; exit 1; }
    copies=$(made "$1" "$input")
    if ((2 * copies < of)); then
        printf '%-8s %-26s %9s too few copies to compare; it said:\n' "$input" "$label" "$copies/$of"
        tail -n 5 "$work/said"
        return 0
    fi
    timed "$label" "$input" "$copies/$of" --shell=bash --prepare tidy -i "$1 $work/$input ${*:2}"
}

# timed LABEL INPUT DONE HYPERFINE_ARGUMENTS...: measures with hyperfine, prints a line and keeps the median.
timed() {
    local hyperfine=(hyperfine --style=none --warmup=1 --min-runs="$min_runs" --export-json="$work/run.json")
    "${hyperfine[@]}" "${@:4}" >/dev/null 2>"$work/said" || {
        cat "$work/said" >&2
        exit 1
    }
    local numbers
    numbers=$(jq -r '.results[0] | [.median, .min, .max, (.times | length)] | @tsv' "$work/run.json")
    local median fastest slowest runs
    IFS=$'\t' read -r median fastest slowest runs <<<"$numbers"
    printf '%-8s %-26s %9s %10.1f %10.1f %10.1f %6d\n' \
        "$2" "$1" "$3" "$(ms "$median")" "$(ms "$fastest")" "$(ms "$slowest")" "$runs"
    printf '%s\t%s\t%s\n' "$2" "$1" "$median" >>"$results"
}

ms() { awk -v s="$1" 'BEGIN { print s * 1000 }'; }
median_of() { awk -F '\t' -v input="$1" -v label="$2" '$1 == input && $2 == label { print $3 }' "$results"; }

# ratio WHAT INPUT A B RELATION TARGET: the median of A divided by that of B, and whether that is as it should be.
ratio() {
    local a b
    a=$(median_of "$2" "$3") b=$(median_of "$2" "$4")
    if [[ -z $a || -z $b ]]; then
        printf '%-8s %-54s %9s   %s %s\n' "$2" "$1" - "$5" "$6"
    else
        judge "$2" "$1" "$(awk -v a="$a" -v b="$b" 'BEGIN { print a / b }')" "$5" "$6"
    fi
}

# judge INPUT WHAT VALUE RELATION TARGET
judge() {
    local verdict=met
    local test='BEGIN { exit !(relation == ">=" ? value >= target : value <= target) }'
    awk -v value="$3" -v relation="$4" -v target="$5" "$test" || {
        verdict=missed
        short_of_target=$((short_of_target + 1))
    }
    printf '%-8s %-54s %9.2f   %s %-5s %s\n' "$1" "$2" "$3" "$4" "$5" "$verdict"
}

install_peers
folder images "${2:-}" images/exif-samples jpg png
folder pdfs "${3:-}" pdf/pdfbox pdf
folder office "${4:-}" office/poi-docx docx xlsx pptx
mkdir "$work/all"
cp -r "$work/images" "$work/pdfs" "$work/office" "$work/all"
printf 'The harbour office is open from Monday to Friday.\n' >"$work/small.txt"
printf 'schema = 1\nname = "essence"\nextends = "public-release"\n\n[proof]\nimages = "essence"\n' >"$work/essence.toml"

"$fieldstrip" --version
printf 'ExifTool %s, %s, %s, %s, %s, %d processors\n\n' "$(exiftool -ver)" "$(mat2 --version)" \
    "$(qpdf --version | sed -n 1p)" "$(pdftotext -v 2>&1 | sed -n 1p)" "$(hyperfine --version)" "$(nproc)"
printf '%-8s %-26s %9s %10s %10s %10s %6s\n' input command 'done' 'median ms' 'fastest' 'slowest' runs

measure fieldstrip images clean
if "$fieldstrip" policy check "$work/essence.toml" >/dev/null 2>&1; then
    measure 'fieldstrip, essence proof' images clean --policy "$work/essence.toml"
else
    printf '%-8s %-26s %9s this fieldstrip has no setting proof.images\n' images 'fieldstrip, essence proof' -
fi
measure ExifTool images with_exiftool
measure mat2 images with_mat2
measure 'cp -r and sha256sum' images with_copy
measure fieldstrip pdfs clean
measure 'qpdf and pdftotext' pdfs with_qpdf
measure mat2 pdfs with_mat2
measure 'cp -r and sha256sum' pdfs with_copy
measure fieldstrip office clean
measure mat2 office with_mat2
measure 'cp -r and sha256sum' office with_copy
measure "fieldstrip --jobs $few" all clean --jobs "$few"
measure "fieldstrip --jobs $many" all clean --jobs "$many"
tidy
timed fieldstrip small 1/1 --prepare "rm -rf $out $out.review" -N \
    "$fieldstrip clean $work/small.txt --output $out --key $work/key --quiet"
timed 'fieldstrip --version' - - -N "$fieldstrip --version"

printf '\n%-8s %-54s %9s   %s\n' input ratio measured target
ratio 'ExifTool / fieldstrip, essence proof' images ExifTool 'fieldstrip, essence proof' '>=' 3
ratio 'mat2 / fieldstrip, essence proof' images mat2 'fieldstrip, essence proof' '>=' 15
ratio 'fieldstrip, essence proof / cp -r and sha256sum' images 'fieldstrip, essence proof' 'cp -r and sha256sum' '<=' 1.5
ratio 'ExifTool / fieldstrip' images ExifTool fieldstrip '>=' 1
ratio 'qpdf and pdftotext / fieldstrip' pdfs 'qpdf and pdftotext' fieldstrip '>=' 3
ratio 'mat2 / fieldstrip' pdfs mat2 fieldstrip '>=' 50
ratio 'mat2 / fieldstrip' office mat2 fieldstrip '>=' 50
ratio "$few / $many workers" all "fieldstrip --jobs $few" "fieldstrip --jobs $many" '>=' 1.8
judge small 'fieldstrip, milliseconds' "$(ms "$(median_of small fieldstrip)")" '<=' 40
judge - 'fieldstrip --version, milliseconds' "$(ms "$(median_of - 'fieldstrip --version')")" '<=' 10
printf '\n%d targets missed\n' "$short_of_target"
