#!/bin/sh
# What each step of the rendering brings to the error rates on real prints: a short training with all of them, one
# without each, and one with a single sensor. Writes $1/<name>.txt (bench/learned-codes.js). Everything
# the same but the prints:
# 120 fingers x 4, 400 steps; the two called "all" differ in the training's seed alone and show what chance does.
#   sh training/ablation.sh out/ablation [NAME ...]        six minutes a name on two cores
set -e
out=$1
shift
[ $# -gt 0 ] || set -- all faults marks platen contact drag sensors all-2
sets=${SETS:-../shared/data/fingerprints}
for name in "$@"; do
  [ -f "$out/$name.txt" ] && continue
  mkdir -p "$out/$name"
  case $name in
    all | all-2) without= ;;
    sensors) without='--sensor optical' ;;
    *) without="--without $name" ;;
  esac
  for first in 0 60; do
    [ -f "$out/$name/s$first.done" ] && continue
    (node training/generate.js "$out/$name/s$first" --first $first --fingers 60 --impressions 4 --seed 2026 $without &&
      touch "$out/$name/s$first.done") &
  done
  wait
  seed=1
  [ "$name" = all-2 ] && seed=2
  OMP_WAIT_POLICY=passive python3 training/train.py "$out/$name" "$out/$name.pt" --seed $seed --steps 400 >"$out/$name.log"
  rm -r "$out/$name"
  python3 training/detect.py "$out/$name.pt" "$sets" "$out/$name.found" >"$out/$name.detect.log"
  node bench/learned-codes.js "$out/$name.found" >"$out/$name.part"
  mv "$out/$name.part" "$out/$name.txt"
  rm -r "$out/$name.found"
done
