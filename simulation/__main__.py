"""`python -m simulation [OUT [WORLDS [SEED]]]`: the study as the command `quietpivot simulate` runs it."""

import sys
from pathlib import Path

from simulation.study import SEED, WORLDS, simulate, summary


def main(words: list[str]) -> None:
    """Run the study and print what was wanted and found."""
    out, worlds, seed = [*words, *("docs/study", str(WORLDS), str(SEED))[len(words) :]]
    study = simulate(Path(out), worlds=int(worlds), seed=int(seed), report=lambda line: print(line, file=sys.stderr))
    print("\n".join(summary(study)))


if __name__ == "__main__":
    main(sys.argv[1:])
