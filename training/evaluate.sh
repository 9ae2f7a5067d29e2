#!/bin/sh
# Error rates on the dev sets of what detect.py wrote into $1: sh training/evaluate.sh OUT. Experiments' matcher and rates.
set -e
experiments=$(dirname "$0")/../../shared/experiments/minutia-descriptor
matcher=$(mktemp)
g++ -O3 -march=native -std=c++17 -o "$matcher" "$experiments/match.cpp"
for set in "$1"/fvc*b; do
  "$matcher" "$set" "$set.scores.csv" --codes "$set.bin" --signs --score both
done
rm "$matcher"
python3 "$experiments/rates.py" "$1"/*.scores.csv
